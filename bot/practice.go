package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// practice is what the operator configured, with the time zones of people as they
// are stored at this moment, because reminders keep to their working hours, and
// with the executives as far as Slack has said who they are.
func (s *Service) practice(r *storage.Reader) *incident.Policy {
	p := *s.Policy
	p.ZoneOf = func(id incident.PersonID) *time.Location {
		who, err := r.Person(id)
		if err != nil || who.Zone == "" {
			return nil // the team's zone holds
		}
		return s.zone(who.Zone)
	}
	p.Around = s.around(r)
	for _, name := range s.Executives {
		if id, ok := s.named(r, name); ok {
			p.Executives = append(slices.Clip(p.Executives), id)
		}
	}
	for _, name := range s.RollbackBy {
		if id, ok := s.named(r, name); ok {
			p.Hooks.By = append(slices.Clip(p.Hooks.By), id)
		} else {
			p.Hooks.Named = append(slices.Clip(p.Hooks.Named), name)
		}
	}
	return &p
}

// named is somebody whom the settings name by Slack id or e-mail address; ok is
// false while Slack has not said who that is.
func (s *Service) named(r *storage.Reader, name string) (incident.PersonID, bool) {
	if !strings.Contains(name, "@") {
		p, err := r.PersonBySlack(name)
		return p.ID, err == nil && !p.Deleted
	}
	p, ok, err := r.PersonByEmail(name)
	return p.ID, ok && err == nil
}

// LeftArgs is the job of somebody who was deactivated: what was theirs to do
// needs another person.
type LeftArgs struct {
	Person incident.PersonID `json:"person"`
}

// Kind is "person.left".
func (LeftArgs) Kind() string { return "person.left" }

// Left finds another person for the actions of one who left. It may be repeated:
// an action that was reported is not reported again.
func (s *Service) Left(ctx context.Context, who incident.PersonID) error {
	var theirs []incident.ID
	err := s.Store.Read(ctx, func(r *storage.Reader) error {
		theirs = nil
		all, err := r.RawUnfinished()
		if err != nil {
			return err
		}
		for _, b := range all {
			if b.Status == incident.Cancelled {
				continue
			}
			inc, err := r.RawIncident(b.ID)
			if err != nil {
				return err
			}
			for _, a := range inc.Review.Actions {
				if a.State == incident.ActionOpen && a.Owner == who && !a.Orphan {
					theirs = append(theirs, b.ID)
					break
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, id := range theirs {
		err := s.Do(ctx, id, incident.OrphanActions{Who: who})
		var refused *incident.Error
		if err != nil && !errors.As(err, &refused) {
			return err
		}
	}
	return nil
}
