package incident

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// AddAction adds an action: one person, one date, at most MaxActions of them.
type AddAction struct {
	Who      PersonID
	Due      Civil
	Text     string
	DoneWhen string
	Kind     ActionKind // "" when not said
	Tracker  string     // an https link, or ""
	Replace  int        // the action whose place it takes; 0 for none
}

// Verb is "action_add".
func (AddAction) Verb() string { return "action_add" }

// Needs to know the person.
func (c AddAction) Needs() Needs { return Needs{People: named(c.Who)} }

func (c AddAction) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	if c.Who == System {
		return Decision{}, refuse(Invalid, "action_add.no_person")
	}
	if err := firstRefusal(f.person(c.Who), dateIn(c.Due, s, f), needs(c.Text, "action_add.empty"), fits(c.DoneWhen), tracked(c.Tracker), c.Kind.known()); err != nil {
		return Decision{}, err
	}
	c.DoneWhen = strings.TrimSpace(c.DoneWhen)
	number := i.Trace.Counters.Actions + 1
	dropped, err := c.makeRoom(i, number)
	if err != nil {
		return Decision{}, err
	}
	limit := sprintLimit(s, f)
	added := ActionAdded{Number: number, Text: c.Text, DoneWhen: c.DoneWhen, Does: c.Kind, Tracker: c.Tracker, Owner: c.Who, Due: c.Due}
	added.Last = len(i.Review.Kept())-len(dropped)+1 >= MaxActions
	d := Decision{
		Events: append(dropped, added),
		Say: say("action_add.done", "key", i.Key(), "id", ActionID(number), "owner", c.Who, "due", c.Due, "text", c.Text,
			"donewhen", c.DoneWhen, "late", late(c.Due, limit), "limit", limit, "replaced", replacedID(c.Replace)),
	}
	d.Effects = tellOwner(i, s, c.Who, "action_add.yours", ActionID(number), c.Due, c.Text)
	return d, nil
}

// makeRoom drops the action whose place is taken, or asks which one it should be.
func (c AddAction) makeRoom(i *Incident, number int) ([]Event, error) {
	if c.Replace == 0 {
		if len(i.Review.Kept()) >= MaxActions {
			return nil, c.askWhich(i)
		}
		return nil, nil
	}
	if _, err := i.openAction(c.Replace); err != nil {
		return nil, err
	}
	return []Event{ActionDeprioritised{Number: c.Replace, Reason: "replaced by " + ActionID(number)}}, nil
}

// askWhich offers to put the new action in the place of each open one.
func (c AddAction) askWhich(i *Incident) error {
	e := refuse(Ask, "action_add.fourth", "key", i.Key(), "max", MaxActions)
	for _, a := range i.Review.Actions {
		if a.State == ActionOpen {
			e = e.with(choice("action_replace", "action replace "+a.ID()+" "+c.line(), "id", a.ID(), "text", a.Text))
		}
	}
	if len(e.Choices) == 0 {
		return refuse(Conflict, "action_add.all_done", "key", i.Key(), "max", MaxActions)
	}
	return e
}

// line is the action in the words of the grammar.
func (c AddAction) line() string {
	line := PersonMark(c.Who) + " by " + c.Due.String() + " "
	if c.Kind != "" {
		line += string(c.Kind) + ": "
	}
	line += c.Text
	if c.DoneWhen != "" {
		line += "; done when " + c.DoneWhen
	}
	if c.Tracker != "" {
		line += "; tracker " + c.Tracker
	}
	return line
}

func replacedID(number int) string {
	if number == 0 {
		return ""
	}
	return ActionID(number)
}

// tellOwner tells a person of an action that somebody else gave them. Of a
// private incident only the key is said: the person may not be in its channel.
func tellOwner(i *Incident, s Stamp, who PersonID, id, action string, due Civil, text string) []Effect {
	if who == s.Actor {
		return nil
	}
	if i.Identity.Private {
		text = ""
	}
	return []Effect{{Kind: Tell, People: []PersonID{who}, Say: say(id,
		"key", i.Key(), "id", action, "due", due, "text", text, "by", s.Actor)}}
}

// known refuses a kind of action that there is not.
func (k ActionKind) known() error {
	if k != "" && !slices.Contains(ActionKinds, k) {
		return refuse(Invalid, "action_add.kind", "kind", string(k))
	}
	return nil
}

// tracked refuses a link to a tracker that a reader of the RFO could not follow.
func tracked(link string) error {
	if link == "" {
		return nil
	}
	if u, err := url.Parse(link); err != nil || u.Scheme != "https" || u.Host == "" {
		return refuse(Invalid, "action_add.tracker", "link", link)
	}
	return fits(link)
}

// dateIn refuses a date that is missing, that no calendar has, or that has passed.
func dateIn(due Civil, s Stamp, f Facts) error {
	switch {
	case due == Civil{}:
		return refuse(Invalid, "action_add.no_date")
	case CivilOf(due.In(time.UTC), time.UTC) != due:
		return refuse(Invalid, "action_add.bad_date", "date", strings.TrimSpace(due.String()))
	case due.Before(today(s, f)):
		return refuse(Invalid, "action_add.past", "due", due, "today", today(s, f))
	}
	return nil
}

// today is the earlier of the team's and the actor's date: what is still today
// for one of them has not passed.
func today(s Stamp, f Facts) Civil {
	day := CivilOf(s.At, f.Policy.zone())
	if f.Actor.Zone != nil {
		if theirs := CivilOf(s.At, f.Actor.Zone); theirs.Before(day) {
			return theirs
		}
	}
	return day
}

// zone is the team's zone.
func (p *Policy) zone() *time.Location {
	if p.Zone == nil {
		return time.UTC
	}
	return p.Zone
}

// sprintLimit is the date by which an action should be done: two sprints from
// now, beyond which it is a wish. The zero date when no sprint is configured.
func sprintLimit(s Stamp, f Facts) Civil {
	if f.Policy.Sprint <= 0 {
		return Civil{}
	}
	return CivilOf(s.At.Add(2*f.Policy.Sprint), f.Policy.zone())
}

func late(due, limit Civil) bool { return limit != Civil{} && limit.Before(due) }

// changeAction changes an action in place.
func (i *Incident) changeAction(number int, change func(*Action)) {
	for n := range i.Review.Actions {
		if i.Review.Actions[n].Number == number {
			change(&i.Review.Actions[n])
		}
	}
}

func actionKey(number int) string { return "action:" + ActionID(number) }

// ActionAdded is a new action.
type ActionAdded struct {
	Number   int
	Text     string
	DoneWhen string     `json:",omitempty"`
	Does     ActionKind `json:",omitempty"`
	Tracker  string     `json:",omitempty"`
	Owner    PersonID
	Due      Civil
	Last     bool `json:",omitempty"` // with it there are MaxActions
}

var _ = register[ActionAdded](func(body []byte) ([]byte, error) { return body, nil }) // since 2 with kind and tracker

// Kind is "action.added".
func (ActionAdded) Kind() string { return "action.added" }

// Line reads like "action A1 for Ana by 2026-03-04: alert on the queue's age".
func (e ActionAdded) Line(names Names) string {
	line := "action " + ActionID(e.Number) + " for " + names.Name(e.Owner) + " by " + e.Due.String() + ": " + PlainText(e.Text, names)
	if e.DoneWhen != "" {
		line += "; done when " + PlainText(e.DoneWhen, names)
	}
	return line
}

// Keys is the action, and the room for actions when it takes the last of it: no
// undo of a drop before it may then make them more than MaxActions.
func (e ActionAdded) Keys() []string {
	if e.Last {
		return []string{actionKey(e.Number), roomKey}
	}
	return []string{actionKey(e.Number)}
}

// roomKey is the key of how many actions there may still be.
const roomKey = "actions"

func (e ActionAdded) number(c *Counters) { c.Actions = max(c.Actions, e.Number) }

func (e ActionAdded) apply(i *Incident, r Record) {
	i.Review.Actions = append(i.Review.Actions, Action{
		Number: e.Number, ActionPlan: ActionPlan{Text: e.Text, DoneWhen: e.DoneWhen, Kind: e.Does, Tracker: e.Tracker}, Owner: e.Owner, Due: e.Due, State: ActionOpen,
		AddedBy: r.Actor, AddedAt: r.At,
	})
}
