package bot

import (
	"strconv"

	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
)

var openRow = &Row{
	Stem: "open", Words: "open", Aliases: []string{"declare", "opened"}, Group: groupStart, Scope: anywhere,
	Usage:   []string{"open [sev1..sev4] [private] [service NAME] TITLE"},
	Help:    "opens an incident; the answer has the call link",
	Prepare: (*Invocation).mint,
	Change: func(c *Invocation) (incident.Command, error) {
		cmd, err := c.opening()
		return cmd, err
	},
}

var drillRow = &Row{
	Stem: "open", Words: "drill", Group: groupStart, Scope: anywhere,
	Usage: []string{"drill TITLE"}, Help: "opens an incident for practice: everything is real, nobody is paged, no figure counts it",
	Prepare: (*Invocation).mint,
	Change: func(c *Invocation) (incident.Command, error) {
		cmd, err := c.opening()
		cmd.Drill = true
		return cmd, err
	},
}

// mint makes the call link before anything else happens.
func (c *Invocation) mint() {
	cmd, err := c.opening()
	if err != nil {
		return
	}
	// Without a provider that suits, the incident is opened without a link and
	// the answer says how to give one.
	c.plan = c.service.Calls.Plan(calls.Ask{Private: cmd.Private})
}

// opening reads the options in front and the title behind them.
func (c *Invocation) opening() (incident.OpenIncident, error) {
	cmd := incident.OpenIncident{Call: planned(c.plan), Rooms: c.plan.Rooms}
	rest := c.rest
	for {
		if literal, ok := rest.Literal(); ok {
			rest = literal
			break
		}
		w, after := rest.Next()
		if level, ok := severityWord(w); ok {
			cmd.Severity, rest = level, after
			continue
		}
		if w.Is("private") {
			cmd.Private, rest = true, after
			continue
		}
		if w.Is("service") {
			name, behind := after.Next()
			if service, ok := grammar.ServiceName(name); ok && !behind.Empty() {
				cmd.Services, rest = append(cmd.Services, service), behind
				continue
			}
		}
		break
	}
	if cmd.Private && c.Request.Surface == surfaceAPI {
		return cmd, &incident.Error{Code: incident.Forbidden, Say: incident.Say{ID: "talk.private_here"}}
	}
	cmd.Title = rest.Text()
	return cmd, nil
}

// severityWord reads sev1 to sev4.
func severityWord(w grammar.Word) (int, bool) {
	for level := 1; level <= 4; level++ {
		if w.Is("sev"+strconv.Itoa(level), "sev-"+strconv.Itoa(level)) {
			return level, true
		}
	}
	return 0, false
}
