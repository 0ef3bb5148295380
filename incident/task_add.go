package incident

// AddTask adds a task, with or without somebody who has it.
type AddTask struct {
	Text      string
	Owner     PersonID // System for nobody yet
	Confirmed bool     // although one much like it is open
	Replace   int      // the open task whose place it takes; 0 for none
}

// Verb is "task_add".
func (AddTask) Verb() string { return "task_add" }

// Needs to know the person it is given to.
func (c AddTask) Needs() Needs { return Needs{People: named(c.Owner)} }

func (c AddTask) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	if err := needs(c.Text, "task_add.empty"); err != nil {
		return Decision{}, err
	}
	if c.Owner != System {
		if err := f.person(c.Owner); err != nil {
			return Decision{}, err
		}
	}
	number := i.Trace.Counters.Tasks + 1
	var events []Event
	var replaced string
	if c.Replace != 0 {
		t, err := i.openTask(c.Replace)
		if err != nil {
			return Decision{}, err
		}
		replaced = t.ID()
		events = []Event{TaskAbandoned{Number: t.Number, Reason: "replaced by " + TaskID(number)}}
	} else if err := c.unlikeOthers(i, f.Policy); err != nil && !c.Confirmed {
		return Decision{}, err
	}
	reminded, first := i.rollBackFirst(c.Text)
	d := Decision{
		Events: append(events, TaskAdded{Number: number, Text: c.Text, Owner: c.Owner}, reminded),
		Say: say("task_add.done", "key", i.Key(), "id", TaskID(number), "text", c.Text, "owner", c.Owner,
			"busy", i.busyWith(c.Owner, c.Replace), "replaced", replaced, "first", first),
	}
	if c.Owner != System && c.Owner != s.Actor {
		d.Effects = f.bringIn(c.Owner)
	}
	return d, nil
}

// busyWith is the open task that a person has already, but for one; "" for none.
func (i *Incident) busyWith(who PersonID, but int) string {
	if who == System {
		return ""
	}
	for _, t := range i.Board.OpenTasks() {
		if t.Owner == who && t.Number != but {
			return t.ID()
		}
	}
	return ""
}

// openTask finds a task that is still to do.
func (i *Incident) openTask(number int) (Task, error) {
	t, ok := i.Board.Task(number)
	switch {
	case !ok:
		return t, refuse(NotFound, "task_done.unknown", "key", i.Key(), "id", TaskID(number))
	case t.State == TaskDone:
		return t, refuse(Conflict, "task_done.already", "id", t.ID(), "by", t.ClosedBy, "at", t.ClosedAt)
	case t.State == TaskDropped:
		return t, refuse(Conflict, "task_done.dropped", "id", t.ID(), "by", t.ClosedBy, "at", t.ClosedAt, "reason", t.Reason)
	}
	return t, nil
}

// named is the list of people for Needs, without System.
func named(people ...PersonID) []PersonID {
	var list []PersonID
	for _, p := range people {
		if p != System {
			list = append(list, p)
		}
	}
	return list
}

func taskKey(number int) string { return "task:" + TaskID(number) }

// TaskAdded is a new task.
type TaskAdded struct {
	Number int
	Text   string
	Owner  PersonID `json:",omitempty"`
}

var _ = register[TaskAdded]()

// Kind is "task.added".
func (TaskAdded) Kind() string { return "task.added" }

// Line reads like "task T2 for Ana: look at the queue".
func (e TaskAdded) Line(names Names) string {
	line := "task " + TaskID(e.Number)
	if e.Owner != System {
		line += " for " + names.Name(e.Owner)
	}
	return line + ": " + PlainText(e.Text, names)
}

// Keys is the task.
func (e TaskAdded) Keys() []string { return []string{taskKey(e.Number)} }

func (e TaskAdded) number(c *Counters) { c.Tasks = max(c.Tasks, e.Number) }

func (e TaskAdded) apply(i *Incident, r Record) {
	i.Board.Tasks = append(i.Board.Tasks, Task{
		Number: e.Number, Text: e.Text, Owner: e.Owner, State: TaskOpen, AddedBy: r.Actor, AddedAt: r.At,
	})
	i.ownedOnce(e.Owner, r)
}

// ownedOnce stamps the moment at which the first task got an owner.
func (i *Incident) ownedOnce(owner PersonID, r Record) {
	if owner != System {
		i.stampOnce(TaskOwned, Point{At: r.At, Quality: Auto, Source: "task", By: r.Actor, Seq: r.Seq})
	}
}
