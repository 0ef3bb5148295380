package jobs

import (
	"context"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
)

// Decider has Rollcall itself decide a command; a refusal is an *incident.Error.
type Decider interface {
	Do(ctx context.Context, id incident.ID, cmd incident.Command) error
	// Suggestion is an alarm to show in the announcement channel; ok is false when
	// there is nothing to suggest any more.
	Suggestion(ctx context.Context, alarm string) (text incident.Say, buttons []bot.Button, ok bool, err error)
}

// Talk takes in what a worker has learned of a conversation.
type Talk interface {
	// Saw takes in how a message reads. An error means that it was not stored.
	Saw(ctx context.Context, g bot.Sighting) error
	// Home makes somebody's App Home; user is Slack's id.
	Home(ctx context.Context, user string) (bot.Home, error)
	// Viewers are those who have looked at theirs lately.
	Viewers(ctx context.Context) (users []string, err error)
	// Changes counts what this process has decided.
	Changes() int64
	// Left finds another person for the actions of one who left.
	Left(ctx context.Context, who incident.PersonID) error
}

// Channels makes and keeps channels. Errors of all adapters are *outbound.Failure.
type Channels interface {
	OpenChannel(ctx context.Context, want outbound.Channel) (incident.Channel, error)
	ChannelByName(ctx context.Context, name string) (ch incident.Channel, ok bool, err error)
	// LastNumber is the highest number of an incident whose channel we made.
	LastNumber(ctx context.Context) (int, error)
	Invite(ctx context.Context, channel string, users []string) (left map[string]*outbound.Failure, err error)
	Archive(ctx context.Context, channel string) error
}

// Messages sends what people read.
type Messages interface {
	Post(ctx context.Context, p outbound.Post) (outbound.Sent, error)
	Draw(ctx context.Context, card outbound.Card) (outbound.Sent, error)
	Upload(ctx context.Context, f outbound.File, fileID string, save func(fileID string) error) error
	Reply(ctx context.Context, r outbound.Reply) error
	Message(ctx context.Context, channel, ts string) (m bot.Message, ok bool, err error)
}

// People looks people up.
type People interface {
	AuthTest(ctx context.Context) (outbound.Self, error)
	User(ctx context.Context, id string) (user outbound.User, ok bool, err error)
	Users(ctx context.Context, cursor string) (users []outbound.User, next string, err error)
	PublishHome(ctx context.Context, user string, h bot.Home) error
}

// Pager wakes people up. An end of Page that is not Unclear says for certain that
// this way did not page anybody; Note looks before it repeats; Trigger and the rest can be
// repeated freely.
type Pager interface {
	Page(ctx context.Context, p outbound.Page) (outbound.Paged, error)
	Trigger(ctx context.Context, p outbound.Page) (outbound.Paged, error)
	Resolve(ctx context.Context, id, text string) error
	ResolveEvent(ctx context.Context, of, key string) error
	Acknowledge(ctx context.Context, id, email string) (taken bool, err error)
	Note(ctx context.Context, id, marker, text string, again bool) error
}

// Slack is everything that is asked of Slack.
type Slack interface {
	Channels
	Messages
	People
}
