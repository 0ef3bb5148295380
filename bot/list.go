package bot

import (
	"slices"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

const (
	// listLines bounds a list in the chat.
	listLines = 20
	// listCount is how far those that are not shown are counted: however many there
	// were, the answer comes at once.
	listCount = 500
)

var listRow = &Row{
	Stem: "list", Words: "list", Group: groupLook, Scope: anywhere,
	Usage: []string{"list", "list open|mine|all"}, Help: "lists incidents",
	Show: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		which, ok := c.keyword("open", "mine", "all")
		if !ok {
			which = "open"
		}
		if err := c.end(); err != nil {
			return incident.Say{}, nil, err
		}
		shown, more, err := c.listed(which)
		if err != nil {
			return incident.Say{}, nil, err
		}
		list := make([]incident.Args, 0, len(shown))
		for _, b := range shown {
			list = append(list, incident.Args{
				"key": incident.Key(b.Number), "title": b.Title, "status": string(b.Status), "severity": b.Severity,
				"leader": b.Leader, "at": b.OpenedAt, "drill": b.Drill, "private": b.Private,
			})
		}
		return incident.Say{ID: "list.list", Args: incident.Args{
			"which": which, "incidents": list, "more": min(more, listCount-listLines), "many": more > listCount-listLines,
		}}, nil, nil
	},
}

// listed are the incidents of a list that are shown, and how many more there are;
// what is more than listCount is counted as one.
func (c *Invocation) listed(which string) (shown []storage.Brief, more int, err error) {
	switch which {
	case "all":
		shown, err = c.Reader.VisibleLatest(c.Actor.ID, listCount+1)
	case "mine":
		shown, err = c.listMine()
	default:
		shown, err = c.Reader.VisibleOpen(c.Actor.ID)
	}
	more = max(0, len(shown)-listLines)
	return shown[:len(shown)-more], more, err
}

// listMine are the incidents that the actor leads or led, and those that go on in which
// they have a task.
func (c *Invocation) listMine() ([]storage.Brief, error) {
	list, err := c.Reader.VisibleLed(c.Actor.ID, listCount+1)
	if err != nil {
		return nil, err
	}
	open, err := c.Reader.VisibleOpen(c.Actor.ID)
	if err != nil {
		return nil, err
	}
	for _, b := range open {
		if b.Leader == c.Actor.ID {
			continue
		}
		if busy, err := c.busyIn(b); err != nil {
			return nil, err
		} else if busy {
			list = append(list, b)
		}
	}
	slices.SortFunc(list, func(a, b storage.Brief) int { return b.Number - a.Number })
	return list, nil
}

// busyIn tells whether the actor has something to do in an incident.
func (c *Invocation) busyIn(b storage.Brief) (bool, error) {
	inc, err := c.Reader.VisibleIncident(c.Actor.ID, b.ID)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(inc.Board.OpenTasks(), func(t incident.Task) bool { return t.Owner == c.Actor.ID || slices.Contains(t.Joined, c.Actor.ID) }), nil
}
