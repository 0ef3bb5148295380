package playground

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// minute is the time of the story.
func (s *stage) minute() string { return s.clock.Now().Format("15:04") }

// name is what a person is called in the story.
func (s *stage) name(a slackfake.Actor) string { return s.names[a.ID()] }

// types lets somebody type a command where they are, and tells what they read. The answer has to say all of wants, whatever
// its markup.
func (s *stage) types(ctx context.Context, who slackfake.Actor, where, line string, wants ...string) error {
	answer, err := s.command(ctx, who, where, line)
	if err != nil {
		return err
	}
	s.told.reads("", answer)
	if err := says(line, answer, wants...); err != nil {
		return err
	}
	return s.settle(ctx)
}

// command is types without telling the answer, and without waiting.
func (s *stage) command(ctx context.Context, who slackfake.Actor, where, line string) (string, error) {
	s.told.line(s.minute(), s.name(who), "/incident "+line)
	a, err := who.Slash(ctx, where, "/incident", line)
	switch {
	case err != nil:
		return "", err
	case a.Error != "" || a.Status != 200:
		return "", fmt.Errorf("/incident %s: Slack shows %q (status %d)", line, a.Error, a.Status)
	}
	return s.readable(a.Text()), nil
}

// says checks what was read.
func says(what, text string, wants ...string) error {
	for _, want := range wants {
		if !strings.Contains(text, want) {
			return fmt.Errorf("%q was answered\n%s\nwhich does not say %q", what, text, want)
		}
	}
	return nil
}

// presses lets somebody press a button of a message in the incident's channel, and tells what they read afterwards.
func (s *stage) presses(ctx context.Context, who slackfake.Actor, message, button string, wants ...string) error {
	m, b, err := s.find(message, button)
	if err != nil {
		return err
	}
	s.told.line(s.minute(), s.name(who), "presses ["+b.Text+"] under “"+firstWords(s.readable(m.Text))+"”")
	return s.click(ctx, who, m.TS, b.ActionID, wants...)
}

// click presses a button and reads the answer, which comes a moment later, to the person alone.
func (s *stage) click(ctx context.Context, who slackfake.Actor, ts, action string, wants ...string) error {
	answered := func() int { return s.slack.Done("response_url") + s.slack.Done("chat.postEphemeral") }
	before := answered()
	a, err := who.Click(ctx, s.channel, ts, action, "")
	if err != nil {
		return err
	}
	if a.Error != "" {
		return fmt.Errorf("press of %s: Slack shows %q", action, a.Error)
	}
	if err := s.sees(ctx, "an answer to the press of "+action, func() bool { return answered() > before }); err != nil {
		return err
	}
	all := s.slack.Ephemerals(who.ID())
	if len(all) == 0 {
		return fmt.Errorf("press of %s by %s: the answer went to somebody else", action, s.name(who))
	}
	answer := s.readable(all[len(all)-1].Text)
	s.told.reads("", answer)
	if err := says("the press of "+action, answer, wants...); err != nil {
		return err
	}
	return s.settle(ctx)
}

// sees waits, in bounded real time, until something is to be seen in Slack. The clock is moved while it is not: what is due
// at this very moment may be looked at a second later.
func (s *stage) sees(ctx context.Context, what string, holds func() bool) error {
	ctx, cancel := context.WithTimeoutCause(ctx, settleWithin, errors.New("not within "+settleWithin.String()))
	defer cancel()
	for wait := 4 * patience; ; wait *= 2 {
		soon, end := context.WithTimeout(ctx, wait)
		err := s.slack.WaitFor(soon, holds)
		end()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return fmt.Errorf("wait for %s: %w", what, context.Cause(ctx))
		}
		s.clock.Advance(nudge)
	}
}

// pressesOwn lets somebody press a button of the last answer that only they see.
func (s *stage) pressesOwn(ctx context.Context, who slackfake.Actor, button string, wants ...string) error {
	all := s.slack.Ephemerals(who.ID())
	if len(all) == 0 {
		return errors.New(s.name(who) + " has no answer with buttons")
	}
	e := all[len(all)-1]
	for _, b := range e.Buttons() {
		if strings.Contains(b.Text, button) {
			s.told.line(s.minute(), s.name(who), "presses ["+b.Text+"]")
			return s.click(ctx, who, e.TS, b.ActionID, wants...)
		}
	}
	return fmt.Errorf("the answer to %s has no button %q: %+v", s.name(who), button, e.Buttons())
}

// buttons are the labels under the last answer that only this person sees.
func (s *stage) buttons(who slackfake.Actor) []string {
	all := s.slack.Ephemerals(who.ID())
	var labels []string
	if len(all) > 0 {
		for _, b := range all[len(all)-1].Buttons() {
			labels = append(labels, b.Text)
		}
	}
	return labels
}

// find is the last message of the bot in the incident's channel that says a text and has a button.
func (s *stage) find(message, button string) (slackfake.Message, slackfake.Button, error) {
	all := s.slack.Messages(s.channel)
	for n := len(all) - 1; n >= 0; n-- {
		m := all[n]
		if !m.App || !strings.Contains(s.readable(m.Plain()), message) {
			continue
		}
		for _, b := range m.Buttons() {
			if b.Text == button {
				return m, b, nil
			}
		}
	}
	return slackfake.Message{}, slackfake.Button{}, fmt.Errorf("no message in %s says %q and has a button %q", s.channel, message, button)
}

// card is what can be read now in the message that says a text.
func (s *stage) card(channel, text string) (string, error) {
	for _, m := range s.slack.Messages(channel) {
		if plain := s.readable(shown(m)); m.App && strings.Contains(plain, text) {
			return plain, nil
		}
	}
	return "", fmt.Errorf("no message in %s says %q", channel, text)
}

// shown is what Slack shows of a message: the texts of its blocks and its buttons, or its text when it has no blocks.
func shown(m slackfake.Message) string {
	var blocks []struct {
		Text     *textObject  `json:"text"`
		Elements []textObject `json:"elements"`
	}
	if json.Unmarshal(m.Blocks, &blocks) != nil || len(blocks) == 0 {
		return m.Text
	}
	var lines []string
	for _, b := range blocks {
		if b.Text != nil {
			lines = append(lines, string(b.Text.Text))
		}
		for _, e := range b.Elements {
			if strings.HasSuffix(e.Type, "mrkdwn") || strings.HasSuffix(e.Type, "plain_text") {
				lines = append(lines, string(e.Text))
			}
		}
	}
	var labels []string
	for _, b := range m.Buttons() {
		labels = append(labels, "["+b.Text+"]")
	}
	return strings.Join(append(lines, strings.Join(labels, " ")), "\n")
}

// textObject is a text of Block Kit; a button's text is an object, which is not read here.
type textObject struct {
	Type string `json:"type"`
	Text text   `json:"text"`
}

// text reads a string and passes over anything else.
type text string

// UnmarshalJSON takes a string; an object is no text.
func (t *text) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*t = text(s)
	}
	return nil
}

// firstWords are the first words of a text, to recognise it by.
func firstWords(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	if r := []rune(text); len(r) > 40 {
		return strings.TrimSpace(string(r[:39])) + "…"
	}
	return text
}

// machine is something that no person did.
func (s *stage) machine(what, text string) { s.told.line(s.minute(), what, text) }

// pass lets some seconds pass.
func (s *stage) pass(ctx context.Context, d time.Duration) error {
	s.clock.Advance(d)
	return s.quiet(ctx)
}
