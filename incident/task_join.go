package incident

import "slices"

// JoinTask lets the actor work on a task too; on one that nobody has, alone.
type JoinTask struct{ Number int }

// Verb is "task_join".
func (JoinTask) Verb() string { return "task_join" }

// Needs nothing from outside.
func (JoinTask) Needs() Needs { return Needs{} }

func (c JoinTask) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	t, err := i.openTask(c.Number)
	if err == nil {
		err = f.human(c)
	}
	switch {
	case err != nil:
		return Decision{}, err
	case s.Actor == System:
		return Decision{}, refuse(Forbidden, "refuse.verb", "verb", c.Verb())
	case t.Owner == System:
		return i.assign(t, s.Actor, s, f), nil
	case t.Owner == s.Actor:
		return Decision{}, refuse(Conflict, "task_join.yours", "id", t.ID(), "text", t.Text)
	case slices.Contains(t.Joined, s.Actor):
		return Decision{}, refuse(Conflict, "task_join.twice", "id", t.ID(), "text", t.Text, "owner", t.Owner)
	}
	return Decision{
		Events: []Event{TaskJoined(c)},
		Say:    say("task_join.done", "key", i.Key(), "id", t.ID(), "text", t.Text, "owner", t.Owner),
	}, nil
}

// TaskJoined is somebody who works on another's task too.
type TaskJoined struct{ Number int }

var _ = register[TaskJoined]()

// Kind is "task.joined".
func (TaskJoined) Kind() string { return "task.joined" }

// Line reads like "joins task T2".
func (e TaskJoined) Line(Names) string { return "joins task " + TaskID(e.Number) }

// Keys is the task.
func (e TaskJoined) Keys() []string { return []string{taskKey(e.Number)} }

func (e TaskJoined) apply(i *Incident, r Record) {
	i.changeTask(e.Number, func(t *Task) { t.Joined = append(t.Joined, r.Actor) })
}
