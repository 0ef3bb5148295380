package slackio

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
)

// Message is what is about to be sent. Its texts are mrkdwn in which whatever a
// person typed is escaped already; labels of buttons are plain.
type Message struct {
	Text   string // for notifications and for readers without blocks
	Blocks []slack.Block
	// Op is the identity that the message carries in its metadata; "" for none.
	Op string
}

// eventType marks our metadata among those of other apps.
const eventType = "rollcall"

// section is a paragraph.
func section(text string) slack.Block {
	return slack.NewSectionBlock(mrkdwn(text), nil, nil)
}

// context is small print.
func small(texts ...string) slack.Block {
	elements := make([]slack.MixedElement, len(texts))
	for n, t := range texts {
		elements[n] = mrkdwn(t)
	}
	return slack.NewContextBlock("", elements...)
}

// mrkdwn is a text in which nothing comes alive that we did not write: with
// verbatim Slack leaves addresses and names as they stand.
func mrkdwn(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, text, false, true)
}

// run is a button that runs a command line for whoever presses it, in the
// incident of the message.
func run(name, label string, id incident.ID, line string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement("run:"+name, string(id)+" "+line, plain(label))
}

// offer is a button that runs a stored offer.
func offer(name, label, id string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement("offer:"+name, id, plain(label))
}

// maxSure is how long the text of a dialog may be (Block Kit, confirmation dialog).
const maxSure = 300

// sure has Slack ask before a button does anything.
func sure(b *slack.ButtonBlockElement, as outbound.Button) *slack.ButtonBlockElement {
	if as.Sure == "" {
		return b
	}
	text := []rune(as.Sure)
	if len(text) > maxSure {
		text = append(text[:maxSure-1], '…')
	}
	b.Confirm = slack.NewConfirmationBlockObject(plain("Are you sure?"), plain(string(text)), plain("Yes"), plain("No"))
	b.Style = slack.StyleDanger
	return b
}

// visit is a button that leads to an address.
func visit(name, label, address string) *slack.ButtonBlockElement {
	b := slack.NewButtonBlockElement("visit:"+name, "", plain(label))
	b.URL = address
	return b
}

func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, true, false)
}

// actions is a row of buttons; nil when there is none.
func actions(buttons ...*slack.ButtonBlockElement) slack.Block {
	var row []slack.BlockElement
	for _, b := range buttons {
		if b != nil {
			row = append(row, b)
		}
	}
	return slack.NewActionBlock("", row...)
}

// said is a text of the domain with the ways on under it.
func (c *Client) said(p outbound.Post) Message {
	text := c.opts.Book.Text(p.Say, say.Slack{Who: p.View.Who, Mentions: true})
	m := Message{Text: text, Blocks: []slack.Block{section(text)}, Op: p.Op}
	var buttons []*slack.ButtonBlockElement
	for n, choice := range p.Choices {
		label := c.opts.Book.Text(choice.Label, say.Plain{Who: p.View.Who})
		buttons = append(buttons, run(strconv.Itoa(n), label, p.Incident, typed(choice.Line, p.View.Who)))
	}
	for n, b := range p.Buttons {
		buttons = append(buttons, offer(strconv.Itoa(n), b.Label, b.Offer))
	}
	m.Blocks = append(m.Blocks, actions(buttons...))
	return m
}

// typed turns a line of the domain into what a person would have typed in Slack:
// people are mentions with Slack's ids, and the three characters that mean
// something are escaped.
func typed(line string, who say.Who) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(line, "<@")
		mark, after, closed := strings.Cut(rest, ">")
		if !found || !closed {
			b.WriteString(say.Escape(line))
			return b.String()
		}
		b.WriteString(say.Escape(before))
		if id := who.SlackID(incident.PersonID(mark)); id != "" {
			mark = id
		}
		b.WriteString("<@" + mark + ">")
		line = after
	}
}
