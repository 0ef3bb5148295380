package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// The reactions that mean something.
const (
	PinEmoji  = "pushpin"               // put it on the timeline
	TaskEmoji = "ballot_box_with_check" // make it a task
)

// Message is a message in Slack as it reads now.
type Message struct {
	Channel, TS string
	Thread      string // timestamp of the thread's first message, or ""
	User        string // Slack's id of whoever wrote it
	App         string // name of the app that wrote it, when no person did
	Ours        bool   // written by Rollcall
	Text        string // in Slack's escapes
	Files       []File
	Link        string              // to the message
	Reactions   map[string][]string // Slack's ids of people by emoji
}

// File is a file of a message; it stays in Slack.
type File struct{ Name, URL string }

// id is how the log names a message.
func (m Message) id() string { return m.Channel + ":" + m.TS }

// setID takes over what id says.
func (m *Message) setID(id string) { m.Channel, m.TS, _ = strings.Cut(id, ":") }

// at is when it was written: Slack's stamps are seconds since 1970 with six decimals.
func (m Message) at() time.Time {
	seconds, fraction, _ := strings.Cut(m.TS, ".")
	s, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return time.Time{}
	}
	micros, err := strconv.ParseInt((fraction + "000000")[:6], 10, 64)
	if err != nil {
		micros = 0
	}
	return time.Unix(s, micros*int64(time.Microsecond)).UTC()
}

// SightArgs is the job that looks at a message that somebody reacted to, or that
// changed while it is on a timeline. It carries no text: that is fetched.
type SightArgs struct {
	Delivery string `json:"delivery"` // of the event
	Why      string `json:"why"`      // Slack's name of the event
	Channel  string `json:"channel"`
	TS       string `json:"ts"`
	User     string `json:"user,omitempty"`
	Emoji    string `json:"emoji,omitempty"`
}

// Kind is "message".
func (SightArgs) Kind() string { return "message" }

// touched has a message of an incident's channel looked at. A reaction counts in
// every such channel; a change only when the message is on the timeline.
func (s *Service) touched(tx *storage.Tx, h Happening) error {
	return tx.Enqueue(SightArgs{
		Delivery: h.Delivery.ID, Why: h.Type, Channel: h.Channel, TS: h.TS, User: h.User, Emoji: h.Emoji,
	}, nil)
}

// ofInterest says whether an event about a message matters, without waiting for
// the writer: nearly all of them do not, and those are dropped unread.
func (s *Service) ofInterest(ctx context.Context, h Happening) (bool, error) {
	matters := false
	err := s.Store.Read(ctx, func(r *storage.Reader) error {
		id, err := r.RawByChannel(h.Channel)
		if err != nil || h.Emoji != "" {
			matters = err == nil
			return err
		}
		inc, err := r.RawIncident(id)
		if err == nil {
			_, matters = inc.Log.Pins[h.Channel+":"+h.TS]
		}
		return err
	})
	if storage.IsNotFound(err) {
		return false, nil
	}
	return matters, err
}

// messageEvents are the happenings that are about one message.
var messageEvents = []string{"reaction_added", "reaction_removed", "message_changed", "message_deleted"}

// Sighting is a message that a worker has looked at.
type Sighting struct {
	SightArgs
	Message Message
	Gone    bool // it was deleted
}

// Saw takes in how a message reads now: the timeline follows what is so, whatever
// order the events came in. An error means that it was not stored.
func (s *Service) Saw(ctx context.Context, g Sighting) error {
	inc, err := s.incidentOf(ctx, g.Channel)
	if inc == nil || err != nil {
		return err
	}
	_, pinned := inc.Log.Pins[g.Message.id()]
	pins := g.Message.Reactions[PinEmoji]
	switch {
	case g.Emoji == TaskEmoji:
		if g.Why == "reaction_added" && slices.Contains(g.Message.Reactions[TaskEmoji], g.User) {
			return s.reacted(ctx, inc.ID, g, taskFromRow(g.Message), Delivery{Source: "slack.task", ID: g.Message.id()})
		}
		return nil
	case !pinned && g.Why == "reaction_added" && slices.Contains(pins, g.User):
		return s.reacted(ctx, inc.ID, g, pinRow(g.Message), Delivery{Source: "slack.sight", ID: g.Delivery})
	case pinned && g.Why == "reaction_removed" && !g.Gone && len(pins) == 0:
		return s.reacted(ctx, inc.ID, g, unpinRow(g.Message), Delivery{Source: "slack.sight", ID: g.Delivery})
	case pinned:
		return s.followPin(ctx, inc.ID, g)
	}
	return nil
}

// incidentOf is the incident of a channel, nil when there is none.
func (s *Service) incidentOf(ctx context.Context, channel string) (inc *incident.Incident, err error) {
	err = s.Store.Read(ctx, func(r *storage.Reader) error {
		id, err := r.RawByChannel(channel)
		if err == nil {
			inc, err = r.RawIncident(id)
		}
		return err
	})
	if storage.IsNotFound(err) {
		return nil, nil //nolint:nilnil // no incident is an answer of its own here
	}
	return inc, err
}

// reacted carries out what a reaction says, for whoever reacted. Apps are not
// obeyed: one that reacts to everything would fill the timeline.
func (s *Service) reacted(ctx context.Context, id incident.ID, g Sighting, row *Row, d Delivery) error {
	var bot bool
	err := s.Store.Read(ctx, func(r *storage.Reader) error {
		p, err := r.PersonBySlack(g.User)
		bot = p.Bot
		return err
	})
	if bot || err != nil && !storage.IsNotFound(err) {
		return err
	}
	a := s.run(ctx, Request{
		Delivery: d, From: From{User: g.User, Channel: g.Channel, Thread: g.Message.Thread}, Surface: "reaction", Incident: id,
		ReplyTo: &ReplyTo{Channel: g.Channel, User: g.User, Thread: g.Message.Thread},
	}, row)
	if a.Kind == NotSaved {
		return &storage.Error{Code: storage.Unavailable}
	}
	return nil
}

// run carries out a row that was not typed, in the one way in which rows are.
func (s *Service) run(ctx context.Context, req Request, row *Row) Answer {
	return s.change(ctx, req, reading{row: row})
}

// followPin brings an entry up to date with its message.
func (s *Service) followPin(ctx context.Context, id incident.ID, g Sighting) error {
	stamp := incident.Stamp{At: s.Clock.Now(), Actor: incident.System, Command: incident.CommandID(s.NewID()), Surface: "worker"}
	return s.Store.Write(ctx, func(tx *storage.Tx) error {
		inc, err := tx.RawIncident(id)
		if err != nil {
			return err
		}
		c := Invocation{service: s, Reader: tx.Reader, tx: tx}
		text, err := c.messageText(g.Message)
		if err != nil {
			return err
		}
		_, err = s.decide(tx, inc, incident.FollowPin{
			Message: g.Message.id(), Entry: inc.Log.Pins[g.Message.id()], Text: text, Deleted: g.Gone,
		}, stamp, s.self())
		if _, refused := refusal(err); refused {
			return nil // it is off the timeline meanwhile
		}
		return err
	})
}
