package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/pflag"

	"github.com/rollcall-bot/rollcall/rfo"
	"github.com/rollcall-bot/rollcall/storage"
)

type trendsCmd struct {
	JSON bool
}

func (c *trendsCmd) flags(f *pflag.FlagSet) {
	f.BoolVar(&c.JSON, "json", false, "Print JSON; lengths are in seconds.")
}

// Run prints the figures of all resolved incidents side by side. They are sums:
// private incidents count, and none is named.
func (c *trendsCmd) Run(ctx context.Context, p *program) error {
	settings, err := p.config()
	if err != nil {
		return err
	}
	var docs []rfo.Document
	err = p.withStore(ctx, func(s *storage.Store) error {
		return s.Read(ctx, func(r *storage.Reader) error {
			all, err := r.RawBriefs()
			for _, b := range all {
				if life := (rfo.Life{Status: b.Status, Drill: b.Drill}); !rfo.Counts(life) { // its log need not be read
					docs = append(docs, rfo.Document{Head: rfo.Head{Incident: life}})
					continue
				}
				inc, err := r.RawIncident(b.ID)
				if err != nil {
					return err
				}
				d, err := document(r, inc, settings)
				if err != nil {
					return err
				}
				docs = append(docs, d)
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	t := rfo.Compare(docs)
	if c.JSON {
		e := json.NewEncoder(p.stdout)
		e.SetIndent("", "  ")
		return e.Encode(t)
	}
	return p.trends(t)
}

// trends prints the figures as a table.
func (p *program) trends(t rfo.Trends) error {
	p.say("%d resolved incidents; %d left out: drills, cancelled, merged, and those that go on.", t.Incidents, t.LeftOut)
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "\tmedian\tp90\tn\tmissing\tfrom … to")
	for _, f := range t.Figures {
		median, p90 := "-", "-"
		if f.N > 0 {
			median, p90 = f.Median.String(), f.P90.String()
		}
		n := strconv.Itoa(f.N)
		if f.Loose > 0 {
			n += fmt.Sprintf(" (%d not exact)", f.Loose)
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\n", f.Name, median, p90, n, f.Missing, f.Definition)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print the figures: %w", err)
	}
	found, known := t.FoundByCustomers()
	p.say("Found first by customers: %d of %d.", found, known)
	for _, s := range t.Sources {
		if s.N > 0 {
			p.say("  %s: %d", cmp.Or(s.Source, "nobody said"), s.N)
		}
	}
	return nil
}
