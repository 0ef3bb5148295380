package main

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// settled are the figures that are zero when nothing is left to do now.
var settled = regexp.MustCompile(`(?m)^rollcall_(effects\{state="(?:pending|sending)"\}|cards_stale|jobs\{state="(?:available|running|retryable|pending)"\}|due_lag_seconds|writer_queue) (.+)$`)

// current says that the figures could be read, and that they hold everything that
// is due: it is looked once a second, and at once when the clock is moved.
var current = regexp.MustCompile(`(?s)\nrollcall_backlog_readable 1\n.*\nrollcall_look_age_seconds (?:0|0\.\d+|[\d.]+e-\d+)\n`)

// step is how far settle moves the clock at a time, so that nobody waits for
// rate limits.
const step = 500 * time.Millisecond

// settle waits until everything is done that can be done by now.
func (s *stage) settle(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 0 && s.server != nil, "settle")
	ctx, cancel := context.WithTimeout(s.ctx, 20*time.Second)
	defer cancel()
	tick := time.NewTicker(15 * time.Millisecond)
	defer tick.Stop()
	for quiet := 0; quiet < 2; {
		left, err := s.left(ctx)
		if err != nil {
			ts.Fatalf("%v; still to do: %s\n%s", err, left, s.server.log.String())
		}
		if quiet++; left != "" {
			quiet = 0
		}
		if left != "" && left != unknown { // a clock that runs ahead of the looks is never looked at
			ts.Check(s.move(step))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			ts.Fatalf("this does not settle: %s\n%s", left, s.server.log.String())
		}
	}
}

// unknown is left while the program has not looked what is due by now.
const unknown = "a look at what is due"

// left is what is still to do, "" when nothing is.
func (s *stage) left(ctx context.Context) (string, error) {
	if s.ws != nil {
		if err := s.ws.Settle(ctx); err != nil {
			return "events of Slack's", err
		}
	}
	_, body, err := fetch(ctx, http.MethodGet, s.server.base+"/metrics", nil, nil)
	if err != nil {
		return "", err
	}
	var left []string
	for _, m := range settled.FindAllStringSubmatch(body, -1) {
		if m[2] != "0" {
			left = append(left, m[1]+" "+m[2])
		}
	}
	if len(left) == 0 && !current.MatchString(body) {
		return unknown, nil
	}
	return strings.Join(left, ", "), nil
}

// await waits until the metrics have a line, moving the clock meanwhile.
func (s *stage) await(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1 && s.server != nil, "await METRIC-LINE")
	ctx, cancel := context.WithTimeout(s.ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(15 * time.Millisecond)
	defer tick.Stop()
	for {
		_, body, err := fetch(ctx, http.MethodGet, s.server.base+"/metrics", nil, nil)
		ts.Check(err)
		if strings.Contains(body, args[0]+"\n") {
			return
		}
		ts.Check(s.move(step))
		select {
		case <-tick.C:
		case <-ctx.Done():
			ts.Fatalf("this never comes: %s\n%s", args[0], s.server.log.String())
		}
	}
}
