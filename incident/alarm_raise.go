package incident

import "time"

// alarmQuiet is how long the channel is left alone after it was asked about
// alarms: alarms flap.
const alarmQuiet = 10 * time.Minute

// RaiseAlarm brings the incident an alarm that went off, or one that it knows
// and that goes off again.
type RaiseAlarm struct{ Report AlarmReport }

// Verb is "alarm_raise".
func (RaiseAlarm) Verb() string { return "alarm_raise" }

// Needs nothing from outside.
func (RaiseAlarm) Needs() Needs { return Needs{} }

func (c RaiseAlarm) decide(i *Incident, s Stamp, _ Facts) (Decision, error) {
	rep, err := c.Report.checked(s)
	if err != nil {
		return Decision{}, err
	}
	e := AlarmRaised{AlarmReport: rep}
	d := Decision{Say: say("alarm_raise.done", "key", i.Key(), "name", rep.name())}
	mark, ended := i.Life.Latest(i.Life.Status)
	// Users were said to be well, and an alarm began after that.
	if ended && i.Life.Status != Open && i.Life.Status != Merged && rep.At.After(mark.At) && i.mayAsk(s) {
		e.Asked = true
		d.Effects = []Effect{{
			Kind:    Post,
			Say:     say("alarm_raise.again", "key", i.Key(), "source", SourceName(rep.Ref.Source), "name", rep.name(), "status", string(i.Life.Status), "at", rep.shown(s.At)),
			Choices: []Choice{choice("alarm_reopen", "reopen an alarm went off again", "key", i.Key())},
		}}
	}
	d.Events = []Event{e}
	return d, nil
}

// mayAsk says whether the channel can be asked about alarms again.
func (i *Incident) mayAsk(s Stamp) bool {
	return i.Board.AlarmAsked.IsZero() || s.At.Sub(i.Board.AlarmAsked) >= alarmQuiet
}

// checked is a report that can be stored.
func (r AlarmReport) checked(s Stamp) (AlarmReport, error) {
	if r.Ref.Source == "" || r.Ref.ID == "" || r.At.IsZero() {
		return r, refuse(Invalid, "alarm_raise.unnamed")
	}
	r = r.Tidy()
	r.Ahead = r.At.After(s.At.Add(futureTolerance))
	if r.Began.After(s.At) {
		r.Began = s.At
	}
	if r.Began.IsZero() && r.Raises() && r.At.After(s.At) {
		r.Began = s.At
	}
	return r, nil
}

// name is the alarm's title as far as the report says it.
func (r AlarmReport) name() string {
	if r.Facts.Title != "" {
		return r.Facts.Title
	}
	return r.Ref.ID
}

// shown is when it happened, for people: what lies ahead happened as it came.
func (r AlarmReport) shown(now time.Time) time.Time {
	if r.Ahead {
		return now
	}
	return r.At
}

// occurred leaves a time that lies ahead off.
func (r AlarmReport) occurred() time.Time {
	if r.Ahead {
		return time.Time{}
	}
	return r.At
}

// keys are the alarm and the moments that it may tell.
func (r AlarmReport) keys() []string {
	return []string{"alarm:" + r.Ref.Key(), stampKey(FirstSignal), stampKey(Detected)}
}

// SourceName is what a source of alarms is called in a sentence.
func SourceName(source string) string {
	names := map[string]string{
		"pagerduty": "PagerDuty", "alertmanager": "Alertmanager", "grafana": "Grafana", "sentry": "Sentry",
		"synthetic": "the synthetic check",
	}
	if name, ok := names[source]; ok {
		return name
	}
	return source
}

// AlarmRaised is an alarm that went off.
type AlarmRaised struct {
	AlarmReport
	Asked bool `json:",omitempty"` // the channel was asked whether it begins again
}

var _ = register[AlarmRaised]()

// Kind is "alarm.raised".
func (AlarmRaised) Kind() string { return "alarm.raised" }

// Line reads like "alarm from PagerDuty: Checkout fails (checkout-api, high, P1)".
func (e AlarmRaised) Line(Names) string {
	var about []string
	for _, word := range []string{e.Facts.Service, e.Facts.Urgency, e.Facts.Priority} {
		if word != "" {
			about = append(about, word)
		}
	}
	line := "alarm from " + SourceName(e.Ref.Source)
	if e.AlarmReport.Kind == AlarmReopened {
		line = SourceName(e.Ref.Source) + " opened the alarm again"
		if e.By != "" {
			line = e.By + " opened the alarm again in " + SourceName(e.Ref.Source)
		}
	}
	line += ": " + e.name()
	if len(about) > 0 {
		line += " (" + list(about) + ")"
	}
	if e.Text != "" {
		line += ": " + oneLine(e.Text, alarmWord)
	}
	return line
}

// Keys are the alarm and the moments that it may tell.
func (e AlarmRaised) Keys() []string { return e.keys() }

func (e AlarmRaised) apply(i *Incident, r Record) {
	i.heard(e.AlarmReport, r)
	i.asked(e.Asked, r)
}

// asked notes when the channel was asked about alarms.
func (i *Incident) asked(asked bool, r Record) {
	if asked {
		i.Board.AlarmAsked = r.At
	}
}
