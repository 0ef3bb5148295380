package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// process is a server under measure.
type process struct {
	name  string
	addr  string
	cmd   *exec.Cmd
	stdin io.WriteCloser // held open while it is to run
	good  func([]byte) error
	open  int // incidents that are noted on
}

// stop ends it at once: with a Slack that hangs, an orderly end would wait for the calls under way.
func (p *process) stop() {
	if p.stdin != nil {
		_ = p.stdin.Close()
	}
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// spent is the processor time that its threads have used; Go's stay.
func (p *process) spent() (time.Duration, error) {
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", p.cmd.Process.Pid))
	if err != nil || len(tasks) == 0 {
		return 0, errors.Join(errors.New("/proc does not say how long the process ran"), err)
	}
	var all time.Duration
	for _, task := range tasks {
		b, err := os.ReadFile(task) //nolint:gosec // of a process of ours
		if err != nil {
			continue // it has ended
		}
		ran, _, _ := strings.Cut(string(b), " ")
		ns, err := strconv.ParseInt(ran, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read %s: %w", task, err)
		}
		all += time.Duration(ns)
	}
	return all, nil
}

// resident is the memory that it holds, in bytes.
func (p *process) resident() (int64, error) {
	fields, err := stat(p.cmd.Process.Pid)
	if err != nil {
		return 0, err
	}
	pages, err := strconv.ParseInt(fields[21], 10, 64)
	return pages * int64(os.Getpagesize()), err
}

// stat are the fields of /proc/PID/stat after the name.
func stat(pid int) ([]string, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)) //nolint:gosec // a number
	if err != nil {
		return nil, err
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 22 {
		return nil, errors.New("/proc says too little of the process")
	}
	return fields, nil
}

// startBare runs one of the bare servers.
func startBare(ctx context.Context, design, dir string, env []string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, serveBare, design, dir) //nolint:gosec // ourselves
	return start(cmd, design, env, func(body []byte) error {
		if string(body) != answered {
			return fmt.Errorf("%s says %q", design, body)
		}
		return nil
	})
}

// start runs a server that says its address on its first line.
func start(cmd *exec.Cmd, name string, env []string, good func([]byte) error) (*process, error) {
	cmd.Env, cmd.Stderr = append(os.Environ(), env...), os.Stderr
	p := &process{name: name, cmd: cmd, good: good, open: 1}
	var err error
	if p.stdin, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		p.stop()
		return nil, fmt.Errorf("%s did not start: %w", name, err)
	}
	p.addr = strings.TrimSpace(said)
	return p, nil
}

// build makes the program that is measured.
func build(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, "bin", "rollcall")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", path, "github.com/rollcall-bot/rollcall/cmd/rollcall").CombinedOutput() //nolint:gosec // a folder of ours
	if err != nil {
		return "", fmt.Errorf("build rollcall: %w: %s", err, out)
	}
	return path, nil
}

// startRollcall runs the real program on a new database and opens incidents. slack is the address of its Slack.
func startRollcall(ctx context.Context, program, name, dir, slack string, open int, env []string) (*process, error) {
	p, err := launch(ctx, program, name, dir, slack, env)
	if err != nil {
		return nil, err
	}
	p.open = open
	if err := p.openIncidents(ctx, open); err != nil {
		p.stop()
		return nil, fmt.Errorf("%w; it says: %s", err, p.said(dir))
	}
	return p, nil
}

// launch runs the real program, on the database of an earlier launch of the name when there was one, until it takes
// commands.
func launch(ctx context.Context, program, name, dir, slack string, env []string) (*process, error) {
	addr, err := freeAddr(ctx)
	if err != nil {
		return nil, err
	}
	home := filepath.Join(dir, name)
	if err := os.MkdirAll(home, 0o700); err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(home, "log")) //nolint:gosec // in a folder of ours
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	cmd := exec.CommandContext(ctx, program, "serve") //nolint:gosec // whoever runs this names it
	cmd.Dir, cmd.Stdout, cmd.Stderr = home, log, log
	cmd.Env = append(append(os.Environ(), env...),
		"ROLLCALL_ADDR="+addr, "DATABASE_URL=sqlite:"+filepath.Join(home, "rollcall.db"), "SLACK_API_URL=http://"+slack+"/api/",
		"SLACK_BOT_TOKEN="+loadToken, "SLACK_SIGNING_SECRET="+secret, "ROLLCALL_CALL=jitsi:https://meet.example.org", "ROLLCALL_CONFIG=", "XDG_RUNTIME_DIR="+home)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{name: name, addr: addr, cmd: cmd, good: isNoted}
	if err := p.ready(ctx); err != nil {
		p.stop()
		return nil, fmt.Errorf("%w; it says: %s", err, p.said(dir))
	}
	return p, nil
}

// said is the log of a Rollcall.
func (p *process) said(dir string) []byte {
	b, err := os.ReadFile(filepath.Join(dir, p.name, "log")) //nolint:gosec // in a folder of ours
	if err != nil {
		return []byte(err.Error())
	}
	return b
}

// isNoted says whether Rollcall stored the line: nothing else counts.
func isNoted(body []byte) error {
	if !strings.Contains(string(body), "oted") {
		return fmt.Errorf("rollcall says %s", body)
	}
	return nil
}

func freeAddr(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// ready waits until it takes commands.
func (p *process) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for tick := time.NewTicker(time.Millisecond); ; {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.addr+"/readyz", http.NoBody)
		if err != nil {
			return err
		}
		if answer, err := http.DefaultClient.Do(r); err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return errors.New("rollcall does not get ready")
		case <-tick.C:
		}
	}
}

func (p *process) openIncidents(ctx context.Context, n int) error {
	c, err := dial(ctx, p.addr)
	if err != nil {
		return err
	}
	defer func() { _ = c.conn.Close() }()
	for i := range n {
		body, err := c.ask(signed(fmt.Sprintf("open service nr-%d Checkout is down, number %d", i, i), numbers.Add(1)))
		if err != nil {
			return err
		}
		if want := fmt.Sprintf("INC-%d", i+1); !strings.Contains(string(body), want) {
			return fmt.Errorf("open is answered without %s: %s", want, body)
		}
	}
	return nil
}
