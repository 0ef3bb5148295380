package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/storage/empty"
)

// process is a running `rollcall serve`.
type process struct {
	cmd     *exec.Cmd
	tell    io.WriteCloser
	confirm *bufio.Scanner
	ended   chan struct{}
	err     error // after ended
	log     logged
	base    string // http://…
	quiet   int    // how many calls Slack had heard before
}

// logged is what a server writes to its standard error.
type logged struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// passed are the variables of a script that the server gets.
var passed = regexp.MustCompile(`^(PATH|HOME|TMPDIR|XDG_RUNTIME_DIR|GOCOVERDIR)$`)

func (s *stage) environ(ts *testscript.TestScript) []string {
	var env []string
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); passed.MatchString(name) {
			env = append(env, name+"="+ts.Getenv(name))
		}
	}
	for _, one := range settings {
		if value := ts.Getenv(one.name); value != "" {
			env = append(env, one.name+"="+value)
		}
	}
	return append(env, aheadVariable+"="+s.ahead.String(), defectiveVariable+"="+ts.Getenv(defectiveVariable))
}

// start starts the server and waits until it is ready. A script's database is there
// before, empty, but for one that starts "without" it.
func (s *stage) start(ts *testscript.TestScript, neg bool, args []string) {
	without := len(args) == 2 && args[0] == "without" && args[1] == "database"
	usage(ts, !neg && (len(args) == 0 || without) && s.server == nil, "start [without database]")
	program, err := exec.LookPath("rollcall")
	ts.Check(err)
	if !without {
		ts.Check(empty.File(filepath.Join(s.dir, databaseFile)))
	}
	p := &process{cmd: exec.CommandContext(s.ctx, program, "serve"), ended: make(chan struct{})}
	if s.ws != nil {
		p.quiet = s.heard()
	}
	p.cmd.Env, p.cmd.Dir, p.cmd.Stderr, p.cmd.Stdout = s.environ(ts), s.dir, &p.log, &p.log
	p.tell, err = p.cmd.StdinPipe()
	ts.Check(err)
	read, write, err := os.Pipe()
	ts.Check(err)
	p.cmd.ExtraFiles = []*os.File{write}
	ts.Check(p.cmd.Start())
	_ = write.Close() // the server has its own
	p.confirm = bufio.NewScanner(read)
	go func() { p.err = p.cmd.Wait(); close(p.ended) }()
	s.server = p
	s.remember(p)
	if !p.confirm.Scan() {
		<-p.ended
		s.server = nil
		ts.Fatalf("the server did not start: %v\n%s", p.err, p.log.String())
	}
	p.base = "http://" + p.confirm.Text()
	if s.ws != nil && ts.Getenv("SLACK_SIGNING_SECRET") != "" {
		s.ws.SetBotURL(p.base)
	}
	if s.ws != nil && ts.Getenv("SLACK_APP_TOKEN") != "" {
		ts.Check(s.ws.WaitFor(s.ctx, func() bool { return s.ws.Sockets() > 0 }))
	}
}

// stop (shutdown) ends the server as the system does; it must drain and exit with 0.
func (s *stage) stop(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) <= 1 && s.server != nil, "shutdown [twice]")
	ts.Check(s.server.cmd.Process.Signal(syscall.SIGTERM))
	if len(args) == 1 {
		s.impatient(ts)
		return
	}
	<-s.server.ended
	if s.server.err != nil {
		ts.Fatalf("the server ended with %v\n%s", s.server.err, s.server.log.String())
	}
	s.server = nil
}

// impatient ends a server that is draining with a second signal, which it does not
// drain for.
func (s *stage) impatient(ts *testscript.TestScript) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !strings.Contains(s.server.log.String(), `"draining"`) {
		select {
		case <-tick.C:
		case <-s.server.ended:
			ts.Fatalf("the server ended before the second signal\n%s", s.server.log.String())
		}
	}
	ts.Check(s.server.cmd.Process.Signal(syscall.SIGTERM))
	<-s.server.ended
	if s.server.err == nil || strings.Contains(s.server.log.String(), `"ended"`) {
		ts.Fatalf("the server drained in spite of a second signal\n%s", s.server.log.String())
	}
	s.server = nil
}

// kill (crash) ends it as a power cut does.
func (s *stage) kill(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 0 && s.server != nil, "crash")
	s.server.end()
	s.server = nil
}

func (p *process) end() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.ended
}

// advance moves Slack's clock and the server's.
func (s *stage) advance(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1, "advance DURATION")
	d, err := time.ParseDuration(args[0])
	ts.Check(err)
	ts.Check(s.move(d))
}

func (s *stage) move(d time.Duration) error {
	s.ahead += d
	s.clock.Advance(d)
	if s.server == nil {
		return nil
	}
	answer, err := s.server.ask("advance " + d.String())
	if err == nil && answer != "advanced" {
		err = fmt.Errorf("the server's clock does not move: %s", answer)
	}
	return err
}

// ask asks the server what obey answers.
func (p *process) ask(what string) (string, error) {
	if _, err := fmt.Fprintln(p.tell, what); err != nil {
		return "", fmt.Errorf("the server is gone: %w\n%s", err, p.log.String())
	}
	if !p.confirm.Scan() {
		return "", fmt.Errorf("the server does not answer %q\n%s", what, p.log.String())
	}
	return p.confirm.Text(), nil
}

func fetch(ctx context.Context, method, url string, header http.Header, body io.Reader) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return 0, "", err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}}
	resp, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	all, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(all), err
}

// get prints status and body of an address of the server's.
func (s *stage) get(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1 && s.server != nil, "get PATH")
	status, body, err := fetch(s.ctx, http.MethodGet, s.server.base+args[0], nil, nil)
	ts.Check(err)
	_, _ = fmt.Fprintf(ts.Stdout(), "%d\n%s", status, body)
}

// post sends a request that Slack did not send, or did: signed, unsigned, forged
// (with another secret), stale, early (6 min off), huge; or one with a bearer token
// (bearer:TOKEN), or one that Sentry signed (sentry:SECRET:RESOURCE). A body @FILE is
// the file's, with times counted from the script's beginning, such as $START-1m.
func (s *stage) post(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 4 && s.server != nil, "post HOW PATH CONTENT-TYPE BODY")
	how, path, body := args[0], args[1], s.bodyOf(ts, args[3])
	if how == "huge" {
		body = bytes.Repeat([]byte("a"), 1<<20+1)
	}
	secret, at := ts.Getenv("SLACK_SIGNING_SECRET"), s.clock.Now()
	switch how {
	case "forged":
		secret = "another"
	case "stale":
		at = at.Add(-6 * time.Minute)
	case "early":
		at = at.Add(6 * time.Minute)
	}
	header := http.Header{}
	if monitor, ok := monitorHeader(how, body); ok {
		header = monitor
	} else if how != "unsigned" {
		header = slackfake.Sign(secret, at, body)
	}
	header.Set("Content-Type", args[2])
	status, answer, err := fetch(s.ctx, http.MethodPost, s.server.base+path, header, bytes.NewReader(body))
	ts.Check(err)
	_, _ = fmt.Fprintf(ts.Stdout(), "%d\n%s\n", status, answer)
}

// log prints what the server wrote.
func (s *stage) log(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 0 && s.server != nil, "log")
	_, _ = io.WriteString(ts.Stdout(), s.server.log.String())
}
