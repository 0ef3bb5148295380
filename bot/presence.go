package bot

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// Present is the Happening of somebody who wrote or reacted in a channel. What
// they wrote is no part of it.
const Present = "present"

// presenceMemory bounds how many people and channels are remembered between looks.
const presenceMemory = 10_000

// presence remembers who was seen where a moment ago, so that most messages cost
// nothing but a look into it. Losing it costs one more row.
type presence struct {
	mu   sync.Mutex
	last map[string]time.Time
}

// fresh says whether somebody was not seen there within the grain, and notes that
// they are.
func (p *presence) fresh(channel, user string, now time.Time) bool {
	key := channel + " " + user
	p.mu.Lock()
	defer p.mu.Unlock()
	if last, ok := p.last[key]; ok && now.Sub(last) < incident.PresenceGrain && !now.Before(last) {
		return false
	}
	if p.last == nil || len(p.last) >= presenceMemory {
		p.last = map[string]time.Time{}
	}
	p.last[key] = now
	return true
}

// see notes that somebody is there, at most once a minute, and never what they
// say. In a channel that is no incident's nothing is kept. What could not be
// stored is not asked for again: the next message will do.
func (s *Service) see(ctx context.Context, channel, user string) {
	if channel == "" || user == "" || !s.presence.fresh(channel, user, s.Clock.Now()) {
		return
	}
	id, who, err := s.seenWhere(ctx, channel, user)
	if err == nil && who != incident.System {
		err = s.Store.Write(ctx, func(tx *storage.Tx) error { return s.saw(tx, id, who) })
	}
	if err != nil && !storage.IsNotFound(err) {
		s.Log.DebugContext(ctx, "that somebody was there is not noted", "error", err)
	}
}

// seenWhere is the incident of a channel and the person; System for an app, and
// for an incident that is over.
func (s *Service) seenWhere(ctx context.Context, channel, user string) (id incident.ID, who incident.PersonID, err error) {
	err = s.Store.Read(ctx, func(r *storage.Reader) error {
		var err error
		if id, err = r.RawByChannel(channel); err != nil {
			return err
		}
		inc, err := r.RawIncident(id)
		if err != nil || inc.Life.Status.Over() {
			return err
		}
		p, err := r.PersonBySlack(user)
		if err == nil && !p.Bot && !p.Deleted {
			who = p.ID
		}
		return err
	})
	return id, who, err
}

// saw stores it. The clock that asks after a silent leader is set again when it
// has rung before: nothing in the log tells that the leader is back.
func (s *Service) saw(tx *storage.Tx, id incident.ID, who incident.PersonID) error {
	if err := tx.Saw(id, who, s.Clock.Now()); err != nil {
		return err
	}
	inc, err := tx.RawIncident(id)
	if err != nil || inc.Leadership.Leader != who {
		return err
	}
	silent := func(d incident.Due) bool { return d.Kind == incident.SilentLeader }
	dues := incident.Dues(inc, s.practice(tx.Reader))
	at := slices.IndexFunc(dues, silent)
	if at < 0 {
		return nil
	}
	had, err := tx.Dues(id)
	if err != nil || slices.ContainsFunc(had, silent) { // an earlier one looks again by itself
		return err
	}
	return tx.SetDues(id, append(had, dues[at]))
}

// around is what a decision may know of the world around an incident.
func (s *Service) around(r *storage.Reader) incident.Surroundings {
	return incident.Surroundings{
		Seen: func(id incident.ID) map[incident.PersonID]incident.Presence {
			seen, err := r.RawSeen(id)
			if err != nil {
				return nil // whoever gave a command is still known
			}
			return seen
		},
		OnCall:    func(services []string) []incident.PersonID { return s.onCall(r, services) },
		Followers: func(services []string) []incident.PersonID { return s.followers(r, services) },
		Exports:   s.Exports,
		Tracker:   s.Tracker,
	}
}

// followers are the full members who follow one of some services; a guest would
// be told of what they cannot see.
func (s *Service) followers(r *storage.Reader, services []string) (people []incident.PersonID) {
	for _, name := range services {
		all, err := r.Followers(name)
		if err != nil {
			continue // an incident must not fail for who else would like to hear of it
		}
		for _, who := range all {
			if full, err := r.IsFull(who); err == nil && full && !slices.Contains(people, who) {
				people = append(people, who)
			}
		}
	}
	return people
}

// onCallAge is how old PagerDuty's word may be for somebody to be nominated by it.
const onCallAge = time.Hour

// onCall is who is on call for services as PagerDuty last said, as far as Slack
// has told who they are.
func (s *Service) onCall(r *storage.Reader, services []string) (people []incident.PersonID) {
	list, known, err := onCallKnown(r)
	if err != nil || !known || s.Clock.Now().Sub(list.At) > onCallAge {
		return nil
	}
	for _, of := range list.Ways {
		if !slices.Contains(services, of.Service) {
			continue
		}
		for _, p := range of.People {
			if who, ok, err := r.PersonByEmail(p.Email); err == nil && ok && !slices.Contains(people, who.ID) {
				people = append(people, who.ID)
			}
		}
	}
	return people
}

// notedPresence says of an answer that nothing in the log tells that whoever asked
// was there: looking and being refused leave no event.
func notedPresence(a Answer) bool {
	return slices.Contains([]Kind{Shown, Refused, Asked, Silent}, a.Kind)
}
