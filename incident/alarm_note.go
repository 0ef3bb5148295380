package incident

// NoteAlarm puts on the timeline what was done with an alarm over there: who
// acknowledged it, to whom it went, what was noted.
type NoteAlarm struct{ Report AlarmReport }

// Verb is "alarm_note".
func (NoteAlarm) Verb() string { return "alarm_note" }

// Needs nothing from outside.
func (NoteAlarm) Needs() Needs { return Needs{} }

func (c NoteAlarm) decide(i *Incident, s Stamp, _ Facts) (Decision, error) {
	rep, err := c.Report.checked(s)
	if err != nil {
		return Decision{}, err
	}
	return Decision{
		Events: []Event{AlarmNoted{AlarmReport: rep}},
		Say:    say("alarm_note.done", "key", i.Key(), "name", rep.name()),
	}, nil
}

// AlarmNoted is something that was done with an alarm over there.
type AlarmNoted struct{ AlarmReport }

var _ = register[AlarmNoted]()

// Kind is "alarm.noted".
func (AlarmNoted) Kind() string { return "alarm.noted" }

// alarmDeeds words what was done, without who did it.
var alarmDeeds = map[AlarmKind]string{
	AlarmAcked: "alarm acknowledged", AlarmUnacked: "alarm no longer acknowledged", AlarmEscalated: "alarm escalated",
	AlarmReassigned: "alarm reassigned", AlarmDelegated: "alarm delegated", AlarmAnnotated: "note on the alarm",
	AlarmPrioritised: "priority of the alarm set", AlarmAsked: "responders asked to join", AlarmAnswered: "a responder answered",
	AlarmPublished: "status update published", AlarmChanged: "alarm changed",
}

// Line reads like "alarm acknowledged in PagerDuty by Ana Meyer: Checkout fails".
func (e AlarmNoted) Line(Names) string {
	deed, known := alarmDeeds[e.AlarmReport.Kind]
	if !known {
		deed = alarmDeeds[AlarmChanged]
	}
	line := deed + " in " + SourceName(e.Ref.Source)
	if e.By != "" {
		line += " by " + e.By
	}
	if e.AlarmReport.Kind == AlarmPrioritised && e.Facts.Priority != "" {
		line += " to " + e.Facts.Priority
	}
	switch {
	case len(e.Who) == 0 || e.AlarmReport.Kind == AlarmAcked || e.AlarmReport.Kind == AlarmAnnotated:
	case e.AlarmReport.Kind == AlarmAsked || e.AlarmReport.Kind == AlarmAnswered:
		line += " (" + list(e.Who) + ")"
	default:
		line += ", now with " + list(e.Who)
	}
	if e.Text != "" {
		return line + ": " + oneLine(e.Text, TextLimit)
	}
	return line + ": " + e.name()
}

// Keys are the alarm and the moments that it may tell.
func (e AlarmNoted) Keys() []string { return e.keys() }

func (e AlarmNoted) apply(i *Incident, r Record) { i.heard(e.AlarmReport, r) }
