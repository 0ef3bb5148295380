package bot

import (
	"context"
	"slices"
	"strings"
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

// digestKeys bounds how many are named of each sort.
const digestKeys = 10

// Digest is what is open across incidents, for the announcement channel: actions
// and RFOs that are owed, by their keys. Nothing of private incidents and of drills
// is in it. ok is false when there is nothing to say.
func (s *Service) Digest(ctx context.Context) (text incident.Say, ok bool, err error) {
	var open int
	var overdue, escalated, owed []string
	err = s.Store.Read(ctx, func(r *storage.Reader) error {
		open, overdue, escalated, owed = 0, nil, nil, nil
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
			for _, a := range inc.Review.Actions {
				if a.State != incident.ActionOpen {
					continue
				}
				open++
				if a.Due.Before(today) {
					overdue = append(overdue, inc.Key()+" "+a.ID())
				}
				if a.Escalated() {
					escalated = append(escalated, inc.Key()+" "+a.ID())
				}
			}
			if _, due := inc.RFODue(policy); due {
				owed = append(owed, inc.Key())
			}
		}
		return nil
	})
	return incident.Say{ID: "digest.week", Args: incident.Args{
		"open": open, "overdue": len(overdue), "overdue_keys": someOf(overdue), "escalated": len(escalated), "escalated_keys": someOf(escalated),
		"owed": len(owed), "owed_keys": someOf(owed),
	}}, open+len(owed) > 0 && err == nil, err
}

// someOf names the first of a list.
func someOf(keys []string) string {
	text := strings.Join(keys[:min(len(keys), digestKeys)], ", ")
	if len(keys) > digestKeys {
		text += ", …"
	}
	return text
}
