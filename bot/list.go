package bot

import (
	"slices"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// listLines bounds a list in the chat.
const listLines = 20

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
		find := c.Reader.VisibleOpen
		if which != "open" {
			find = c.Reader.VisibleAll
		}
		all, err := find(c.Actor.ID)
		if err != nil {
			return incident.Say{}, nil, err
		}
		var list []incident.Args
		for _, b := range all {
			if which == "mine" {
				if mine, err := c.mine(b); err != nil {
					return incident.Say{}, nil, err
				} else if !mine {
					continue
				}
			}
			list = append(list, incident.Args{
				"key": incident.Key(b.Number), "title": b.Title, "status": string(b.Status), "severity": b.Severity,
				"leader": b.Leader, "at": b.OpenedAt, "drill": b.Drill, "private": b.Private,
			})
		}
		more := max(0, len(list)-listLines)
		return incident.Say{ID: "list.list", Args: incident.Args{
			"which": which, "incidents": list[:len(list)-more], "more": more,
		}}, nil, nil
	},
}

// mine tells whether the actor leads an incident or has something to do in it.
func (c *Invocation) mine(b storage.Brief) (bool, error) {
	if b.Leader == c.Actor.ID {
		return true, nil
	}
	if b.Status.Over() {
		return false, nil // what was left to do there is listed as actions
	}
	inc, err := c.Reader.VisibleIncident(c.Actor.ID, b.ID)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(inc.Board.OpenTasks(), func(t incident.Task) bool { return t.Owner == c.Actor.ID || slices.Contains(t.Joined, c.Actor.ID) }), nil
}
