package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/bot/slackin"
)

// socketed stands in for systemd: it holds the listening socket, and starts the
// program with it again and again.
type socketed struct {
	t    *testing.T
	ws   *slackfake.Workspace
	l    *net.TCPListener
	file *os.File // of l
	env  []string
	who  string // whoever types

	program *exec.Cmd
	log     *logged
}

// newSocketed opens the socket; env are settings besides Slack's.
func newSocketed(t *testing.T, env ...string) *socketed {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	s := &socketed{t: t, ws: slackfake.New(slackfake.Options{Now: time.Now, Scopes: scopeNames(Practice{}), Events: slackin.Events()})}
	api, err := s.ws.Start(ctx)
	must(t, err)
	s.who = s.ws.AddUser(slackfake.User{Name: "ana", RealName: "Ana", Email: "ana@example.org", TZ: "Europe/Madrid"})
	s.ws.AddChannel("incidents", false, s.who)
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	s.l = l.(*net.TCPListener) //nolint:forcetypeassert // "tcp"
	t.Cleanup(func() { _ = l.Close() })
	s.file, err = s.l.File()
	must(t, err)
	t.Cleanup(func() { _ = s.file.Close() })
	dir := t.TempDir()
	s.env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir, "SLACK_BOT_TOKEN=" + s.ws.BotToken(), "SLACK_API_URL=" + api,
		"SLACK_SIGNING_SECRET=" + s.ws.SigningSecret(), "DATABASE_URL=sqlite:" + filepath.Join(dir, "r.db"), "ROLLCALL_CONFIG=",
		"ROLLCALL_ADDR=127.0.0.1:1", // would be refused: the socket wins
		"ROLLCALL_SOCKET=" + filepath.Join(dir, "r.sock"), "ROLLCALL_RFO_DIR=" + dir, "LISTEN_FDS=1",
	}, env...)
	t.Cleanup(func() {
		if s.program != nil {
			_ = s.program.Process.Kill()
			_ = s.program.Wait()
		}
	})
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// start starts the program as systemd does, which names the process that the socket
// is for.
func (s *socketed) start() {
	s.t.Helper()
	s.log = &logged{}
	s.program = exec.CommandContext(context.Background(), "/bin/sh", "-c", "LISTEN_PID=$$ exec rollcall serve")
	s.program.Env, s.program.Stderr, s.program.Stdout = s.env, s.log, s.log
	s.program.ExtraFiles = []*os.File{s.file}
	must(s.t, s.program.Start())
}

// ready waits until the program answers.
func (s *socketed) ready() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	status, body, err := fetch(ctx, http.MethodGet, "http://"+s.l.Addr().String()+"/readyz", nil, nil)
	if err != nil || status != http.StatusOK {
		s.t.Fatalf("not ready: %d %q, %v\n%s", status, body, err, s.log)
	}
}

// end sends a signal and waits for the end; only SIGTERM must end well.
func (s *socketed) end(sig syscall.Signal) {
	s.t.Helper()
	must(s.t, s.program.Process.Signal(sig))
	err := s.program.Wait()
	if (err != nil) == (sig == syscall.SIGTERM) {
		s.t.Fatalf("%s: %v\n%s", sig, err, s.log)
	}
	s.program = nil
}

// typed is a command of Slack's, which a trigger makes the one it is.
func (s *socketed) typed(trigger, text string) []byte {
	return []byte(url.Values{
		"team_id": {s.ws.Identity().TeamID}, "channel_id": {"C0NOWHERE"}, "user_id": {s.who}, "user_name": {"ana"},
		"command": {"/incident"}, "text": {text}, "trigger_id": {trigger},
	}.Encode())
}

// send sends a command once.
func (s *socketed) send(ctx context.Context, c *http.Client, body []byte) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.l.Addr().String()+"/slack/commands", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header = slackfake.Sign(s.ws.SigningSecret(), time.Now(), body)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := c.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	all, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%d %s: %w", resp.StatusCode, all, err)
	}
	return string(all), nil
}

// crowd are clients that type without a pause.
type crowd struct {
	s       *socketed
	killing atomic.Bool // the program is being killed, which breaks what is under way
	stop    chan struct{}
	all     sync.WaitGroup

	mu     sync.Mutex
	saved  []string
	failed []string
	broken int // connections, by a kill
	slow   time.Duration
}

// client types until it is stopped: with one connection that is kept, or with a new
// one each time.
func (c *crowd) client(n int, keep bool) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: !keep, MaxIdleConnsPerHost: 1}, Timeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	for i := 0; ; i++ {
		select {
		case <-c.stop:
			return
		default:
		}
		note := fmt.Sprintf("said-%d-%d-end", n, i)
		body := c.s.typed(fmt.Sprintf("T.%d.%d", n, i), "INC-1 note "+note)
		began := time.Now()
		answer, err := c.s.send(context.Background(), client, body)
		for err != nil && c.killing.Load() && !strings.Contains(err.Error(), "refused") {
			c.mu.Lock()
			c.broken++
			c.mu.Unlock()
			answer, err = c.s.send(context.Background(), client, body) // a person types it again
		}
		c.mu.Lock()
		c.slow = max(c.slow, time.Since(began))
		if err != nil || !strings.Contains(answer, "oted") {
			c.failed = append(c.failed, fmt.Sprintf("%s (kept connection: %t): %q %v", note, keep, answer, err))
		} else {
			c.saved = append(c.saved, note)
		}
		c.mu.Unlock()
	}
}

// TestNoRequestIsLostInARestart restarts the program five times under load while its
// socket is held open for it, and then kills it.
func TestNoRequestIsLostInARestart(t *testing.T) {
	t.Parallel()
	s := newSocketed(t)
	s.start()
	s.ready()
	if answer, err := s.send(t.Context(), http.DefaultClient, s.typed("T.open", "open checkout is down")); err != nil || !strings.Contains(answer, "INC-1") {
		t.Fatalf("%q, %v\n%s", answer, err, s.log)
	}
	c := &crowd{s: s, stop: make(chan struct{})}
	for n := range 6 {
		c.all.Go(func() { c.client(n, n%2 == 0) })
	}
	count := func() int {
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.saved)
	}
	more := func() {
		t.Helper()
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for until, late := count()+60, time.Now().Add(patience); count() < until; <-tick.C {
			if time.Now().After(late) {
				t.Fatalf("nothing is answered any more\n%s", s.log)
			}
		}
	}
	for range 5 {
		more()
		s.end(syscall.SIGTERM)
		s.start()
	}
	more()
	c.killing.Store(true)
	s.end(syscall.SIGKILL)
	s.start()
	more()
	c.killing.Store(false)
	close(c.stop)
	c.all.Wait()
	s.ready()
	s.end(syscall.SIGTERM)
	t.Logf("%d answered, the slowest after %s; %d broken by the kill", len(c.saved), c.slow, c.broken)
	if len(c.failed) > 0 {
		t.Errorf("%d of %d failed, such as %s", len(c.failed), len(c.failed)+len(c.saved), c.failed[0])
	}
	once(t, s.database(), c.saved)
}

func (s *socketed) database() string {
	for _, pair := range s.env {
		if path, ok := strings.CutPrefix(pair, "DATABASE_URL=sqlite:"); ok {
			return path
		}
	}
	return ""
}

// once holds the log to what was answered: each note is there once.
func once(t *testing.T, path string, saved []string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	must(t, err)
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(t.Context(), `SELECT body FROM event`)
	must(t, err)
	defer func() { _ = rows.Close() }()
	var all strings.Builder
	for rows.Next() {
		var body string
		must(t, rows.Scan(&body))
		all.WriteString(body)
	}
	must(t, rows.Err())
	for _, note := range saved {
		if n := strings.Count(all.String(), note); n != 1 {
			t.Errorf("%s is there %d times", note, n)
		}
	}
}
