package main

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/rollcall-bot/rollcall/bot/checks"
)

// agent is how checks call themselves.
func agent() string { return "Rollcall/" + version() + " (synthetic check)" }

// checking runs the checks of the settings.
func (s *server) checking() part {
	runner := checks.New(checks.Options{
		Checks: s.cfg.Practice.siteChecks(), Store: s.store, Clock: s.p.clock, Take: s.intake().Take, Try: checks.NewProber(agent()).Try, Log: s.log,
		Jitter: func(limit time.Duration) time.Duration { return rand.N(limit) }, //nolint:gosec // not a secret
	})
	return part{name: "checks", run: runner.Run}
}

// checks tries every check of the settings once.
func (d *doctor) checks(ctx context.Context) []finding {
	prober := checks.NewProber(agent())
	var found []finding
	for _, c := range d.c.Practice.siteChecks() {
		f := finding{what: "check " + c.Name, said: "answers as it should at " + c.Place()}
		if why := prober.Try(ctx, c); why != "" {
			f.said, f.warn, f.fix = "fails at "+c.Place()+": "+why, true, "Look at the address, or at what is expected of it under `checks` in rollcall.yaml"
		}
		found = append(found, f)
	}
	return found
}
