package incident

// ClearAlarm says that an alarm was resolved over there. It does not end the
// incident, since alarms flap: when the last one is quiet the channel is asked
// whether users are well.
type ClearAlarm struct{ Report AlarmReport }

// Verb is "alarm_clear".
func (ClearAlarm) Verb() string { return "alarm_clear" }

// Needs nothing from outside.
func (ClearAlarm) Needs() Needs { return Needs{} }

func (c ClearAlarm) decide(i *Incident, s Stamp, _ Facts) (Decision, error) {
	rep, err := c.Report.checked(s)
	if err != nil {
		return Decision{}, err
	}
	e := AlarmCleared{AlarmReport: rep}
	d := Decision{Say: say("alarm_clear.done", "key", i.Key(), "name", rep.name())}
	if i.Life.Status == Open && !i.Board.AllQuiet() && i.Board.with(rep).AllQuiet() && i.mayAsk(s) {
		e.Asked = true
		d.Effects = []Effect{{
			Kind: Post,
			Say: say("alarm_clear.ask", "key", i.Key(), "source", SourceName(rep.Ref.Source), "name", rep.name(), "by", rep.By,
				"at", rep.shown(s.At), "alarms", len(i.Board.with(rep).Alarms)),
			Choices: []Choice{choice("alarm_mitigated", "mitigated")},
		}}
	}
	d.Events = []Event{e}
	return d, nil
}

// AlarmCleared is an alarm that was resolved over there.
type AlarmCleared struct {
	AlarmReport
	Asked bool `json:",omitempty"` // the channel was asked whether users are well
}

var _ = register[AlarmCleared]()

// Kind is "alarm.cleared".
func (AlarmCleared) Kind() string { return "alarm.cleared" }

// Line reads like "alarm resolved in PagerDuty by Ana Meyer: Checkout fails".
func (e AlarmCleared) Line(Names) string {
	line := "alarm resolved in " + SourceName(e.Ref.Source)
	if e.By != "" {
		line += " by " + e.By
	}
	line += ": " + e.name()
	if e.Text != "" {
		line += " (" + oneLine(e.Text, alarmWord) + ")"
	}
	return line
}

// Keys are the alarm and the moments that it may tell.
func (e AlarmCleared) Keys() []string { return e.keys() }

func (e AlarmCleared) apply(i *Incident, r Record) {
	i.heard(e.AlarmReport, r)
	i.asked(e.Asked, r)
}
