package main

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/rollcall-bot/rollcall/bot/clock"
)

// TestServeRunsInsideATest starts the whole program in this process, with a Slack
// that nobody answers for, and ends it as SIGTERM does.
func TestServeRunsInsideATest(t *testing.T) {
	dir := t.TempDir()
	env := []string{
		"SLACK_BOT_TOKEN=xoxb-test", "SLACK_SIGNING_SECRET=signing-test", "SLACK_API_URL=http://127.0.0.1:9/api/", "ROLLCALL_ADDR=127.0.0.1:0",
		"ROLLCALL_METRICS_ADDR=localhost:0", "DATABASE_URL=sqlite:" + filepath.Join(dir, "r.db"), "ROLLCALL_CONFIG=",
	}
	for _, round := range []string{"on a new database", "on one that is up to date"} {
		var out, log strings.Builder
		ctx, stop := context.WithCancel(t.Context())
		up, code := make(chan *server, 1), make(chan int, 1)
		p := &program{
			environ: env, stdin: strings.NewReader(""), stdout: &out, stderr: &log,
			clock: clock.Real(time.Now), wall: time.Now, newID: uuid.NewString, started: func(s *server) { up <- s },
		}
		began := time.Now()
		go func() { code <- p.run(ctx, []string{"serve"}) }()
		var s *server
		select {
		case s = <-up:
		case c := <-code:
			t.Fatalf("%s: exit %d\n%s", round, c, log.String())
		}
		status, body, err := fetch(t.Context(), http.MethodGet, "http://"+s.Addr()+"/readyz", nil, nil)
		t.Logf("%s: ready after %s", round, time.Since(began))
		if err != nil || status != http.StatusOK {
			t.Errorf("%s: %d %q, %v", round, status, body, err)
		}
		for addr, want := range map[string]int{s.Addr(): http.StatusNotFound, s.doors.metrics.Addr().String(): http.StatusOK} {
			if status, _, err := fetch(t.Context(), http.MethodGet, "http://"+addr+"/metrics", nil, nil); err != nil || status != want {
				t.Errorf("%s: /metrics at %s: %d, %v; want %d", round, addr, status, err, want)
			}
		}
		stop()
		if c := <-code; c != exitOK {
			t.Errorf("%s: exit %d\n%s", round, c, log.String())
		}
		if _, _, err := fetch(t.Context(), http.MethodGet, "http://"+s.Addr()+"/livez", nil, nil); err == nil {
			t.Errorf("%s: still answers", round)
		}
	}
}

func TestAnAddressInUseIsOneClearLine(t *testing.T) {
	l, err := listenTCP(t.Context(), "ROLLCALL_ADDR", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	var out, log strings.Builder
	code := run(t.Context(), []string{"serve"}, []string{
		"SLACK_BOT_TOKEN=xoxb-test", "SLACK_SIGNING_SECRET=signing-test", "ROLLCALL_ADDR=" + l.Addr().String(),
		"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "r.db"),
	}, strings.NewReader(""), &out, &log)
	last := strings.Split(strings.TrimSpace(log.String()), "\n")
	if line := last[len(last)-1]; code != exitFailed || !strings.HasPrefix(line, "rollcall: ROLLCALL_ADDR: cannot listen on "+l.Addr().String()) {
		t.Fatalf("exit %d: %s", code, line)
	}
}
