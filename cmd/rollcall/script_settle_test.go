package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/riverqueue/river/rivertype"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rollcall-bot/rollcall/storage"
)

// obey answers what a script asks its server, a line for each line.
func obey(ctx context.Context, s *server, confirm io.Writer) {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		answer := "advanced"
		if in.Text() == "left" {
			answer = s.left(ctx)
		} else if d, err := time.ParseDuration(strings.TrimPrefix(in.Text(), "advance ")); err != nil {
			answer = err.Error()
		} else {
			s.p.clock.Advance(d)
		}
		_, _ = fmt.Fprintln(confirm, answer)
	}
}

// left is what is still to do by now, "" when nothing is. Scripts ask it so often
// that reading the same off /metrics took half of their time. What is due is looked
// at once a second, and at once when the clock is moved.
func (s *server) left(ctx context.Context) string {
	var left []string
	add := func(what string, n int64) {
		if n != 0 {
			left = append(left, fmt.Sprint(what, " ", n))
		}
	}
	add("writes", s.store.Stats().Waiting)
	looked := s.looked() // before the backlog, which then holds what that look found
	var b storage.Backlog
	err := s.store.Read(ctx, func(r *storage.Reader) (err error) {
		b, err = r.Backlog()
		return err
	})
	if err != nil {
		return unknown
	}
	for _, state := range []storage.EffectState{storage.EffectPending, storage.EffectSending} {
		add("effects "+string(state), b.Effects[state])
	}
	add("cards", b.Cards)
	for _, state := range []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStatePending} {
		add("jobs "+string(state), b.Jobs[string(state)])
	}
	if now := s.p.clock.Now(); !b.NextDue.IsZero() && b.NextDue.Before(now) {
		left = append(left, "what was due at "+b.NextDue.String())
	}
	if len(left) == 0 && !looked {
		return unknown
	}
	return strings.Join(left, ", ")
}

// looked says whether it has been looked what is due by now, in PagerDuty too.
func (s *server) looked() bool {
	w := s.work.Load()
	return w != nil && w.Looked() != nil && s.p.clock.Now().Sub(*w.Looked()) < time.Second && w.RoundsMade()
}

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
	for quiet := 0; quiet < 3; {
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
	return s.server.ask("left")
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
