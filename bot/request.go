package bot

import (
	"context"

	"github.com/rollcall-bot/rollcall/incident"
)

// Request is something a person said to Rollcall, on whatever surface.
type Request struct {
	Delivery Delivery
	From     From
	Surface  string // "slash", "mention", "button", "modal", "cli", "page", "api"
	Text     string // as Slack sends it: mentions and the three escapes in Slack's form
	Marked   bool   // Text is instead plain text with people as marks: the line of a button

	Incident  incident.ID // bound by the button of a card; "" when it is to be found out
	Offer     string      // the offer whose button was pressed; Text is then empty
	Confirmed bool        // has been asked and means it
	Trigger   string      // Slack's trigger id, for opening a form
	Form      *Submitted  // a form that was sent; Text is then empty
	Message   *Message    // that a shortcut was used on

	// ReplyTo is where the answer goes when it cannot go into the response.
	ReplyTo *ReplyTo
}

// Delivery identifies a request by what is inside its payload, so that the same
// delivery is recognised over HTTP, over Socket Mode and a year later. An empty
// ID is never recognised again.
type Delivery struct {
	Source string
	ID     string
	// Print is of what was sent, where a sender may use one ID for two things.
	Print string
}

// From is who said it, and where.
type From struct {
	Team    string // Slack's team id; "" on the command line
	User    string // Slack's user id, "cli:NAME", or "api:NAME" for a program
	Name    string // what the surface called them, until Slack tells more
	Channel string // Slack's channel id, or ""
	Thread  string // timestamp of the thread's first message, or ""
	Robot   *Robot // nil for a person; a program in the chat gets no answer
}

// ReplyTo is where an answer is sent by a worker. The URL is a secret: whoever
// has it can write to the person for half an hour. It is blanked once used.
type ReplyTo struct {
	URL     string `json:",omitempty"`
	Replace bool   `json:",omitempty"` // the message with the button, which only its reader sees
	Channel string `json:",omitempty"`
	User    string `json:",omitempty"`
	Thread  string `json:",omitempty"`
}

// Kind says what an answer is, for surfaces that show it differently.
type Kind string

// The kinds of answer.
const (
	Done     Kind = "done"      // it is on disk
	Shown    Kind = "shown"     // nothing was to be stored
	Refused  Kind = "refused"   // nothing was done; the text says what to type instead
	Asked    Kind = "asked"     // the buttons are the ways on
	NotSaved Kind = "not_saved" // the database did not take it
	Silent   Kind = "silent"    // there is nothing to read: a form opens instead
)

// Answer is what the person reads: Slack's mrkdwn, already escaped, and buttons.
type Answer struct {
	Kind    Kind
	Text    string
	Buttons []Button `json:",omitempty"`
	// Fields are what is wrong in a form, plain, by field. The form stays open.
	Fields map[string]string `json:",omitempty"`
	// About is the incident that the answer is about, for programs.
	About *About `json:",omitempty"`

	Reused bool `json:"-"` // the delivery's id is another request's

	why   string // name of the text of a refusal
	field string // that it is about, when it is about one field of a form
}

// About names an incident.
type About struct {
	Key  string // such as INC-7
	Call string `json:",omitempty"` // the link that people join
}

// Button runs an offer, or leads to a page.
type Button struct {
	Label string
	Offer string `json:",omitempty"` // opaque id of a stored offer
	URL   string `json:",omitempty"`
	// Sure is what a dialog asks before the button does anything; "" for none.
	Sure string `json:",omitempty"`
}

// Handler is the door as the surfaces see it.
type Handler interface {
	Handle(context.Context, Request) Answer
}
