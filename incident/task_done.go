package incident

// FinishTask says that a task is done.
type FinishTask struct{ Number int }

// Verb is "task_done".
func (FinishTask) Verb() string { return "task_done" }

// Needs nothing from outside.
func (FinishTask) Needs() Needs { return Needs{} }

func (c FinishTask) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	t, err := i.openTask(c.Number)
	if err != nil {
		return Decision{}, err
	}
	return Decision{
		Events: []Event{TaskFinished(c)},
		Say:    say("task_done.done", "key", i.Key(), "id", t.ID(), "text", t.Text, "left", len(i.Board.OpenTasks())-1),
	}, nil
}

// TaskFinished is a task that is done.
type TaskFinished struct{ Number int }

var _ = register[TaskFinished]()

// Kind is "task.done".
func (TaskFinished) Kind() string { return "task.done" }

// Line reads like "task T2 done".
func (e TaskFinished) Line(Names) string { return "task " + TaskID(e.Number) + " done" }

// Keys is the task.
func (e TaskFinished) Keys() []string { return []string{taskKey(e.Number)} }

func (e TaskFinished) apply(i *Incident, r Record) {
	i.changeTask(e.Number, func(t *Task) { t.State, t.ClosedBy, t.ClosedAt = TaskDone, r.Actor, r.At })
}
