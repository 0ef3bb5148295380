package bot

import (
	"context"
	"slices"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// DigestArgs is the job of the weekly digest.
type DigestArgs struct {
	Op string    `json:"op"` // identity of the message
	At time.Time `json:"at"` // when it was due
}

// Kind is "digest".
func (DigestArgs) Kind() string { return "digest" }

// digestLines bounds how many are named with whoever owes them.
const digestLines = 15

// week is what one digest says.
type week struct {
	open, overdue, escalated, owed int
	debts                          []incident.Args // who owes what, overdue actions first
	late                           []incident.Args // escalated actions whose date is still to come
	papers                         []incident.Args // RFOs
}

// Digest is what is open across incidents, for the announcement channel, and who owes
// it. Nothing of private incidents and of drills is in it, and of no action what it
// says. ok is false when there is nothing to say.
func (s *Service) Digest(ctx context.Context) (text incident.Say, ok bool, err error) {
	var w week
	err = s.Store.Read(ctx, func(r *storage.Reader) error {
		w = week{}
		policy := s.practice(r)
		today := incident.CivilOf(s.Clock.Now(), s.Policy.Zone)
		briefs, err := r.RawUnfinished()
		if err != nil {
			return err
		}
		slices.SortFunc(briefs, func(a, b storage.Brief) int { return a.Number - b.Number })
		for _, b := range briefs {
			if b.Private || b.Drill || b.Status == incident.Cancelled {
				continue
			}
			inc, err := r.RawIncident(b.ID)
			if err != nil {
				return err
			}
			w.add(inc, policy, today)
		}
		return nil
	})
	owing := slices.Concat(w.debts, w.late, w.papers)
	return incident.Say{ID: "digest.week", Args: incident.Args{
		"open": w.open, "overdue": w.overdue, "escalated": w.escalated, "owed": w.owed,
		"debts": owing[:min(len(owing), digestLines)], "more": max(0, len(owing)-digestLines),
	}}, w.open+w.owed > 0 && err == nil, err
}

// add counts what is open of an incident.
func (w *week) add(inc *incident.Incident, policy *incident.Policy, today incident.Civil) {
	for _, a := range inc.Review.Actions {
		if a.State != incident.ActionOpen {
			continue
		}
		w.open++
		debt := incident.Args{
			"key": inc.Key(), "id": a.ID(), "who": a.Owner, "due": a.Due, "overdue": a.Due.Before(today), "escalated": a.Escalated(), "orphan": a.Orphan,
		}
		if a.Escalated() {
			w.escalated++
		}
		switch {
		case a.Due.Before(today):
			w.overdue++
			w.debts = append(w.debts, debt)
		case a.Escalated():
			w.late = append(w.late, debt)
		}
	}
	if _, due := inc.RFODue(policy); due {
		w.owed++
		w.papers = append(w.papers, incident.Args{"key": inc.Key(), "id": "", "who": inc.Reviewer()})
	}
}
