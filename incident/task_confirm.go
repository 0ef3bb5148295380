package incident

// ConfirmTasks is the leader saying that the list of tasks is right.
type ConfirmTasks struct{}

// Verb is "task_confirm".
func (ConfirmTasks) Verb() string { return "task_confirm" }

// Needs nothing from outside.
func (ConfirmTasks) Needs() Needs { return Needs{} }

func (ConfirmTasks) decide(i *Incident, s Stamp, _ Facts) (Decision, error) {
	leader := i.Leadership.Leader
	switch {
	case leader != System && leader != s.Actor:
		return Decision{}, refuse(Forbidden, "task_confirm.not_leader", "key", i.Key(), "leader", leader)
	case len(i.Board.Tasks) == 0:
		return Decision{}, refuse(Conflict, "task_confirm.none", "key", i.Key())
	case i.Board.Confirmed:
		p, _ := i.Stamps.Last(TasksConfirmed)
		return Decision{}, refuse(Conflict, "task_confirm.twice", "key", i.Key(), "by", p.By, "at", p.At)
	}
	return Decision{
		Events: []Event{TasksWereConfirmed{}},
		Say: say("task_confirm.done", "key", i.Key(), "open", len(i.Board.OpenTasks()), "unowned", i.unowned(),
			"leaderless", leader == System),
	}, nil
}

// TasksWereConfirmed is the list of tasks found right.
type TasksWereConfirmed struct{}

var _ = register[TasksWereConfirmed]()

// Kind is "tasks.confirmed".
func (TasksWereConfirmed) Kind() string { return "tasks.confirmed" }

// Line says so.
func (TasksWereConfirmed) Line(Names) string { return "confirmed the list of tasks" }

// Keys is the list and the stamp.
func (TasksWereConfirmed) Keys() []string { return []string{"task", stampKey(TasksConfirmed)} }

func (TasksWereConfirmed) apply(i *Incident, r Record) {
	i.Board.Confirmed = true
	i.stampOnce(TasksConfirmed, Point{At: r.At, Quality: Auto, Source: "task", By: r.Actor, Seq: r.Seq})
}
