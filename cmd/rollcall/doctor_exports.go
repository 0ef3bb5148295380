package main

import (
	"context"
	"net/url"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/export"
	"github.com/rollcall-bot/rollcall/bot/guard"
	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// exports checks that published RFOs could get to where they are to go, as far as
// that can be told without sending one.
func (d *doctor) exports(ctx context.Context) []finding {
	var found []finding
	if address := d.c.Practice.RFOWebhook.URL; address != "" {
		found = append(found, d.webhook(ctx, address))
	}
	if d.c.Practice.RFOGit.Remote != "" {
		found = append(found, d.git(ctx))
	}
	if d.c.Practice.RFOCanvas {
		found = append(found, d.canvas(ctx))
	}
	if d.c.Practice.Tracker.GitHub != "" {
		found = append(found, d.tracker(ctx))
	}
	return found
}

// tracker checks that the repository of issues is there; whether they may be written
// is told by the first one.
func (d *doctor) tracker(ctx context.Context) finding {
	t := d.c.Practice.Tracker
	f := finding{what: "tracker", said: "actions get issues at " + t.GitHub}
	if why := d.c.issues().Look(ctx); why != "" {
		f.said, f.fix = "no action can get an issue at "+t.GitHub+": "+why, "Look at tracker.github in rollcall.yaml and at ROLLCALL_TRACKER_TOKEN"
	}
	return f
}

// canvas says what the last RFO that was published came to: whether a workspace has
// canvases, Slack says only when one is made. The scope is looked at with the others.
func (d *doctor) canvas(ctx context.Context) finding {
	f := finding{what: "export to canvas", said: "each published RFO becomes the canvas of its channel"}
	why := ""
	err := d.p.withStore(ctx, func(s *storage.Store) error {
		return s.Read(ctx, func(r *storage.Reader) (err error) {
			why, err = r.Meta(jobs.MetaUnavailable + incident.CanvasTarget)
			return err
		})
	})
	if err == nil && why != "" {
		f.said, f.warn = "the last RFO got none: "+strings.TrimSuffix(why, "."), true
		f.fix = "RFOs are files in their channels all the same; remove rfo_canvas from rollcall.yaml when that is enough"
	}
	return f
}

// git checks that the repository can be read; whether it may be written is told by
// the first push.
func (d *doctor) git(ctx context.Context) finding {
	g := d.c.git()
	f := finding{what: "export to git", said: "branch " + g.Branch + " of " + g.Remote}
	found, err := g.Look(ctx)
	switch fail := outbound.FailureOf(err); {
	case fail != nil && fail.Fix != "":
		f.said, f.fix = "cannot be reached at "+g.Remote, strings.TrimSuffix(fail.Fix, ".")
	case fail != nil:
		f.said, f.fix = "cannot be reached at "+g.Remote, "Look at rfo_git.remote in rollcall.yaml and at the network"
	case g.Pulls != nil:
		f.said = "pull requests to " + f.said + " as " + g.Pulls.Repo
		if why := g.Pulls.Look(ctx); why != "" {
			f.said, f.fix = "no pull request can be opened at "+g.Pulls.Repo+": "+why, "Look at rfo_git.remote in rollcall.yaml and at ROLLCALL_RFO_GIT_TOKEN"
		} else if !found {
			f.fix = "Make the branch: a pull request cannot be merged into one that is not there"
		}
	case !found:
		f.said += ", which the first export makes"
	}
	return f
}

func (d *doctor) webhook(ctx context.Context, address string) finding {
	f := finding{what: "export to the webhook", said: "would be sent to " + export.Place(address)}
	u, err := url.Parse(address)
	if err != nil {
		f.said, f.fix = "has no address", "Mend rfo_webhook.url in rollcall.yaml"
		return f
	}
	if err := guard.Look(ctx, d.c.Practice.outgoing(), u); err != nil {
		f.said, f.fix = err.Error(), "Mend rfo_webhook.url, or name the host under outgoing.allow_hosts in rollcall.yaml"
	}
	return f
}
