package incident

import "slices"

// CopyPrivately opens a private incident that goes on where a public one ends:
// an ordinary Slack app cannot turn a public channel into a private one. What the
// public one holds stays where it is, readable by everybody. Of it only the title,
// the severity and the leader are taken over; its end is LeaveToPrivate.
type CopyPrivately struct {
	Of        *Incident // the public one, which the actor sees; only read
	Call      Call      // as in OpenIncident
	Rooms     []string
	Confirmed bool // whoever gives the command was asked
}

// Verb is "private".
func (CopyPrivately) Verb() string { return "private" }

// Needs what opening needs, and to know the leader.
func (c CopyPrivately) Needs() Needs {
	return Needs{Number: true, People: named(c.Of.Leadership.Leader), Rooms: c.Rooms}
}

func (c CopyPrivately) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	key := c.Of.Key()
	switch {
	case c.Of.Identity.Private:
		return Decision{}, refuse(Conflict, "private.already", "key", key)
	case c.Of.Life.Status.Over():
		return Decision{}, refuse(Conflict, "private.over", "key", key, "status", string(c.Of.Life.Status))
	case !c.Confirmed:
		return Decision{}, refuse(Ask, "private.ask", "key", key).with(confirming("private", key+" private"))
	}
	open := OpenIncident{
		Title: c.Of.Identity.Title, Severity: c.Of.Life.Severity, Private: true, Drill: c.Of.Identity.Drill,
		Call: c.Call, Rooms: c.Rooms,
	}
	leader := c.Of.Leadership.Leader
	if f.person(leader) != nil {
		leader = System
	}
	if leader != System && leader != s.Actor {
		open.Invite = []PersonID{leader}
	}
	d, err := open.decide(i, s, f)
	if err != nil {
		return Decision{}, err
	}
	copied := []Event{CopiedFrom{Number: c.Of.Identity.Number}}
	if leader != System {
		copied = append(copied, LeaderSet{Leader: leader})
	}
	d.Events = slices.Insert(d.Events, 1, copied...)
	d.Say.ID = "private.done"
	d.Say.Args["of"], d.Say.Args["leader"], d.Say.Args["tasks"] = key, leader, len(c.Of.Board.OpenTasks())
	return d, nil
}

// CopiedFrom says in a private incident from which public one it goes on. The
// public one knows nothing of it.
type CopiedFrom struct{ Number int }

var _ = register[CopiedFrom]()

// Kind is "copied".
func (CopiedFrom) Kind() string { return "copied" }

// Line names the public incident.
func (e CopiedFrom) Line(Names) string { return "goes on privately from " + Key(e.Number) }

// Keys is empty: it comes with the opening, which draws every card.
func (CopiedFrom) Keys() []string { return nil }

func (e CopiedFrom) apply(i *Incident, _ Record) { i.Identity.CopyOf = e.Number }
