package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/rollcall-bot/rollcall/storage"
)

// monitors says which addresses take alerts, and whether any came that could not
// be read.
func (d *doctor) monitors(ctx context.Context) []finding {
	f := finding{what: "monitors", said: "none can send alerts; ROLLCALL_ALERT_TOKEN is not set"}
	var ways []string
	if d.c.Server.AlertToken.IsSet() {
		ways = append(ways, "with the token of ROLLCALL_ALERT_TOKEN")
	}
	if len(d.c.Sentry.WebhookSecrets) > 0 {
		ways = append(ways, "signed with SENTRY_WEBHOOK_SECRET")
	}
	var own []string
	for _, m := range d.c.Practice.Monitors {
		own = append(own, m.Name)
	}
	if len(own) > 0 {
		ways = append(ways, "with what monitors of rollcall.yaml have ("+strings.Join(own, ", ")+")")
	}
	if len(ways) > 0 {
		f.said = "may send alerts " + strings.Join(ways, ", ")
	}
	odd, err := d.unread(ctx)
	switch {
	case err != nil: // the database is looked at by itself
	case odd > 0:
		f.said += fmt.Sprintf("; alerts of the last days that could not be read: %d", odd)
		f.warn, f.fix = true, "`rollcall unread` shows them and says why"
	}
	return []finding{f}
}

// unread counts the alerts that could not be read.
func (d *doctor) unread(ctx context.Context) (n int, err error) {
	s, err := storage.Open(ctx, d.p.storageOptions(d.c, d.p.quiet()))
	if err != nil {
		return 0, err
	}
	err = s.Read(ctx, func(r *storage.Reader) error {
		all, err := r.UnreadMessages()
		n = len(all)
		return err
	})
	return n, errors.Join(err, s.Close(context.WithoutCancel(ctx)))
}
