package main

import (
	"github.com/rollcall-bot/rollcall/bot/export"
	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/rest"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
	"github.com/rollcall-bot/rollcall/storage"
)

// issues is the tracker of the settings.
func (c Config) issues() export.Issues {
	token := rest.Token{Secret: c.RFO.TrackerToken.Reveal(), Variable: "ROLLCALL_TRACKER_TOKEN", May: "write to the repository's issues"}
	return export.Issues{
		GitHub: rest.NewGitHub(c.Hooks.GitHubURL, token, c.Practice.outgoing()), Repo: c.Practice.Tracker.GitHub, Label: c.Practice.Tracker.Label,
	}
}

// tracking is what keeps an issue for each action; nothing when no tracker is set.
func (s *server) tracking() jobs.Tracking {
	if s.cfg.Practice.Tracker.GitHub == "" {
		return jobs.Tracking{}
	}
	return jobs.Tracking{To: s.cfg.issues(), Ticket: s.ticket, Zone: s.cfg.Practice.Timezone}
}

// ticket words an action for the tracker.
func (s *server) ticket(r *storage.Reader, inc *incident.Incident, number int) outbound.Ticket {
	t := outbound.Ticket{Mark: string(inc.ID) + "/" + incident.ActionID(number)}
	a, ok := inc.Review.Action(number)
	if !ok {
		t.Gone = true
		t.Text = "This action was taken back."
		return t
	}
	if a.Issued {
		t.Link = a.Tracker
	}
	t.State, t.Since = a.State, a.AddedAt
	t.Title, t.Text = rfo.Issue(inc, a, people{r}, s.cfg.Server.PublicURL)
	return t
}
