package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/bot/playground"
	"github.com/rollcall-bot/rollcall/bot/playground/page"
	"github.com/rollcall-bot/rollcall/bot/slackin"
)

// stageRest is how long the stand-in of Slack is left alone after it was gone.
const stageRest = 100 * time.Millisecond

// demoPort is where the demo's page is, or at the next free port.
const demoPort = 8080

type demoCmd struct {
	Play bool
}

func (d *demoCmd) flags(f *pflag.FlagSet) {
	f.BoolVar(&d.Play, "play", false, "Play a scripted outage to the end and print where the RFO is.")
}

// Run shows Rollcall without an account and without a setting: the same server as
// serve's, against stand-ins of Slack and PagerDuty in this process. What stays is
// the RFO, and after a failure all there is to look at.
func (d *demoCmd) Run(ctx context.Context, p *program) error {
	dir, err := os.MkdirTemp("", "rollcall-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	work := filepath.Join(dir, "work")
	if err := os.Mkdir(work, 0o700); err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	log, err := os.Create(filepath.Join(work, "bot.log")) //nolint:gosec // in a folder that was made just now
	if err != nil {
		return fmt.Errorf("make the log of the demo: %w", err)
	}
	defer func() { _ = log.Close() }()
	o := playground.Options{
		Start: p.staged(log), Out: p.stdout, Color: terminal(p.stdout) && p.env("NO_COLOR") == "", Dir: work, RFODir: dir, Wall: p.wall, App: app(),
	}
	if d.Play {
		_, err = playground.Play(ctx, o)
	} else {
		err = playground.Serve(ctx, o)
	}
	if err != nil {
		return fmt.Errorf("%w\nwhat the bot did stands in %s", err, log.Name())
	}
	return os.RemoveAll(work)
}

// app describes the app to the stage.
func app() playground.App {
	a := playground.App{Events: slackin.Events(), Port: demoPort}
	for _, u := range bot.Usages() {
		a.Commands = append(a.Commands, page.Command{Words: u.Words, Usage: u.Form, Help: u.Help})
	}
	for _, c := range slackin.Shortcuts() {
		a.Shortcuts = append(a.Shortcuts, page.Shortcut{Name: c.Name, Callback: c.ID, Message: c.OnMessage})
	}
	return a
}

// document is the RFO of an incident, whether published or not, as an HTML page.
func (p program) document(ctx context.Context, key string) ([]byte, error) {
	var body, trouble bytes.Buffer
	p.stdout, p.stderr, p.started = &body, &trouble, nil
	if code := p.run(ctx, []string{"rfo", key, "--format", "html", "--private"}); code != exitOK {
		return nil, errors.New(strings.TrimSpace(trouble.String()))
	}
	return body.Bytes(), nil
}

// staged starts a server in this process as serve does, with the settings and the
// clock of a stage.
func (p *program) staged(log io.Writer) func(context.Context, []string, *clock.Movable) (playground.Bot, error) {
	return func(ctx context.Context, env []string, c *clock.Movable) (playground.Bot, error) {
		ctx, cancel := context.WithCancel(ctx)
		up, ended := make(chan *server, 1), make(chan error, 1)
		q := *p
		q.environ, q.stdout, q.stderr, q.clock = env, io.Discard, log, c
		q.slackRest = stageRest
		q.started = func(s *server) { up <- s }
		go func() { ended <- serveCmd{}.Run(ctx, &q) }()
		select {
		case s := <-up:
			return playground.Bot{URL: "http://" + s.Addr(), Stop: func() error {
				cancel()
				return <-ended
			}, Document: q.document}, nil
		case err := <-ended:
			cancel()
			return playground.Bot{}, errors.Join(err, ctx.Err())
		}
	}
}
