package jobs

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/toggle"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// suggestWorker shows an alarm in the announcement channel.
type suggestWorker struct {
	river.WorkerDefaults[bot.SuggestArgs]
	w *Workers
}

func (s *suggestWorker) Work(ctx context.Context, job *river.Job[bot.SuggestArgs]) error {
	w, id := s.w, job.Args.Alarm
	if !w.On(ctx, toggle.Announcements) {
		return snooze(offWait)
	}
	channel, err := w.announce.find(ctx, w)
	if f := outbound.FailureOf(err); f != nil {
		return snooze(max(f.Wait, backoff(id, tries(job))))
	}
	if channel == "" {
		w.Log.ErrorContext(ctx, "an alarm could not be suggested: there is no announcement channel", slog.String("alarm", id))
		return nil
	}
	text, buttons, ok, err := w.Decider.Suggestion(ctx, id)
	if err != nil {
		return snooze(backoff(id, tries(job)))
	}
	if !ok {
		return nil // somebody was faster, or the alarm is over
	}
	who := &crew{ctx: ctx, store: w.Store, known: map[incident.PersonID]storage.Person{}}
	p := outbound.Post{
		Op: "alarm/" + id, To: outbound.Place{Channel: channel}, Say: text, View: outbound.View{Who: who, BaseURL: w.BaseURL},
		Since: job.Args.At, Again: tries(job) > 1,
	}
	if p.Since.IsZero() {
		p.Since = job.CreatedAt
	}
	for _, b := range buttons {
		p.Buttons = append(p.Buttons, outbound.Button{Label: b.Label, Offer: b.Offer})
	}
	_, err = w.Slack.Post(ctx, p)
	f := outbound.FailureOf(err)
	w.counts.note(f)
	switch {
	case f == nil:
		return nil
	case f.End == outbound.Refused:
		w.announce.forget(w.Clock.Now())
		w.Log.ErrorContext(ctx, "an alarm could not be suggested", slog.Any("error", f), slog.String("fix", f.Fix))
		return nil
	default:
		return snooze(max(f.Wait, backoff(id, tries(job))))
	}
}

// Directory finds the people of a paging system. A Pager may be one.
type Directory interface {
	// Contact is a person by their id over there.
	Contact(ctx context.Context, id string) (outbound.OnCall, error)
	// OnCallOf lists who is on call for an escalation policy.
	OnCallOf(ctx context.Context, policy string) ([]outbound.OnCall, error)
}

// summonTries is how often a paging system is asked for addresses before its
// people are named in the channel instead.
const summonTries = 4

// summonScope is where it is noted whom an incident has been told of already.
const summonScope = "alarm.summoned"

// summonWorker invites the people to whom an alarm was given, by their e-mail
// addresses, and names those who are not in Slack.
type summonWorker struct {
	river.WorkerDefaults[bot.SummonArgs]
	w *Workers
}

// summoned is what became of the people.
type summoned struct {
	invite  []incident.PersonID
	missing []string
	keys    []string // of who need not be looked for again
}

func (s *summonWorker) Work(ctx context.Context, job *river.Job[bot.SummonArgs]) error {
	a := job.Args
	key := func(r bot.Responder) string {
		return string(a.Incident) + "/" + a.Source + "/" + r.ID + r.Email + r.Name
	}
	who, err := s.fresh(ctx, a.Who, key)
	if errors.Is(err, errNoRoster) && tries(job) <= rosterTries {
		return snooze(backoff(string(a.Incident), tries(job))) // who is in Slack is still being read
	}
	if err != nil && !errors.Is(err, errNoRoster) {
		return snooze(backoff(string(a.Incident), tries(job)))
	}
	var out summoned
	for _, r := range who {
		contacts, err := s.contacts(ctx, r)
		if f := outbound.FailureOf(err); f != nil {
			s.w.Log.WarnContext(ctx, "the address of somebody who has the alarm could not be looked up", slog.Any("error", f), slog.String("fix", f.Fix))
			if f.End != outbound.Refused && tries(job) < summonTries {
				return snooze(max(f.Wait, backoff(string(a.Incident), tries(job))))
			}
			contacts = nil
			if !r.OnCall {
				contacts = []outbound.OnCall{{Name: r.Name}}
			}
		}
		if err := s.match(ctx, a.Incident, contacts, &out); err != nil {
			return snooze(backoff(string(a.Incident), tries(job)))
		}
		out.keys = append(out.keys, key(r))
	}
	if err := s.tell(ctx, a, out); err != nil {
		return snooze(backoff(string(a.Incident), tries(job)))
	}
	return nil
}

// errNoRoster says that Slack's list of people has not been read yet.
var errNoRoster = errors.New("the list of people has not been read yet")

// rosterTries is how often it is waited for before people are looked for among
// those who are known.
const rosterTries = 8

// fresh are the people who were not looked for before.
func (s *summonWorker) fresh(ctx context.Context, all []bot.Responder, key func(bot.Responder) string) (who []bot.Responder, err error) {
	err = s.w.Store.Read(ctx, func(r *storage.Reader) error {
		for _, one := range all {
			_, err := r.Claimed(summonScope, key(one))
			if storage.IsNotFound(err) {
				who = append(who, one)
			} else if err != nil {
				return err
			}
		}
		_, err := r.Meta(bot.MetaRoster)
		if storage.IsNotFound(err) {
			return errNoRoster
		}
		return err
	})
	return who, err
}

// contacts are the people that a responder stands for, with their addresses as
// far as the paging system tells them.
func (s *summonWorker) contacts(ctx context.Context, r bot.Responder) ([]outbound.OnCall, error) {
	directory, ok := s.w.Pager.(Directory)
	switch {
	case r.OnCall && !ok:
		return nil, nil // a policy is nobody to call
	case r.OnCall:
		return directory.OnCallOf(ctx, r.ID)
	case r.Email != "" || r.ID == "" || !ok:
		return []outbound.OnCall{{Name: r.Name, Email: r.Email}}, nil
	}
	c, err := directory.Contact(ctx, r.ID)
	if c.Name == "" {
		c.Name = r.Name
	}
	return []outbound.OnCall{c}, err
}

// match finds people in Slack: by their address, or by Slack's id where the
// settings name it.
func (s *summonWorker) match(ctx context.Context, id incident.ID, contacts []outbound.OnCall, out *summoned) error {
	return s.w.Store.Read(ctx, func(r *storage.Reader) error {
		everybody, err := r.AllPeople()
		if err != nil {
			return err
		}
		for _, c := range contacts {
			found := false
			for _, p := range everybody {
				if p.Deleted || p.Bot || p.SlackID != c.Name && (c.Email == "" || !strings.EqualFold(p.Email, c.Email)) {
					continue
				}
				found = true
				if in, err := r.IsMember(id, p.ID); err != nil {
					return err
				} else if !in {
					out.invite = append(out.invite, p.ID)
				}
				break
			}
			if !found {
				out.missing = append(out.missing, c.Name)
			}
		}
		return nil
	})
}

// tell has the people invited and the others named, and notes that it was done.
// Should the program end in between, they are invited or named once more.
func (s *summonWorker) tell(ctx context.Context, a bot.SummonArgs, out summoned) error {
	if len(out.invite) > 0 {
		if err := s.decide(ctx, a.Incident, incident.InvitePeople{Who: out.invite}); err != nil {
			return err
		}
	}
	if len(out.missing) > 0 {
		if err := s.decide(ctx, a.Incident, incident.MissPeople{Source: a.Source, Names: out.missing}); err != nil {
			return err
		}
	}
	return s.w.Store.Write(ctx, func(tx *storage.Tx) error {
		for _, key := range out.keys {
			if _, _, err := tx.Claim(summonScope, key, a.Incident); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *summonWorker) decide(ctx context.Context, id incident.ID, cmd incident.Command) error {
	err := s.w.Decider.Do(ctx, id, cmd)
	if isRefusal(err) {
		s.w.Log.WarnContext(ctx, "people with an alarm could not be brought in", slog.String("verb", cmd.Verb()), slog.Any("error", err))
		return nil
	}
	return err
}

// isRefusal says whether an error is the domain's.
func isRefusal(err error) bool {
	var refused *incident.Error
	return errors.As(err, &refused)
}
