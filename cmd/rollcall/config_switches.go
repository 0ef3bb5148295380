package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/toggle"
)

// feature is one of the features in a column of rollcall.yaml.
type feature = toggle.Feature

// kindFeature is what can be switched off.
var kindFeature = kind[toggle.Feature]{noun: "one of announcements, paging, reminders, uploads", try: "paging", parse: func(s string) (toggle.Feature, error) {
	if f := toggle.Feature(strings.ToLower(s)); slices.Contains(toggle.Features, f) {
		return f, nil
	}
	return "", errNotOne
}}

// kindFeatures are several of them.
var kindFeatures = kind[[]toggle.Feature]{noun: kindFeature.noun, try: kindFeature.try, parse: func(s string) ([]toggle.Feature, error) {
	var all []toggle.Feature
	for one := range strings.SplitSeq(s, ",") {
		f, err := kindFeature.parse(strings.TrimSpace(one))
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}}

// switchedOff is what the environment or the file switches off: neither switches on
// again what the other one switched off.
func (c Config) switchedOff() []toggle.Feature {
	return slices.Concat(c.SwitchedOff, c.Practice.SwitchedOff)
}

// errFileGone says that the file of settings was there at the start. Editors take it
// away for a moment; what it switched off must not come back on for that long.
var errFileGone = errors.New("the file of settings is gone")

// switches are read from the file again while running.
func (p *program) switches(ctx context.Context, started Config, log *slog.Logger) (*toggle.Switches, error) {
	read := func() ([]toggle.Feature, error) {
		c, err := p.config()
		if err == nil && started.File != "" && c.File == "" {
			err = errFileGone
		}
		return c.switchedOff(), err
	}
	return toggle.New(ctx, read, p.clock.Now, log)
}
