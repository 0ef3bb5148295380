package bot

import (
	"strings"

	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
)

var actionAddRow = &Row{
	Stem: "action_add", Words: "action", Group: groupRFO, Scope: inIncident,
	Usage:  []string{"action @user by DATE [detect:] TEXT [; done when TEXT] [; tracker URL]"},
	Help:   "adds one of at most three actions: one person, one date",
	Change: func(c *Invocation) (incident.Command, error) { return c.action(0) },
}

var actionReplaceRow = &Row{
	Stem: "action_add", Words: "action replace", ID: 'A', Group: groupRFO, Scope: inIncident,
	Usage:  []string{"action replace A1 @user by DATE [detect:] TEXT [; done when TEXT] [; tracker URL]"},
	Help:   "puts another action in the place of one",
	Change: func(c *Invocation) (incident.Command, error) { return c.action(int(c.id())) },
}

// kindWords are what an action does, as typed before its text: "detect:".
func kindWords() []string {
	words := make([]string, 0, len(incident.ActionKinds))
	for _, k := range incident.ActionKinds {
		words = append(words, string(k)+":")
	}
	return words
}

// action reads person, date and text. What is missing is left empty: the domain
// says which of them.
func (c *Invocation) action(replace int) (incident.Command, error) {
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
	if kind, ok := c.keyword(kindWords()...); ok {
		cmd.Kind = incident.ActionKind(strings.TrimSuffix(kind, ":"))
	}
	rest, tracker, _ := c.rest.SplitLast("; tracker")
	text, done, _ := rest.SplitLast("; done when")
	cmd.Text, cmd.DoneWhen, cmd.Tracker = text.Text(), done.Text(), strings.TrimSpace(tracker.Text())
	return cmd, nil
}
