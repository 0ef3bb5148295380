package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// says writes a message of a person's; with a fourth word into the thread of the
// message that holds it.
func (s *stage) says(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && (len(args) == 3 || len(args) == 4), "says PERSON CHANNEL TEXT [THREAD]")
	thread := ""
	if len(args) == 4 {
		m, err := s.message(args[1], args[3])
		ts.Check(err)
		thread = m.TS
	}
	_, err := s.ws.Actor(args[0]).Post(s.ctx, args[1], thread, unquoted(args[2]))
	ts.Check(err)
}

// message finds the newest message that a person wrote and that holds a text.
func (s *stage) message(channel, text string) (slackfake.Message, error) {
	ch, ok := s.ws.Channel(channel)
	if !ok {
		return slackfake.Message{}, fmt.Errorf("there is no channel %s", channel)
	}
	for _, app := range []bool{false, true} {
		for _, m := range slices.Backward(ch.Messages) {
			if m.App == app && m.Subtype == "" && strings.Contains(m.Plain(), text) {
				return m, nil
			}
		}
	}
	return slackfake.Message{}, fmt.Errorf("nobody wrote %q in %s", text, channel)
}

// react puts an emoji on a message, unreact takes it off.
func (s *stage) react(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 4, "react PERSON CHANNEL TEXT EMOJI")
	m, err := s.message(args[1], args[2])
	ts.Check(err)
	ts.Check(s.ws.Actor(args[0]).React(s.ctx, args[1], m.TS, args[3]))
}

func (s *stage) unreact(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 4, "unreact PERSON CHANNEL TEXT EMOJI")
	m, err := s.message(args[1], args[2])
	ts.Check(err)
	ts.Check(s.ws.Actor(args[0]).Unreact(s.ctx, args[1], m.TS, args[3]))
}

// edit words a person's message anew; without a new text it is deleted.
func (s *stage) edit(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && (len(args) == 3 || len(args) == 4), "edit PERSON CHANNEL TEXT [NEW-TEXT]")
	m, err := s.message(args[1], args[2])
	ts.Check(err)
	a := s.ws.Actor(args[0])
	if len(args) == 3 {
		ts.Check(a.DeleteMessage(s.ctx, args[1], m.TS))
		return
	}
	ts.Check(a.EditMessage(s.ctx, args[1], m.TS, args[3]))
}

// modal waits until a person has the form with a title open, which is opened beside
// the answer, and prints it; ! modal says that there is none.
func (s *stage) modal(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg && len(args) == 1 || !neg && len(args) == 2, "modal PERSON TITLE | ! modal PERSON")
	if neg {
		if v, open := s.ws.Modal(s.people[args[0]]); open {
			ts.Fatalf("%s has %q open", args[0], v.Title)
		}
		return
	}
	ts.Check(s.ws.WaitFor(s.ctx, func() bool {
		v, open := s.ws.Modal(s.people[args[0]])
		return open && v.Title == args[1]
	}))
	v, _ := s.ws.Modal(s.people[args[0]])
	_, _ = fmt.Fprintln(ts.Stdout(), s.readable(fmt.Sprint(v.Raw)))
}

// dismiss closes the form that a person has open without sending it.
func (s *stage) dismiss(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1, "dismiss PERSON")
	_, err := s.ws.Actor(args[0]).CloseModal(s.ctx)
	ts.Check(err)
}

// refuses makes Slack refuse the next call of a method.
func (s *stage) refuses(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "refuses METHOD ERROR")
	s.ws.Inject(slackfake.Fault{Method: args[0], Kind: slackfake.BodyError, Error: args[1], Times: 1})
}

// reads waits until a person sees a text that only they see.
func (s *stage) reads(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "reads PERSON TEXT")
	ts.Check(s.ws.WaitFor(s.ctx, func() bool {
		return slices.ContainsFunc(s.ws.Ephemerals(s.people[args[0]]), func(e slackfake.Ephemeral) bool {
			return strings.Contains(s.readable(e.Plain()), args[1])
		})
	}))
}

// draft types FIELD=TEXT into the form that a person has open and presses the button
// that saves it as a draft: the form stays open, and is drawn anew. ! draft does not
// wait for that.
func (s *stage) draft(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, len(args) >= 1, "draft PERSON [FIELD=TEXT…]")
	typed := map[string]string{}
	for _, arg := range args[1:] {
		field, text, _ := strings.Cut(arg, "=")
		typed[field] = unquoted(text)
	}
	before, _ := s.ws.Modal(s.people[args[0]])
	a, err := s.ws.Actor(args[0]).ClickForm(s.ctx, "draft:0", "", typed)
	if err == nil && a.Error != "" {
		err = errors.New(a.Error)
	}
	ts.Check(err)
	s.last = s.lastDelivery()
	if neg {
		return
	}
	ts.Check(s.ws.WaitFor(s.ctx, func() bool {
		now, open := s.ws.Modal(s.people[args[0]])
		return open && now.ID == before.ID && now.Hash != before.Hash
	}))
}

// submit fills the form that a person has open with FIELD=TEXT and sends it. The
// errors that are shown beside its fields are printed; ! submit wants some.
func (s *stage) submit(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, len(args) >= 1, "submit PERSON [FIELD=TEXT…]")
	typed := map[string]string{}
	for _, arg := range args[1:] {
		field, text, _ := strings.Cut(arg, "=")
		if id, ok := s.people[strings.TrimPrefix(text, "@")]; ok && strings.HasPrefix(text, "@") {
			text = id
		}
		if strings.HasPrefix(text, "INC-") && field == "incident" {
			var id strings.Builder
			ts.Check(s.query(&id, "SELECT id FROM incident WHERE number = "+strings.TrimPrefix(text, "INC-")))
			text = strings.TrimSpace(id.String())
		}
		typed[field] = unquoted(text)
	}
	a, err := s.ws.Actor(args[0]).Submit(s.ctx, typed)
	if err == nil && a.Error != "" {
		err = errors.New(a.Error)
	}
	ts.Check(err)
	s.last = s.lastDelivery()
	for field, text := range a.Fields {
		_, _ = fmt.Fprintf(ts.Stdout(), "%s: %s\n", field, text)
	}
	if (len(a.Fields) > 0) != neg {
		ts.Fatalf("the form shows the errors %v", a.Fields)
	}
}

// shortcut uses a shortcut: a global one, or one on the message with a text.
func (s *stage) shortcut(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && (len(args) == 2 || len(args) == 4), "shortcut PERSON NAME [CHANNEL TEXT]")
	channel, stamp := "", ""
	if len(args) == 4 {
		m, err := s.message(args[2], args[3])
		ts.Check(err)
		channel, stamp = args[2], m.TS
	}
	a, err := s.ws.Actor(args[0]).Shortcut(s.ctx, args[1], channel, stamp)
	if err == nil && a.Error != "" {
		err = errors.New(a.Error)
	}
	ts.Check(err)
	s.last = s.lastDelivery()
}

// home opens a person's App Home and prints it.
func (s *stage) home(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && (len(args) == 1 || len(args) == 2 && args[1] == "again"), "home PERSON [again]")
	id := s.people[args[0]]
	if len(args) == 1 {
		ts.Check(s.ws.Actor(args[0]).OpenHome(s.ctx))
		s.settle(ts, false, nil)
	}
	v, ok := s.ws.Snapshot().Homes[id]
	if !ok {
		ts.Fatalf("%s has no home", args[0])
	}
	_, _ = fmt.Fprintln(ts.Stdout(), s.readable(fmt.Sprint(v.Raw)))
}

// press presses the first button with a label in a person's App Home.
func (s *stage) press(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "press PERSON LABEL")
	for _, b := range s.ws.Snapshot().Homes[s.people[args[0]]].Buttons() {
		if b.Text == args[1] {
			a, err := s.ws.Actor(args[0]).ClickView(s.ctx, b.ActionID, "")
			if err == nil && a.Error != "" {
				err = errors.New(a.Error)
			}
			ts.Check(err)
			return
		}
	}
	ts.Fatalf("%s sees no button %q", args[0], args[1])
}
