package chaos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// build compiles the program once for all experiments of a run.
var build = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("ROLLCALL_CHAOS_PROGRAM"); path != "" {
		return path, nil // such as the one that is about to be released
	}
	dir, err := os.MkdirTemp("", "rollcall-chaos")
	if err != nil {
		return "", err
	}
	builtAt.Store(dir)
	path := filepath.Join(dir, "rollcall")
	out, err := exec.Command("go", "build", "-o", path, "github.com/rollcall-bot/rollcall/cmd/rollcall").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return path, nil
})

// builtAt is the folder that build made, to be removed at the end; "" for none.
var builtAt atomic.Value

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, ok := builtAt.Load().(string); ok {
		_ = os.RemoveAll(dir)
	}
	portsTaken.Range(func(_, f any) bool {
		if file, ok := f.(*os.File); ok {
			_ = os.Remove(file.Name())
		}
		return true
	})
	os.Exit(code)
}

// program is `rollcall serve` as operators run it, at one address through all its lives.
type program struct {
	t    testing.TB
	path string
	dir  string
	addr string
	env  map[string]string

	mu   sync.Mutex // guards what follows
	cmd  *exec.Cmd
	dead chan struct{} // closed when the present life has ended
	log  *os.File
}

// newProgram prepares a program in a folder of its own. It is killed when the test ends.
func newProgram(t testing.TB, env map[string]string) *program {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{t: t, path: path, dir: t.TempDir(), addr: freeAddress(t), env: map[string]string{}}
	for k, v := range env {
		p.env[k] = v
	}
	p.env["ROLLCALL_ADDR"], p.env["ROLLCALL_RFO_DIR"] = p.addr, filepath.Join(p.dir, "rfos")
	p.env["ROLLCALL_CALL"] = "static:https://meet.example.org/all"
	if p.env["DATABASE_URL"] == "" {
		p.env["DATABASE_URL"] = "sqlite:" + p.database()
	}
	p.log, err = os.Create(filepath.Join(p.dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("the end of the program's log:\n%s", p.lastLog(4000))
		}
		_ = p.log.Close()
	})
	return p
}

func (p *program) database() string { return filepath.Join(p.dir, "rollcall.db") }

func (p *program) base() string { return "http://" + p.addr }

// ports is how many were tried.
var ports atomic.Int64

// freeAddress finds a port below those that the system hands out by itself, and that no other run of these tests
// has taken, so that it stays free between lives.
func freeAddress(t testing.TB) string {
	t.Helper()
	for range 1000 {
		port := 20000 + (os.Getpid()*7+int(ports.Add(1)))%12000
		addr := fmt.Sprintf("127.0.0.1:%d", port)
		if !taken(port) {
			continue
		}
		l, err := net.Listen("tcp", addr)
		if err == nil {
			_ = l.Close()
			return addr
		}
	}
	t.Fatal("there is no free port")
	return ""
}

// taken takes a port until this process ends, unless another has it: while a program is dead nobody listens there.
func taken(port int) bool {
	f, err := os.OpenFile(filepath.Join(os.TempDir(), fmt.Sprint("rollcall-port-", port)), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return false
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return false
	}
	portsTaken.Store(port, f) // or it would be closed when nobody uses it
	return true
}

// portsTaken are the files of this process's ports.
var portsTaken sync.Map

// start begins a life and does not wait for anything.
func (p *program) start() {
	p.t.Helper()
	cmd := exec.Command(p.path, "serve")
	cmd.Dir, cmd.Stdout, cmd.Stderr = p.dir, p.log, p.log
	for _, name := range []string{"PATH", "HOME", "TMPDIR"} {
		cmd.Env = append(cmd.Env, name+"="+os.Getenv(name))
	}
	for k, v := range p.env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	dead := make(chan struct{})
	go func() { _ = cmd.Wait(); close(dead) }()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cmd, p.dead = cmd, dead
}

// kill ends the present life as kill -9 does, and waits until the system has buried it.
func (p *program) kill() {
	p.mu.Lock()
	cmd, dead := p.cmd, p.dead
	p.mu.Unlock()
	if cmd == nil {
		return
	}
	_ = cmd.Process.Kill()
	<-dead
}

// ended is closed when the present life has ended.
func (p *program) ended() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

// ready waits until /readyz says yes and returns how long that took; ok is false when the life ended first.
func (p *program) ready(most time.Duration) (took time.Duration, ok bool) {
	p.t.Helper()
	began, ended := time.Now(), p.ended()
	client := http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for time.Since(began) < most {
		resp, err := client.Get(p.base() + "/readyz")
		if err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return time.Since(began), true
			}
		}
		select {
		case <-ended:
			return 0, false
		case <-time.After(2 * time.Millisecond):
		}
	}
	p.t.Fatalf("not ready within %s\n%s", most, p.lastLog(4000))
	return 0, false
}

// stop asks the program to end and fails unless it does so well.
func (p *program) stop() {
	p.t.Helper()
	p.mu.Lock()
	cmd, dead := p.cmd, p.dead
	p.mu.Unlock()
	if err := cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Fatal(err)
	}
	select {
	case <-dead:
	case <-time.After(15 * time.Second):
		p.t.Error("the program did not end within 15 s of being asked to")
		p.kill()
	}
	if code := cmd.ProcessState.ExitCode(); code != 0 {
		p.t.Errorf("the program ended with %d", code)
	}
}

// lastLog is the end of what the program wrote.
func (p *program) lastLog(most int) string {
	all, err := os.ReadFile(p.log.Name())
	if err != nil {
		return err.Error()
	}
	return string(all[max(0, len(all)-most):])
}

// within waits for a condition that is looked at every few milliseconds.
func within(ctx context.Context, most time.Duration, holds func() bool) bool {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	for !holds() {
		select {
		case <-ctx.Done():
			return holds()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return true
}
