package incident

// AttachAlarm gives an alarm to an incident, by a person's word. What was
// reported of it follows from Rollcall itself.
type AttachAlarm struct {
	Ref   AlarmRef
	Title string
}

// Verb is "alarm_attach".
func (AttachAlarm) Verb() string { return "alarm_attach" }

// Needs nothing from outside.
func (AttachAlarm) Needs() Needs { return Needs{} }

func (c AttachAlarm) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	if c.Ref.Source == "" || c.Ref.ID == "" {
		return Decision{}, refuse(Invalid, "alarm_raise.unnamed")
	}
	if a, known := i.Board.Alarm(c.Ref); known {
		return Decision{}, refuse(Conflict, "alarm_attach.twice", "key", i.Key(), "name", a.Name())
	}
	title := oneLine(c.Title, TitleLimit)
	return Decision{
		Events: []Event{AlarmAttached{Ref: c.Ref, Title: title}},
		Say:    say("alarm_attach.done", "key", i.Key(), "name", title),
	}, nil
}

// AlarmAttached is an alarm that somebody says belongs here.
type AlarmAttached struct {
	Ref   AlarmRef
	Title string
}

var _ = register[AlarmAttached]()

// Kind is "alarm.attached".
func (AlarmAttached) Kind() string { return "alarm.attached" }

// Line reads like "says that this alarm belongs here: Checkout fails".
func (e AlarmAttached) Line(Names) string { return "says that this alarm belongs here: " + e.Title }

// Keys is empty: the alarm itself follows.
func (AlarmAttached) Keys() []string { return nil }

func (AlarmAttached) instead() string { return "instead.alarm_attach" }

func (AlarmAttached) apply(*Incident, Record) {}
