package outbound

import (
	"time"

	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
)

// Bucket is one limit on how often something may be done: once each Interval,
// with Burst at once after a rest.
type Bucket struct {
	Name     string
	Interval time.Duration
	Burst    int
}

// View is what showing an incident needs besides the incident.
type View struct {
	Who     say.Who
	BaseURL string // of the pages, without a slash at the end; "" while there are none
}

// Channel asks for the channel of an incident.
type Channel struct {
	Name    string // as decided when the incident was opened
	Spare   string // taken when Name belongs to somebody else
	Private bool
	Since   time.Time // a channel older than the incident is not the incident's
	Proof   string    // opaque; stands in the purpose of the channel that is ours
	Again   bool      // an earlier attempt may have succeeded
}

// Place is where a message goes: a channel, with Thread set into that message's
// thread, or a person.
type Place struct {
	Channel string
	Thread  string
	User    string
}

// Post is one message that is sent once.
type Post struct {
	Op       string // identity of the step; the message carries it, so that a repeat can look for it
	To       Place
	Incident incident.ID
	Say      incident.Say
	Choices  []incident.Choice
	Buttons  []Button // stored offers, behind the choices
	View     View
	Since    time.Time // when the step was decided: an earlier message is not it
	Again    bool      // an earlier attempt may have succeeded
	Sent     Sent      // the message that it takes the place of; the zero Sent for a new one
}

// Sent is a message on the other side.
type Sent struct {
	Channel string
	TS      string
	// Extra is what the next drawing of the same card has to know.
	Extra string
}

// Card asks to bring a card up to date.
type Card struct {
	Card     incident.Card
	Incident *incident.Incident
	View     View
	To       Place     // where the card is posted when it is not there yet
	Sent     Sent      // as it was drawn last; the zero Sent for never
	Since    time.Time // before the first attempt to post it
	Again    bool      // an earlier attempt to post it may have succeeded
}

// Reply is an answer on its way to whoever asked.
type Reply struct {
	URL     string // takes the answer, for half an hour; a secret. "" when there is none
	Replace bool   // put it in the place of the message whose button was pressed
	To      Place  // where it goes otherwise: to User, in Channel when that is known
	Text    string // mrkdwn, escaped
	Buttons []Button
}

// Button runs a stored offer, or leads to an address.
type Button struct {
	Label string
	Offer string
	URL   string
	Sure  string // what a dialog asks first; "" for none
}

// File is a file to be shared in a channel.
type File struct {
	Name  string // with its extension
	Title string
	Body  []byte
	To    Place
}

// User is a person as the other side knows them.
type User struct {
	ID       string
	TeamID   string
	Name     string // what people call them
	RealName string
	Email    string
	Zone     string // IANA name
	Guest    bool
	Bot      bool
	Deleted  bool
}

// Self is who we are on the other side.
type Self struct {
	UserID string // of the bot's user, who creates channels
	BotID  string
	TeamID string
	Team   string // the workspace's name
	URL    string // of the workspace
}
