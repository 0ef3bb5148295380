package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rollcall-bot/rollcall/bot/playground/standin"
	"github.com/rollcall-bot/rollcall/bot/playground/statuspagefake"
)

// publicKey is where a script keeps the public status page.
type publicKey struct{}

// public is the status page of a script; nil before there is one.
type public struct{ page *statuspagefake.Page }

// publicEvents are what happens to it.
var publicEvents = map[string]func(*statuspagefake.Page){
	"loses one reply": func(p *statuspagefake.Page) {
		p.Faults.Inject(statuspagefake.Fault{Method: "POST incidents", Kind: standin.LostReply, Times: 1})
	},
	"is down": func(p *statuspagefake.Page) { p.Faults.SetDown(true) },
	"is back": func(p *statuspagefake.Page) { p.Faults.Heal() },
	"refuses everything": func(p *statuspagefake.Page) {
		p.Faults.Inject(statuspagefake.Fault{Kind: standin.Status, Code: http.StatusForbidden})
	},
}

// statuspage starts a public status page with components, and has the program know its
// key. "statuspage shows" prints what everybody reads there; words of publicEvents say
// what happens to it.
func (s *stage) statuspage(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) > 0, "statuspage with COMPONENT… | statuspage shows | statuspage is down|…")
	p := ts.Value(publicKey{}).(*public) //nolint:forcetypeassert // set by Setup
	if do, ok := publicEvents[strings.Join(args, " ")]; ok {
		do(p.page)
		return
	}
	if args[0] == "with" {
		p.page = statuspagefake.New("abc123def456", strings.Repeat("k", 20), args[1:]...)
		ts.Setenv("STATUSPAGE_API_KEY", p.page.Key)
		ts.Setenv("STATUSPAGE_API_URL", p.page.Start(s.ctx))
		return
	}
	usage(ts, args[0] == "shows", "statuspage shows")
	_, _ = fmt.Fprint(ts.Stdout(), p.reads())
}

// reads is what everybody reads on the page.
func (p *public) reads() string {
	if p.page == nil {
		return ""
	}
	var b strings.Builder
	for _, i := range p.page.Incidents() {
		_, _ = fmt.Fprintf(&b, "%s: %s\n", i.Name, i.Status)
		for _, u := range i.Updates {
			_, _ = fmt.Fprintf(&b, "  %s: %s\n", u.Status, u.Text)
		}
		slices.Sort(i.Components)
		for _, c := range i.Components {
			_, _ = fmt.Fprintf(&b, "  component %s is %s\n", c, p.page.Component(c))
		}
	}
	if b.Len() == 0 {
		return "nothing\n"
	}
	return b.String()
}
