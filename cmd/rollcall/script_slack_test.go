package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// person adds somebody to the workspace.
func (s *stage) person(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1, "person [guest:|stranger:|bot:]NAME")
	kind, name, ok := strings.Cut(args[0], ":")
	if !ok {
		kind, name = "", args[0]
	}
	u := slackfake.User{Name: name, RealName: strings.ToUpper(name[:1]) + name[1:], Email: name + "@example.org", TZ: "Europe/Madrid", Guest: kind == "guest", Bot: kind == "bot"}
	if kind == "stranger" {
		u.TeamID = "T9999"
	}
	s.people[name] = s.ws.AddUser(u)
}

// slash types a command in a channel and prints what Slack shows of the answer.
func (s *stage) slash(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, len(args) == 3 && s.ws != nil, "slash PERSON CHANNEL '/incident …'")
	command, text, _ := strings.Cut(args[2], " ")
	began := time.Now()
	a, err := s.ws.Actor(args[0]).Slash(s.ctx, args[1], command, unquoted(text))
	took := time.Since(began)
	ts.Check(err)
	s.last = s.lastDelivery()
	if a.Error != "" {
		err = fmt.Errorf("slack shows the error %s (HTTP %d)", a.Error, a.Status)
	}
	want(ts, neg, err)
	// The promise is 500 ms; the machine that runs tests is busy.
	if took > 2*time.Second && !strings.HasPrefix(a.Text(), "NOT saved") {
		ts.Fatalf("the answer took %s", took)
	}
	mine := s.ws.Ephemerals(s.people[args[0]])
	if len(mine) == 0 {
		return
	}
	s.show(ts, mine[len(mine)-1].Content, "")
}

// long types a verb with a text of so many characters.
func (s *stage) long(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "long VERB CHARACTERS")
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	text := strings.Repeat("word é ", n/7+1)
	s.slash(ts, false, []string{"ana", "#general", "/incident " + args[0] + " " + string([]rune(text)[:n])})
}

// unquoted reads \n, \u202e and the like, which a script's line cannot hold.
func unquoted(text string) string {
	return regexp.MustCompile(`\\(n|t|x[0-9a-f]{2}|u[0-9a-f]{4})`).ReplaceAllStringFunc(text, func(e string) string {
		switch e[1] {
		case 'n':
			return "\n"
		case 't':
			return "\t"
		}
		var r rune
		_, _ = fmt.Sscanf(e[2:], "%x", &r) // the expression allows hex only
		return string(r)
	})
}

func (s *stage) lastDelivery() int {
	last := 0
	for _, d := range s.ws.Deliveries() {
		if d.Kind != slackfake.Event {
			last = d.ID
		}
	}
	return last
}

// mention writes a message that begins with the bot's name.
func (s *stage) mention(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, len(args) == 3 && s.ws != nil, "mention PERSON CHANNEL TEXT")
	_, err := s.ws.Actor(args[0]).Mention(s.ctx, args[1], "", unquoted(args[2]))
	want(ts, neg, err)
	for _, d := range s.ws.Deliveries() {
		if d.Type == "app_mention" {
			s.last = d.ID
		}
	}
}

// click presses the button with a label on the newest message that has one: what
// only the person sees comes first. "dm" is what the bot wrote to the person.
func (s *stage) click(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, len(args) == 3 && s.ws != nil, "click PERSON CHANNEL|dm LABEL")
	if args[1] == "dm" {
		args[1] = s.direct(args[0])
	}
	stamp, action, err := s.button(args[0], args[1], args[2])
	if err == nil {
		var a slackfake.Answer
		a, err = s.ws.Actor(args[0]).Click(s.ctx, args[1], stamp, action, "")
		if err == nil && a.Error != "" {
			err = errors.New(a.Error)
		}
		s.last = s.lastDelivery()
	}
	want(ts, neg, err)
}

// direct is the id of the conversation between a person and the bot.
func (s *stage) direct(person string) string {
	for _, ch := range s.ws.Snapshot().Channels {
		if ch.Kind == slackfake.Direct && slices.Contains(ch.Members, s.people[person]) {
			return ch.ID
		}
	}
	return "dm"
}

func (s *stage) button(person, channel, label string) (stamp, action string, err error) {
	ch, ok := s.ws.Channel(channel)
	if !ok {
		return "", "", fmt.Errorf("there is no channel %s", channel)
	}
	for _, e := range slices.Backward(s.ws.Ephemerals(s.people[person])) {
		for _, b := range e.Buttons() {
			if b.Text == label && e.Channel == ch.ID {
				return e.TS, b.ActionID, nil
			}
		}
	}
	for _, m := range slices.Backward(ch.Messages) {
		for _, b := range m.Buttons() {
			if b.Text == label {
				return m.TS, b.ActionID, nil
			}
		}
	}
	return "", "", fmt.Errorf("nobody shows %s a button %q in %s", person, label, channel)
}

// repeat delivers the last command, click or mention again, by http or socket.
func (s *stage) repeat(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1 && s.last > 0, "repeat http|socket")
	a, err := s.ws.Repeat(s.ctx, s.last, slackfake.Via(args[0]))
	ts.Check(err)
	if a.Error != "" {
		ts.Fatalf("the repeat was answered with %s (HTTP %d)", a.Error, a.Status)
	}
	_, _ = fmt.Fprintln(ts.Stdout(), s.readable(a.Text()))
}

// channel prints what Slack shows of a channel; ! channel says that there is none.
func (s *stage) channel(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, len(args) == 1 && s.ws != nil, "channel NAME")
	ch, ok := s.ws.Channel(args[0])
	if neg {
		if ok {
			ts.Fatalf("there is a channel %s", args[0])
		}
		return
	}
	if !ok {
		ts.Fatalf("there is no channel %s", args[0])
	}
	out := ts.Stdout()
	_, _ = fmt.Fprintf(out, "#%s (%s)\ntopic: %s\npurpose: %s\nmembers: %s\n", ch.Name, ch.Kind, s.readable(ch.Topic), ch.Purpose, s.readable(mentions(ch.Members)))
	for _, b := range ch.Bookmarks {
		_, _ = fmt.Fprintf(out, "bookmark: %s -> %s\n", b.Title, b.Link)
	}
	for _, m := range ch.Messages {
		if m.Subtype != "" {
			continue
		}
		pinned := ""
		if slices.ContainsFunc(ch.Pins, func(p slackfake.Pin) bool { return p.TS == m.TS }) {
			pinned = " (pinned)"
		}
		_, _ = fmt.Fprintf(out, "-- %s%s:\n", s.readable("<@"+m.User+">"), pinned)
		s.show(ts, m.Content, "  ")
	}
}

func mentions(ids []string) string {
	var out []string
	for _, id := range ids {
		out = append(out, "<@"+id+">")
	}
	return strings.Join(out, " ")
}

// whispers prints what only a person sees, dms what the bot wrote to them.
func (s *stage) whispers(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1 && s.ws != nil, "whispers PERSON")
	for _, e := range s.ws.Ephemerals(s.people[args[0]]) {
		s.show(ts, e.Content, "")
	}
}

func (s *stage) dms(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1 && s.ws != nil, "dms PERSON")
	for _, m := range s.ws.DirectMessages(s.people[args[0]]) {
		s.show(ts, m.Content, "")
	}
}

// told waits until a person is shown something, by a message that only they see.
func (s *stage) told(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2 && s.ws != nil, "told PERSON REGEXP")
	text := regexp.MustCompile(args[1])
	err := s.ws.WaitFor(s.ctx, func() bool {
		return slices.ContainsFunc(s.ws.Ephemerals(s.people[args[0]]), func(e slackfake.Ephemeral) bool { return text.MatchString(e.Plain()) })
	})
	if err != nil {
		ts.Fatalf("%s was never told %s\n%s", args[0], args[1], s.server.log.String())
	}
}

// calls prints how often a method of Slack's was carried out.
func (s *stage) calls(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1 && s.ws != nil, "calls METHOD")
	_, _ = fmt.Fprintln(ts.Stdout(), s.ws.Done(args[0]))
}

// show prints a message as a person reads it, its buttons in brackets.
func (s *stage) show(ts *testscript.TestScript, c slackfake.Content, indent string) {
	seen := map[string]bool{}
	for _, b := range c.Buttons() {
		seen[b.Text] = true // shown below
	}
	for line := range strings.SplitSeq(s.readable(c.Plain()), "\n") {
		if !seen[line] && strings.TrimSpace(line) != "" {
			seen[line] = true
			_, _ = fmt.Fprintln(ts.Stdout(), indent+line)
		}
	}
	for _, b := range c.Buttons() {
		_, _ = fmt.Fprintf(ts.Stdout(), "%s[%s]\n", indent, b.Text)
	}
}

var (
	dateToken    = regexp.MustCompile(`<!date\^[^|>]*\|([^>]*)>`)
	linkToken    = regexp.MustCompile(`<(https?://[^|>]*)\|([^>]*)>`)
	channelToken = regexp.MustCompile(`<#[A-Z0-9]+>`)
	userToken    = regexp.MustCompile(`<@([A-Z0-9]+)>`)
)

// readable shows Slack's tokens as Slack does.
func (s *stage) readable(text string) string {
	text = dateToken.ReplaceAllString(text, "$1")
	text = linkToken.ReplaceAllString(text, "$2 ($1)")
	text = channelToken.ReplaceAllStringFunc(text, func(token string) string {
		ch, _ := s.ws.Channel(token[2 : len(token)-1])
		return "#" + ch.Name
	})
	text = userToken.ReplaceAllStringFunc(text, func(token string) string {
		for name, id := range s.people {
			if token == "<@"+id+">" {
				return "@" + name
			}
		}
		return token
	})
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}
