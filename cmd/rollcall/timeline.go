package main

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

type timelineCmd struct {
	Key     incidentKey
	Private bool
	JSON    bool
}

func (c *timelineCmd) flags(f *pflag.FlagSet) {
	f.BoolVar(&c.Private, "private", false, "Print it although the incident is private.")
	f.BoolVar(&c.JSON, "json", false, "Print JSON.")
}

func (c *timelineCmd) arguments() []argument { return []argument{keyArgument(&c.Key)} }

// told is a line of the timeline, as JSON.
type told struct {
	ID     string    `json:"id"`
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Kind   string    `json:"kind"`
	Text   string    `json:"text"`
	Edited bool      `json:"edited"`
}

// Run prints the whole timeline, in the order in which things happened.
func (c *timelineCmd) Run(ctx context.Context, p *program) error {
	lines := []told{}
	err := p.withStore(ctx, func(s *storage.Store) error {
		return s.Read(ctx, func(r *storage.Reader) error {
			inc, err := c.Key.read(r, c.Private)
			if err != nil {
				return err
			}
			log, err := r.RawRecords(inc.ID, 1)
			names := people{r}
			for _, l := range incident.Timeline(inc, log, names) {
				lines = append(lines, told{
					ID: incident.EntryID(l.Seq), At: l.At, By: printable(names.Name(l.By)), Kind: l.Kind, Text: printable(l.Text), Edited: l.Edited,
				})
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(p.stdout)
		e.SetIndent("", "  ")
		return e.Encode(lines)
	}
	for _, l := range lines {
		edited := ""
		if l.Edited {
			edited = " (edited)"
		}
		p.say("%s  %-4s %s: %s%s", l.At.Format("2006-01-02 15:04:05Z"), l.ID, l.By, strings.ReplaceAll(l.Text, "\n", "\n    "), edited)
	}
	return nil
}
