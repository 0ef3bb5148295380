package main

import (
	"context"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/api"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
	"github.com/rollcall-bot/rollcall/storage"
)

// api is the way in for programs.
func (s *server) api() *api.Server {
	return api.New(api.Options{
		Token: s.cfg.Server.APIToken.Reveal(), ReadToken: s.cfg.Server.APIReadToken.Reveal(),
		Store: s.store, Door: measured{Door: s.talk, metrics: s.metrics, now: s.p.wall},
		Line: s.local.escaped,
		Choices: func(ctx context.Context, a bot.Answer) []api.Choice {
			var out []api.Choice
			for _, c := range s.local.choices(ctx, a) {
				out = append(out, api.Choice{Label: printable(c.Label), Text: printable(c.Line), Confirmed: c.Confirmed, URL: c.URL})
			}
			return out
		},
		Document: func(r *storage.Reader, inc *incident.Incident) (rfo.Document, error) { return document(r, inc, s.cfg) },
		Zone:     s.cfg.Practice.Timezone, Now: s.p.clock.Now, Version: version(), Log: s.log,
	})
}
