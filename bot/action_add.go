package bot

import (
	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
)

var actionAddRow = &Row{
	Stem: "action_add", Words: "action", Group: groupRFO, Scope: inIncident,
	Usage:  []string{"action @user by DATE TEXT [; done when TEXT]"},
	Help:   "adds one of at most three actions: one person, one date",
	Change: func(c *Call) (incident.Command, error) { return c.action(0) },
}

var actionReplaceRow = &Row{
	Stem: "action_add", Words: "action replace", ID: 'A', Group: groupRFO, Scope: inIncident,
	Usage:  []string{"action replace A1 @user by DATE TEXT [; done when TEXT]"},
	Help:   "puts another action in the place of one",
	Change: func(c *Call) (incident.Command, error) { return c.action(int(c.id())) },
}

// action reads person, date and text. What is missing is left empty: the domain
// says which of them.
func (c *Call) action(replace int) (incident.Command, error) {
	cmd := incident.AddAction{Replace: replace}
	var err error
	if cmd.Who, _, err = c.person(); err != nil {
		return nil, err
	}
	if next, _ := c.rest.Next(); next.Kind == grammar.User { // one more
		cmd.Who = incident.System
		return cmd, nil
	}
	if _, ok := c.keyword("by"); ok {
		if cmd.Due, _, err = c.date(); err != nil {
			return nil, err
		}
	}
	text, done, _ := c.rest.SplitLast("; done when")
	cmd.Text, cmd.DoneWhen = text.Text(), done.Text()
	return cmd, nil
}
