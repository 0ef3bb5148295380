package main

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/pflag"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

type incidentsCmd struct {
	Open    bool
	Private bool
	JSON    bool
}

func (c *incidentsCmd) flags(f *pflag.FlagSet) {
	f.BoolVar(&c.Open, "open", false, "Only those that are going on.")
	f.BoolVar(&c.Private, "private", false, "Print what private ones are about, too.")
	f.BoolVar(&c.JSON, "json", false, "Print JSON.")
}

// listed is an incident in the list, as JSON.
type listed struct {
	Key       string    `json:"key"`
	Title     string    `json:"title,omitempty"` // left out of a private one
	Status    string    `json:"status"`
	Severity  int       `json:"severity"`
	Private   bool      `json:"private"`
	Drill     bool      `json:"drill"`
	Channel   string    `json:"channel,omitempty"`
	Leader    string    `json:"leader,omitempty"`
	OpenedAt  time.Time `json:"opened_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Run prints the list, the latest first.
func (c *incidentsCmd) Run(ctx context.Context, p *program) error {
	list := []listed{}
	err := p.withStore(ctx, func(s *storage.Store) error {
		return s.Read(ctx, func(r *storage.Reader) error {
			all, err := r.RawBriefs()
			for _, b := range all {
				if !c.Open || !b.Status.Over() {
					list = append(list, c.listed(b, people{r}))
				}
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
		return e.Encode(list)
	}
	if len(list) == 0 {
		p.say("No incidents.")
		return nil
	}
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	for _, l := range list {
		title := l.Title
		switch {
		case l.Private:
			title = "(private) " + title
		case l.Drill:
			title = "(drill) " + title
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\tsev%d\t%s\t%s\t%s\n", l.Key, l.Status, l.Severity, l.OpenedAt.Format("2006-01-02 15:04Z"), dash(l.Leader), title)
	}
	return w.Flush()
}

func (c *incidentsCmd) listed(b storage.Brief, names incident.Names) listed {
	l := listed{
		Key: incident.Key(b.Number), Title: printable(incident.PlainText(b.Title, names)), Status: string(b.Status), Severity: b.Severity,
		Private: b.Private, Drill: b.Drill, Channel: b.ChannelName, OpenedAt: b.OpenedAt, UpdatedAt: b.UpdatedAt,
	}
	if b.Leader != incident.System {
		l.Leader = printable(names.Name(b.Leader))
	}
	if b.Private && !c.Private {
		l.Title, l.Leader = "", ""
	}
	return l
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
