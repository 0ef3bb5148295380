package incident

import (
	"strings"
)

// AddTask adds a task, with or without somebody who has it.
type AddTask struct {
	Text   string
	Owner  PersonID // System for nobody yet
	Anyway bool     // although one much like it is open
}

// Verb is "task_add".
func (AddTask) Verb() string { return "task_add" }

// Needs to know the person it is given to.
func (c AddTask) Needs() Needs { return Needs{People: named(c.Owner)} }

func (c AddTask) decide(i *Incident, _ Stamp, f Facts) (Decision, error) {
	if strings.TrimSpace(c.Text) == "" {
		return Decision{}, refuse(Invalid, "task_add.empty")
	}
	if c.Owner != System {
		if err := f.person(c.Owner); err != nil {
			return Decision{}, err
		}
	}
	number := i.Trace.Counters.Tasks + 1
	return Decision{
		Events: []Event{TaskAdded{Number: number, Text: c.Text, Owner: c.Owner}},
		Say:    say("task_add.done", "key", i.Key(), "id", TaskID(number), "text", c.Text, "owner", c.Owner),
	}, nil
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
func (e TaskAdded) Keys() []string { return []string{"task:" + TaskID(e.Number)} }

func (e TaskAdded) number(c *Counters) { c.Tasks = max(c.Tasks, e.Number) }

func (e TaskAdded) apply(i *Incident, r Record) {
	i.Board.Tasks = append(i.Board.Tasks, Task{
		Number: e.Number, Text: e.Text, Owner: e.Owner, State: TaskOpen, AddedBy: r.Actor, AddedAt: r.At,
	})
	if e.Owner != System {
		i.stampOnce(TaskOwned, Point{At: r.At, Quality: Auto, Source: "task", By: r.Actor, Seq: r.Seq})
	}
}
