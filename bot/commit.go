package bot

import (
	"slices"
	"time"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// decide has a command decided and writes everything it leads to.
func (s *Service) decide(tx *storage.Tx, inc *incident.Incident, cmd incident.Command, stamp incident.Stamp, actor incident.Person) (incident.Decision, error) {
	facts, err := s.facts(tx, inc, cmd.Needs(), stamp, actor)
	if err != nil {
		return incident.Decision{}, err
	}
	d, err := incident.Decide(inc, cmd, stamp, facts)
	if err == nil {
		err = d.HoldBack(s.Store.Readable)
	}
	if err != nil {
		return incident.Decision{}, s.giveBack(tx, inc, facts, err)
	}
	if len(d.Events) == 0 && len(d.Effects) == 0 {
		return d, nil
	}
	return d, s.commit(tx, inc, stamp, d, facts.Policy)
}

// giveBack returns the number and the room that a refused command would have used.
func (s *Service) giveBack(tx *storage.Tx, inc *incident.Incident, f incident.Facts, refused error) error {
	if f.Room.URL != "" {
		if err := tx.ReturnRoom(f.Room.URL, inc.ID); err != nil {
			return err
		}
	}
	if f.Number == 0 {
		return refused
	}
	if err := tx.ReturnNumber(f.Number); err != nil {
		return err
	}
	return refused
}

// commit writes a decision: its events, and whatever they make stale, due or
// wanted.
func (s *Service) commit(tx *storage.Tx, inc *incident.Incident, stamp incident.Stamp, d incident.Decision, policy *incident.Policy) error {
	s.before = incident.AppendDues(s.before[:0], inc, policy)
	over := inc.Life.Status.Over()
	if _, err := tx.Append(inc, stamp, d.Events); err != nil {
		return err
	}
	if inc.Life.Status.Over() && !over {
		if err := tx.RevokePasses(inc.ID); err != nil {
			return err
		}
	}
	if err := s.admit(tx, inc, stamp, d); err != nil {
		return err
	}
	if err := noteWaits(tx, inc.ID, d.Events); err != nil {
		return err
	}
	if s.due = incident.AppendDues(s.due[:0], inc, policy); !slices.Equal(s.before, s.due) {
		if err := tx.SetDues(inc.ID, s.due); err != nil {
			return err
		}
	}
	return s.post(tx, inc, d)
}

// post stores what has to reach Slack, and wakes the worker that carries it there.
func (s *Service) post(tx *storage.Tx, inc *incident.Incident, d incident.Decision) error {
	var keys []string
	for _, e := range d.Events {
		keys = append(keys, e.Keys()...)
	}
	cards := incident.CardsOf(inc.Identity.Private, keys)
	if !s.CallBlock {
		cards = slices.DeleteFunc(cards, func(c incident.Card) bool { return c == incident.CallCard })
	}
	if len(cards) == 0 && len(d.Effects) == 0 {
		return nil
	}
	s.changes.Add(1)
	if err := tx.TouchCards(inc.ID, cards); err != nil {
		return err
	}
	if err := tx.AddEffects(inc.ID, d.Effects); err != nil {
		return err
	}
	return tx.Wake(inc.ID, DrainArgs{Incident: inc.ID}, nil)
}

// DrainArgs is the job that carries out an incident's outbound work.
type DrainArgs struct {
	Incident incident.ID `json:"incident"`
}

// Kind is "drain".
func (DrainArgs) Kind() string { return "drain" }

// DrainQueue is the queue of drains: they take long, and what people wait for
// (answers, reminders) must not stand behind them.
const DrainQueue = "drain"

// InsertOpts puts a drain into its queue.
func (DrainArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: DrainQueue} }

// admit notes who is or will be in the incident's channel: whoever opened it and
// whoever is invited. For a private incident that is who may see it.
func (s *Service) admit(tx *storage.Tx, inc *incident.Incident, stamp incident.Stamp, d incident.Decision) error {
	for _, e := range d.Effects {
		if e.Kind != incident.Invite {
			continue
		}
		for _, p := range e.People {
			if err := tx.AddMember(inc.ID, p, stamp.At); err != nil {
				return err
			}
		}
	}
	return nil
}

// facts reads what a command needs to know from outside its incident.
func (s *Service) facts(tx *storage.Tx, inc *incident.Incident, n incident.Needs, stamp incident.Stamp, actor incident.Person) (incident.Facts, error) {
	f := incident.Facts{Actor: actor, Policy: storage.Shared(tx, s.practice)}
	var err error
	if n.Number {
		if f.Number, err = tx.NextNumber(); err != nil {
			return f, err
		}
	}
	if n.Recent {
		if f.Recent, err = recent(tx.Reader, actor.ID, stamp.At); err != nil {
			return f, err
		}
	}
	if n.Entry > 0 {
		if f.Entry, err = entry(tx.Reader, inc, n.Entry); err != nil {
			return f, err
		}
	}
	if len(n.Rooms) > 0 {
		if f.Room, err = s.room(tx, inc.ID, n.Rooms); err != nil {
			return f, err
		}
	}
	f.People = make(map[incident.PersonID]incident.Person, len(n.People))
	for _, id := range n.People {
		p, err := tx.Person(id)
		if storage.IsNotFound(err) {
			continue
		}
		if err != nil {
			return f, err
		}
		known, err := s.person(tx.Reader, p)
		if err == nil {
			known.InChannel, err = tx.IsMember(inc.ID, id)
		}
		if err != nil {
			return f, err
		}
		f.People[id] = known
	}
	return f, nil
}

func recent(r *storage.Reader, actor incident.PersonID, now time.Time) ([]incident.Brief, error) {
	found, err := r.VisibleSince(actor, now.Add(-incident.SameWindow))
	var list []incident.Brief
	for _, b := range found {
		list = append(list, inBrief(b))
	}
	return list, err
}

// inBrief is what the domain may know of another incident.
func inBrief(b storage.Brief) incident.Brief {
	return incident.Brief{
		ID: b.ID, Number: b.Number, Title: b.Title, Status: b.Status, Severity: b.Severity, OpenedAt: b.OpenedAt,
		Private: b.Private, Drill: b.Drill,
	}
}

// entry is one record of the log, nil when there is none.
func entry(r *storage.Reader, inc *incident.Incident, seq int64) (*incident.Record, error) {
	if seq > inc.Head {
		return nil, nil //nolint:nilnil // no record is an answer of its own here
	}
	log, err := r.RawRecords(inc.ID, seq)
	if err != nil || len(log) == 0 {
		return nil, err
	}
	return &log[0], nil
}

// person is what the domain may know of somebody.
func (s *Service) person(r *storage.Reader, p storage.Person) (incident.Person, error) {
	full, err := r.IsFull(p.ID)
	return incident.Person{
		ID: p.ID, Zone: s.zone(p.Zone), Full: full, Bot: p.Bot, Inactive: p.Deleted,
	}, err
}

// zone finds a person's time zone, the team's when theirs is not known.
func (s *Service) zone(name string) *time.Location {
	if name == "" {
		return s.Policy.Zone
	}
	if z, ok := s.zones.Load(name); ok {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		z = s.Policy.Zone
	}
	s.zones.Store(name, z)
	return z
}
