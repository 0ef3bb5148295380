package bot

import (
	"strings"

	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
)

var callRow = &Row{
	Stem: "call", Words: "call", Aliases: []string{"bridge"}, Group: groupStart, Scope: inIncident,
	Usage: []string{"call", "call URL", "call PROVIDER"},
	Help:  "shows, starts or replaces the call link",
	Bare: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		call := c.Incident.Call()
		var others, waits []string
		for _, l := range call.Others {
			others = append(others, l.URL)
		}
		for _, a := range call.Awaits {
			waits = append(waits, incident.ProviderName(a.Provider))
		}
		return incident.Say{ID: "call.shown", Args: incident.Args{
			"key": c.Incident.Key(), "url": call.URL, "provider": call.Provider, "by": call.By, "at": call.At,
			"providers": strings.Join(c.service.Calls.Names(), ", "), "others": strings.Join(others, " "), "waits": strings.Join(waits, ", "),
		}}, nil, nil
	},
	Change: func(c *Invocation) (incident.Command, error) {
		w := c.take()
		if err := c.end(); err != nil {
			return nil, err
		}
		if w.Kind == grammar.URL || strings.Contains(w.Text, "://") {
			return incident.SetCall{URL: w.Text, Provider: "link"}, nil
		}
		return c.callAt(w.Text)
	},
}
