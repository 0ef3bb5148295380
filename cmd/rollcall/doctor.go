package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

type doctorCmd struct {
	Subscribe bool
}

func (cmd *doctorCmd) flags(f *pflag.FlagSet) {
	f.BoolVar(&cmd.Subscribe, "subscribe", false, "Have PagerDuty send us its alarms, where it does not yet, and keep the secret in the database.")
}

// finding is what one check found: nothing to do, or what to change.
type finding struct {
	what string
	said string // what is so
	fix  string // one sentence that says what to do; "" when all is well
	warn bool   // worth knowing, but nothing fails
}

// Run checks everything that can be checked from here, a line each.
func (cmd *doctorCmd) Run(ctx context.Context, p *program) error {
	c, err := p.config()
	if err != nil {
		_, _ = fmt.Fprintf(p.stdout, "FAIL  settings: %v\n", err)
		return errSaid
	}
	d := &doctor{p: p, c: c, out: p.stdout, subscribe: cmd.Subscribe}
	d.tell(finding{what: "settings", said: settingsSaid(c)})
	d.tell(d.ways())
	d.slack(ctx)
	for _, f := range d.calls(ctx) {
		d.tell(f)
	}
	for _, f := range d.paging(ctx) {
		d.tell(f)
	}
	for _, f := range slices.Concat(d.monitors(ctx), d.checks(ctx), d.hooks(ctx)) {
		d.tell(f)
	}
	for _, f := range slices.Concat(d.exports(ctx), d.statusPage(ctx)) {
		d.tell(f)
	}
	d.tell(d.database(ctx))
	d.tell(d.disk())
	d.tell(d.rfoFolder())
	d.tell(d.pages())
	for _, f := range d.server(ctx) {
		d.tell(f)
	}
	if d.failed > 0 {
		p.say("%s would fail; the lines above say what to do.", things(d.failed))
		return errSaid
	}
	p.say("All is well.")
	return nil
}

// doctor is one examination.
type doctor struct {
	p      *program
	c      Config
	out    io.Writer
	failed int

	subscribe bool // asked for
}

func (d *doctor) tell(f finding) {
	mark := "ok  "
	switch {
	case f.fix != "" && f.warn:
		mark = "note"
	case f.fix != "":
		mark = "FAIL"
		d.failed++
	}
	line := mark + "  " + f.what + ": " + f.said
	if f.fix != "" {
		line += ". " + f.fix
	}
	_, _ = fmt.Fprintln(d.out, strings.ReplaceAll(printable(line), "\n", " "))
}

func settingsSaid(c Config) string {
	if c.File == "" {
		return "read from the environment; there is no rollcall.yaml, so the defaults hold"
	}
	return "read from the environment and " + c.File
}

// ways checks that Slack can reach us, one way or the other.
func (d *doctor) ways() finding {
	f := finding{what: "ways in"}
	s := d.c.Slack
	switch {
	case s.AppToken.IsSet() && s.SigningSecret.IsSet():
		f.said = "Socket Mode and HTTP are both on, as while switching over"
	case s.AppToken.IsSet():
		f.said = "Socket Mode"
	case s.SigningSecret.IsSet():
		f.said = "HTTP at /slack/commands, /slack/interactions and /slack/events"
	default:
		f.said = "none"
		f.fix = "Set SLACK_APP_TOKEN (Socket Mode, no public address needed) or SLACK_SIGNING_SECRET (HTTP)"
	}
	return f
}

func things(n int) string {
	if n == 1 {
		return "1 thing"
	}
	return fmt.Sprintf("%d things", n)
}
