package incident

// DropTask says that a task is not needed any more, and why.
type DropTask struct {
	Number int
	Reason string
}

// Verb is "task_drop".
func (DropTask) Verb() string { return "task_drop" }

// Needs nothing from outside.
func (DropTask) Needs() Needs { return Needs{} }

func (c DropTask) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	t, err := i.openTask(c.Number)
	if err != nil {
		return Decision{}, err
	}
	if err := needs(c.Reason, "task_drop.no_reason", "id", t.ID()); err != nil {
		return Decision{}, err
	}
	return Decision{
		Events: []Event{TaskAbandoned(c)},
		Say:    say("task_drop.done", "key", i.Key(), "id", t.ID(), "text", t.Text, "left", len(i.Board.OpenTasks())-1),
	}, nil
}

// TaskAbandoned is a task that is not needed any more.
type TaskAbandoned struct {
	Number int
	Reason string
}

var _ = register[TaskAbandoned]()

// Kind is "task.dropped".
func (TaskAbandoned) Kind() string { return "task.dropped" }

// Line gives the reason.
func (e TaskAbandoned) Line(names Names) string {
	return colon("task "+TaskID(e.Number)+" dropped", e.Reason, names)
}

// Keys is the task.
func (e TaskAbandoned) Keys() []string { return []string{taskKey(e.Number)} }

func (e TaskAbandoned) apply(i *Incident, r Record) {
	i.changeTask(e.Number, func(t *Task) {
		t.State, t.ClosedBy, t.ClosedAt, t.Reason = TaskDropped, r.Actor, r.At, e.Reason
	})
}
