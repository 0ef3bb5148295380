package incident

import (
	"slices"
	"strconv"
	"time"
)

// EndHook says how a run of a hook ended.
type EndHook struct {
	Number int
	State  HookState // any but running
	Reason string    // in a few words, for people; "" where there is nothing to add
	Ref    string    // where it is seen over there
}

// Verb is "rollback_ended".
func (EndHook) Verb() string { return "rollback_ended" }

// Needs nothing from outside.
func (EndHook) Needs() Needs { return Needs{} }

// hookEnds are the ways in which a run ends, and what the service then is. "" leaves
// it as it is: people say.
var hookEnds = map[HookState]ServiceState{HookDone: RolledBack, HookFailed: RollFailed, HookAccepted: "", HookUnclear: ""}

func (c EndHook) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	run, ok := i.Board.HookRun(c.Number)
	state, end := hookEnds[c.State]
	if !ok || !end || run.State != HookRunning {
		return Decision{}, refuse(Conflict, "rollback_ended.settled", "key", i.Key())
	}
	events := []Event{HookEnded{Number: c.Number, Service: run.Service, State: c.State, Reason: c.Reason, Ref: c.Ref, Took: s.At.Sub(run.At)}}
	// Whoever said meanwhile how it went has looked.
	if service, _ := i.Board.Service(run.Service); state != "" && service.State == RollingNow {
		events = append(events, i.rated(ServiceRated{Name: run.Service, State: state, Owner: service.Owner}, f.Policy)...)
	}
	settled, total := i.countAfter(events)
	told := say("rollback_ended.now", "key", i.Key(), "name", run.Service, "kind", string(run.Kind), "by", run.By, "state", string(c.State),
		"reason", c.Reason, "ref", c.Ref, "took", s.At.Sub(run.At), "related", related(events), "settled", settled, "total", total)
	// No button that tries again: Slack would keep the service's name with it.
	return Decision{Events: events, Effects: []Effect{{Kind: HookReport, Say: told, Number: c.Number}}, Say: told}, nil
}

// HookEnded is a run of a hook that ended.
type HookEnded struct {
	Number  int
	Service string
	State   HookState
	Reason  string `json:",omitempty"`
	Ref     string `json:",omitempty"`
	Took    time.Duration
}

var _ = register[HookEnded]()

// Kind is "hook.ended".
func (HookEnded) Kind() string { return "hook.ended" }

// Line reads like "the rollback hook of checkout failed after 12 s: exit status 1".
func (e HookEnded) Line(names Names) string {
	after := " after " + span(e.Took)
	line := "the rollback hook of " + e.Service
	switch e.State {
	case HookDone:
		line += " is done" + after
	case HookAccepted:
		line += " was accepted" + after + "; it does not say when it is done"
	case HookUnclear:
		line += " ended" + after + ", and nobody can tell whether it ran"
	default:
		line += " failed" + after
	}
	return colon(line, e.Reason, names)
}

// Keys are the run and its service.
func (e HookEnded) Keys() []string { return []string{hookKey(e.Number), "service:" + e.Service} }

func (HookEnded) instead() string { return "instead.rollback_run" }

func (e HookEnded) apply(i *Incident, _ Record) {
	n := slices.IndexFunc(i.Board.HookRuns, func(r HookRun) bool { return r.Number == e.Number })
	if n >= 0 {
		i.Board.HookRuns[n].State, i.Board.HookRuns[n].Ref = e.State, e.Ref
	}
}

// span is how long something took, as a line says it: "12 s", "3 min 5 s".
func span(d time.Duration) string {
	seconds := int(max(d, 0).Round(time.Second) / time.Second)
	if seconds < 60 {
		return strconv.Itoa(seconds) + " s"
	}
	text := strconv.Itoa(seconds/60) + " min"
	if seconds%60 > 0 {
		text += " " + strconv.Itoa(seconds%60) + " s"
	}
	return text
}
