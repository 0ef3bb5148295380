package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"github.com/rollcall-bot/rollcall/storage"
)

type unreadCmd struct {
	JSON bool
}

func (c *unreadCmd) flags(f *pflag.FlagSet) { f.BoolVar(&c.JSON, "json", false, "Print JSON.") }

// unreadBody bounds what is shown of a body, in characters; --json shows what is kept.
const unreadBody = 2000

// unreadMessage is an alert that could not be read, as JSON.
type unreadMessage struct {
	Source string    `json:"source"`
	Why    string    `json:"why"`
	Times  int64     `json:"times"`
	Last   time.Time `json:"last"`
	Size   int64     `json:"size"`
	Body   string    `json:"body"`
}

// Run prints alerts that came from the right sender and could not be read, the latest first.
func (c *unreadCmd) Run(ctx context.Context, p *program) error {
	list := []unreadMessage{}
	err := p.withStore(ctx, func(s *storage.Store) error {
		return s.Read(ctx, func(r *storage.Reader) error {
			all, err := r.UnreadMessages()
			for _, u := range all {
				list = append(list, unreadMessage{u.Source, printable(u.Why), u.Times, u.At, u.Size, u.Body})
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
		p.say("Every alert of the last seven days could be read.")
		return nil
	}
	for _, u := range list {
		body := []rune(printable(u.Body))
		if len(body) > unreadBody {
			body = append(body[:unreadBody], '…')
		}
		_, _ = fmt.Fprintf(p.stdout, "%s  %s, %s, %d bytes: %s\n    %s\n", u.Last.Format("2006-01-02 15:04Z"), u.Source, times(u.Times), u.Size, u.Why, string(body))
	}
	return nil
}

func times(n int64) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
