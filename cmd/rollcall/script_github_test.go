package main

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rollcall-bot/rollcall/bot/playground/githubfake"
	"github.com/rollcall-bot/rollcall/bot/playground/standin"
)

// githubKey is where a script keeps its GitHub.
type githubKey struct{}

// hub is GitHub in a script, with one repository.
type hub struct{ *githubfake.GitHub }

const hubRepo = "acme/shop"

// githubEvents are what happens there by itself.
var githubEvents = map[string]func(*hub){
	"loses one reply": func(h *hub) {
		h.Faults.Inject(githubfake.Fault{Method: "POST issue", Kind: standin.LostReply, Times: 1})
	},
	"loses a pull": func(h *hub) {
		h.Faults.Inject(githubfake.Fault{Method: "POST pull", Kind: standin.LostReply, Times: 1})
	},
	"has lost it all":   func(h *hub) { h.Faults.Inject(githubfake.Fault{Kind: standin.Status, Code: http.StatusNotFound}) },
	"is well again":     func(h *hub) { h.Faults.Heal() },
	"cannot be reached": func(h *hub) { h.Faults.Inject(githubfake.Fault{Kind: standin.Reset}) },
}

// github starts a GitHub with the repository acme/shop and has the program know it.
// github issues lists its issues and pull requests, github body N prints one, and
// github closes N as REASON is somebody who closes one there. Words of githubEvents
// say what happens next.
func (s *stage) github(ts *testscript.TestScript, neg bool, args []string) {
	const how = "github starts | github issues | github body N | github closes N as REASON | github loses one reply|…"
	usage(ts, !neg && len(args) > 0, how)
	h := ts.Value(githubKey{}).(*hub) //nolint:forcetypeassert // set by Setup
	if do, ok := githubEvents[strings.Join(args, " ")]; ok {
		do(h)
		return
	}
	if strings.Join(args, " ") == "is caught up with" {
		s.catchUp(ts, h)
		return
	}
	switch {
	case args[0] == "starts" && len(args) == 1:
		token := strings.Repeat("t", 20)
		h.GitHub = githubfake.New(token, s.clock.Now)
		h.AddRepo(hubRepo)
		ts.Setenv("ROLLCALL_TRACKER_TOKEN", token)
		ts.Setenv("ROLLCALL_RFO_GIT_TOKEN", token)
		ts.Setenv("ROLLCALL_GITHUB_API_URL", h.Start(s.ctx))
	case args[0] == "issues" && len(args) == 1:
		for _, i := range h.Issues(hubRepo) {
			_, _ = fmt.Fprintf(ts.Stdout(), "#%d %s %s: %s %v %s\n", i.Number, i.State, i.Reason, i.Title, i.Labels, i.Head)
		}
	case args[0] == "body" && len(args) == 2:
		number, err := strconv.Atoi(args[1])
		ts.Check(err)
		_, _ = fmt.Fprintln(ts.Stdout(), h.Issues(hubRepo)[number-1].Body)
	case args[0] == "closes" && len(args) == 4 && args[2] == "as":
		number, err := strconv.Atoi(args[1])
		ts.Check(err)
		h.Change(hubRepo, number, func(i *githubfake.Issue) { i.State, i.Reason = "closed", args[3] })
	default:
		usage(ts, false, how)
	}
}

// catchUp moves the clock until GitHub's last answer got through; the program's jobs
// wait in real time.
func (s *stage) catchUp(ts *testscript.TestScript, h *hub) {
	late := time.NewTimer(20 * time.Second)
	defer late.Stop()
	tick := time.NewTicker(15 * time.Millisecond)
	defer tick.Stop()
	for !h.CaughtUp() {
		ts.Check(s.move(step))
		select {
		case <-tick.C:
		case <-late.C:
			ts.Fatalf("GitHub did not catch up\n%s", s.server.log.String())
		}
	}
}

// canvas prints what the canvas of a channel says; ! that it has none.
func (s *stage) canvas(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, len(args) == 1 && s.ws != nil, "canvas CHANNEL")
	text, ok := s.ws.Canvas(args[0])
	if ok == neg {
		ts.Fatalf("the canvas of %s: %t", args[0], ok)
	}
	_, _ = fmt.Fprintln(ts.Stdout(), text)
}
