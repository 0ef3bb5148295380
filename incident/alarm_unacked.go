package incident

import "slices"

// LeaveUnacked says that the alarms over there were not acknowledged in the leader's
// name, because PagerDuty knows nobody with the leader's e-mail address. It is said
// once for each leader, however many alarms there are.
type LeaveUnacked struct{ Who PersonID }

// Verb is "alarm_unacked".
func (LeaveUnacked) Verb() string { return "alarm_unacked" }

// Needs nothing from outside.
func (LeaveUnacked) Needs() Needs { return Needs{} }

func (c LeaveUnacked) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	if c.Who == System || c.Who != i.Leadership.Leader || slices.Contains(i.Board.Unacked, c.Who) {
		return Decision{}, refuse(Conflict, "alarm_unacked.settled", "key", i.Key())
	}
	told := say("alarm_unacked.now", "key", i.Key(), "who", c.Who)
	return Decision{Events: []Event{AlarmLeft(c)}, Effects: []Effect{{Kind: Post, Say: told}}, Say: told}, nil
}

// AlarmLeft is a leader in whose name no alarm could be acknowledged.
type AlarmLeft struct{ Who PersonID }

var _ = register[AlarmLeft]()

// Kind is "alarm.unacked".
func (AlarmLeft) Kind() string { return "alarm.unacked" }

// Line reads like "alarms are not acknowledged in PagerDuty, which does not know Ana".
func (e AlarmLeft) Line(names Names) string {
	return "alarms are not acknowledged in PagerDuty, which does not know " + names.Name(e.Who)
}

// Keys is empty: nothing that is shown changes but the timeline.
func (AlarmLeft) Keys() []string { return nil }

func (e AlarmLeft) apply(i *Incident, _ Record) {
	i.Board.Unacked = append(i.Board.Unacked, e.Who)
}
