package playground

import (
	"context"
	"io"
	"time"

	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/bot/playground/page"
	"github.com/rollcall-bot/rollcall/bot/playground/pagerfake"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// Bot is a running bot.
type Bot struct {
	// URL is where it listens, such as http://127.0.0.1:1234.
	URL string
	// Stop ends it as SIGTERM does and returns how it ended.
	Stop func() error
	// Document renders the RFO of an incident (INC-7) as it stands, as an HTML page; nil for a bot that cannot.
	Document func(ctx context.Context, key string) ([]byte, error)
}

// Options are what a play needs from outside.
type Options struct {
	// Start starts the bot with these settings (NAME=VALUE) and no others, on this clock. The bot lives until ctx ends or
	// Stop is called.
	Start func(ctx context.Context, env []string, c *clock.Movable) (Bot, error)
	// Out is where the story is told.
	Out io.Writer
	// Color says that Out is a terminal.
	Color bool
	// Dir is an empty folder for the database.
	Dir string
	// RFODir is where the published RFO goes.
	RFODir string
	// Wall is the machine's clock, for how long it really took.
	Wall func() time.Time
	App
}

// App is the app as its manifest and its command table describe it.
type App struct {
	Events    []string // that it subscribes to; nil for all that the stand-in knows
	Commands  []page.Command
	Shortcuts []page.Shortcut
	// Port is where Serve opens its page, or the next one that is free; 0 for any.
	Port int
}

// Outcome is what a play leaves behind, for whoever checks it further.
type Outcome struct {
	Slack *slackfake.Workspace
	Pager *pagerfake.Account
	// Channel and Announcements are Slack's ids of the incident's channel and of the one where incidents are announced.
	Channel, Announcements string
	// RFO is the published document, RFOFile the file that it was written to.
	RFO     []byte
	RFOFile string
	Tally   Tally
}
