package incident

// IgnoreAlarm leaves an alarm without an incident, by a person's word.
type IgnoreAlarm struct{ Title string }

// Verb is "alarm_ignore".
func (IgnoreAlarm) Verb() string { return "alarm_ignore" }

// Needs nothing from outside.
func (IgnoreAlarm) Needs() Needs { return Needs{} }

func (c IgnoreAlarm) decide(*Incident, Stamp, Facts) (Decision, error) {
	return Decision{Say: say("alarm_ignore.done", "name", oneLine(c.Title, TitleLimit))}, nil
}
