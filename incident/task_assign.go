package incident

import "slices"

// AssignTask gives a task to somebody.
type AssignTask struct {
	Number int
	Who    PersonID
}

// Verb is "task_assign".
func (AssignTask) Verb() string { return "task_assign" }

// Needs to know the person.
func (c AssignTask) Needs() Needs { return Needs{People: named(c.Who)} }

func (c AssignTask) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	t, err := i.openTask(c.Number)
	if err != nil {
		return Decision{}, err
	}
	if c.Who == System {
		return Decision{}, refuse(Invalid, "task_assign.nobody", "id", t.ID())
	}
	if err := f.person(c.Who); err != nil {
		return Decision{}, err
	}
	if t.Owner == c.Who {
		return Decision{}, refuse(Conflict, "task_assign.same", "id", t.ID(), "text", t.Text, "owner", t.Owner)
	}
	return i.assign(t, c.Who, s, f), nil
}

// assign gives a task to somebody, who is told when somebody else did it: the
// task's card is edited in place, which notifies nobody.
func (i *Incident) assign(t Task, who PersonID, s Stamp, f Facts) Decision {
	d := Decision{
		Events: []Event{TaskAssigned{Number: t.Number, Who: who, Former: t.Owner}},
		Say: say("task_assign.done", "key", i.Key(), "id", t.ID(), "text", t.Text, "owner", who, "former", t.Owner,
			"busy", i.busyWith(who, t.Number)),
	}
	if who == s.Actor {
		return d
	}
	text := t.Text
	if i.Identity.Private {
		text = "" // a direct message outlives being a member of the channel
	}
	d.Effects = append(f.bringIn(who), Effect{
		Kind: Tell, People: []PersonID{who},
		Say: say("task_assign.yours", "key", i.Key(), "id", t.ID(), "text", text, "by", s.Actor),
	})
	return d
}

// TaskAssigned is a task that somebody has from now on.
type TaskAssigned struct {
	Number int
	Who    PersonID
	Former PersonID `json:",omitempty"`
}

var _ = register[TaskAssigned]()

// Kind is "task.assigned".
func (TaskAssigned) Kind() string { return "task.assigned" }

// Line reads like "task T2 goes to Bob".
func (e TaskAssigned) Line(names Names) string {
	line := "task " + TaskID(e.Number) + " goes to " + names.Name(e.Who)
	if e.Former != System {
		line += ", from " + names.Name(e.Former)
	}
	return line
}

// Keys is the task.
func (e TaskAssigned) Keys() []string { return []string{taskKey(e.Number)} }

func (e TaskAssigned) apply(i *Incident, r Record) {
	i.changeTask(e.Number, func(t *Task) {
		t.Owner = e.Who
		t.Joined = slices.DeleteFunc(slices.Clone(t.Joined), func(p PersonID) bool { return p == e.Who })
	})
	i.ownedOnce(e.Who, r)
}
