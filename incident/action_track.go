package incident

import (
	"slices"
	"strconv"
	"strings"
)

// tracks are the steps that bring the issues of the actions that a decision touches
// up to date. What an action is, and whether it is still there, is looked at when
// the step is taken.
//
// A private incident's actions leave no trace elsewhere, and neither do a drill's. An
// action whose link somebody gave is theirs to keep up to date.
func (i *Incident) tracks(events []Event, p *Policy) []Effect {
	if !p.Around.Tracker || i.Identity.Private || i.Identity.Drill {
		return nil
	}
	var all []Effect
	for _, e := range events {
		if added, ok := e.(ActionAdded); ok && added.Tracker != "" {
			continue
		}
		for _, key := range e.Keys() {
			number, ok := actionOfKey(key)
			a, there := i.Review.Action(number)
			known := slices.ContainsFunc(all, func(e Effect) bool { return e.Number == number })
			if ok && !known && (!there || a.Issued || a.Tracker == "") {
				all = append(all, Effect{Kind: Track, Number: number})
			}
		}
	}
	return all
}

// actionOfKey is the number of the action that an event's key names.
func actionOfKey(key string) (number int, ok bool) {
	id, ok := strings.CutPrefix(key, actionKey(0)[:len(actionKey(0))-1])
	if !ok {
		return 0, false
	}
	number, err := strconv.Atoi(id)
	return number, err == nil
}

// TrackAction says what became of an action's issue in the tracker.
type TrackAction struct {
	Number int
	Link   string // of its issue; "" when there is none
	Closed bool   // people closed it there as done
	Reason string // why there is none, one sentence of our own; it is told once
	Final  bool   // it is not tried any more
}

// Verb is "action_track".
func (TrackAction) Verb() string { return "action_track" }

// Needs nothing from outside.
func (TrackAction) Needs() Needs { return Needs{} }

func (c TrackAction) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	var d Decision
	a, ok := i.Review.Action(c.Number)
	switch {
	case c.Reason != "" && !i.Review.Untracked:
		d.Events = []Event{ActionUntracked{Number: c.Number, Reason: c.Reason}}
		d.Effects = []Effect{{Kind: Post, Say: say("action_track.failed", "key", i.Key(), "id", ActionID(c.Number), "reason", c.Reason, "final", c.Final)}}
	case !ok || c.Reason != "":
	case c.Link != "" && (a.Tracker == "" || a.Issued && a.Tracker != c.Link):
		d.Events = []Event{ActionTracked{Number: c.Number, Link: c.Link}}
	}
	if ok && c.Closed && i.followed(a) {
		d.Events = append(d.Events, ActionFinished{Number: c.Number, Elsewhere: true})
	}
	if len(d.Events) == 0 {
		return Decision{}, refuse(Conflict, "action_track.known", "key", i.Key())
	}
	return d, nil
}

// ActionTracked is an action that has an issue of its own in the tracker.
type ActionTracked struct {
	Number int
	Link   string
}

var _ = register[ActionTracked]()

// Kind is "action.tracked".
func (ActionTracked) Kind() string { return "action.tracked" }

// Line says where the issue is.
func (e ActionTracked) Line(Names) string {
	return "action " + ActionID(e.Number) + " has an issue: " + e.Link
}

// Keys is the issue and not the action: that it was made keeps nobody from undoing
// what they said of the action.
func (e ActionTracked) Keys() []string { return []string{"issue:" + ActionID(e.Number)} }

func (e ActionTracked) apply(i *Incident, _ Record) {
	i.changeAction(e.Number, func(a *Action) { a.Tracker, a.Issued = e.Link, true })
	i.Review.Untracked = false
}

// ActionUntracked is an action whose issue could not be made or changed.
type ActionUntracked struct {
	Number int
	Reason string `json:",omitempty"`
}

var _ = register[ActionUntracked]()

// Kind is "action.untracked".
func (ActionUntracked) Kind() string { return "action.untracked" }

// Line says that the tracker does not follow; why is for whoever runs Rollcall.
func (e ActionUntracked) Line(Names) string {
	return "the tracker did not get action " + ActionID(e.Number)
}

// Keys is the issue.
func (e ActionUntracked) Keys() []string { return []string{"issue:" + ActionID(e.Number)} }

func (ActionUntracked) apply(i *Incident, _ Record) { i.Review.Untracked = true }
