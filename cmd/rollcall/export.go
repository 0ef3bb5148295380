package main

import (
	"context"
	"fmt"

	"github.com/rollcall-bot/rollcall/bot/export"
	"github.com/rollcall-bot/rollcall/bot/guard"
	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/rest"
	"github.com/rollcall-bot/rollcall/bot/slackio"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
	"github.com/rollcall-bot/rollcall/storage"
)

// exportTargets are the names of where published RFOs go, in the order of the
// document.
func (c Config) exportTargets() []string {
	var all []string
	if c.Practice.RFOWebhook.URL != "" {
		all = append(all, targetWebhook)
	}
	if c.Practice.RFOGit.Remote != "" {
		all = append(all, targetGit)
	}
	if c.Practice.RFOCanvas {
		all = append(all, incident.CanvasTarget)
	}
	return all
}

const (
	targetWebhook = "webhook"
	targetGit     = "git"
)

// git is the repository of the settings.
func (c Config) git() export.Git {
	g := c.Practice.RFOGit
	to := export.Git{Remote: g.Remote, Branch: g.Branch, Token: c.RFO.GitToken.Reveal(), Email: g.Email, Guard: c.Practice.outgoing()}
	if g.PullRequest {
		token := rest.Token{Secret: to.Token, Variable: "ROLLCALL_RFO_GIT_TOKEN", May: "write the repository's pull requests"}
		to.Pulls = &export.Pulls{GitHub: rest.NewGitHub(c.Hooks.GitHubURL, token, c.Practice.outgoing()), Repo: g.repo()}
	}
	return to
}

// exports are the places that published RFOs are brought to.
func (s *server) exports() jobs.Exports {
	to := map[string]jobs.Exporter{}
	if hook := s.cfg.Practice.RFOWebhook; hook.URL != "" {
		to[targetWebhook] = export.NewWebhook(hook.URL, s.cfg.RFO.WebhookSecret.Reveal(), guard.Client(s.cfg.Practice.outgoing()), s.p.clock.Now)
	}
	if s.cfg.Practice.RFOGit.Remote != "" {
		to[targetGit] = s.cfg.git()
	}
	if s.cfg.Practice.RFOCanvas {
		to[incident.CanvasTarget] = slackio.Canvas{Client: s.slack}
	}
	return jobs.Exports{To: to, Paper: s.paper, Tracking: s.tracking()}
}

// paper makes a published revision as it leaves, with what people wrote into
// copies of it.
func (s *server) paper(ctx context.Context, id incident.ID, revision int, from string) (outbound.Paper, error) {
	var p outbound.Paper
	err := s.store.Write(ctx, func(tx *storage.Tx) error {
		inc, err := tx.RawIncident(id)
		if err != nil {
			return err
		}
		v, err := writtenAs(tx.Reader, inc, revision, s.cfg)
		if err != nil {
			return err
		}
		v.Overlays = inc.Review.Paper.Overlays
		d, at, err := documentAt(tx.Reader, inc, revision, s.cfg)
		if err != nil {
			return err
		}
		p = outbound.Paper{
			Incident: id, Key: inc.Key(), Name: rfoName(inc), Opened: inc.Identity.OpenedAt, Revision: revision, At: at.At,
		}
		edition := rfo.Edition(v.Markdown, v.Overlays, revision)
		p.Text = outbound.PaperText{Edition: edition, Plain: rfo.Plain(edition), JSON: rfo.JSON(d)}
		if !inc.Identity.Private {
			p.Title = incident.PlainText(inc.Identity.Title, people{tx.Reader})
		}
		return tx.SaveRevision(id, revision, storage.Revision{Body: string(v.Markdown), Overlays: v.Overlays})
	})
	if err != nil {
		return outbound.Paper{}, err
	}
	p.Take = func(ctx context.Context, found []byte) (outbound.Paper, error) {
		if _, err := takeBack(ctx, s.store, s.talk, s.cfg, id, found, from); err != nil {
			return outbound.Paper{}, fmt.Errorf("take edits back: %w", err)
		}
		next, err := s.paper(ctx, id, revision, from)
		next.Op, next.Channel, next.Last = p.Op, p.Channel, p.Last
		return next, err
	}
	return p, nil
}

// documentAt is the document as of a published revision.
func documentAt(r *storage.Reader, inc *incident.Incident, revision int, c Config) (rfo.Document, incident.Publication, error) {
	log, err := r.RawRecords(inc.ID, 1)
	if err != nil {
		return rfo.Document{}, incident.Publication{}, err
	}
	for _, p := range inc.Review.Revisions() {
		if p.Revision == revision && p.Seq <= int64(len(log)) {
			log = log[:p.Seq]
			if inc, err = incident.Fold(inc.ID, log); err != nil {
				return rfo.Document{}, incident.Publication{}, err
			}
			d, err := documentOf(r, inc, log, c)
			return d, p, err
		}
	}
	d, err := documentOf(r, inc, log, c)
	return d, incident.Publication{Revision: revision}, err
}
