package incident

// MissPeople names the people whom an alarm was given to and who could not be
// found in Slack, so that somebody calls them.
type MissPeople struct {
	Source string
	Names  []string // as they are called over there
}

// Verb is "alarm_people".
func (MissPeople) Verb() string { return "alarm_people" }

// Needs nothing from outside.
func (MissPeople) Needs() Needs { return Needs{} }

func (c MissPeople) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	names := AlarmReport{Who: c.Names}.Tidy().Who
	if len(names) == 0 {
		return Decision{}, refuse(Invalid, "alarm_people.nobody")
	}
	source := SourceName(c.Source)
	return Decision{
		Events:  []Event{PeopleMissed{Source: c.Source, Names: names}},
		Effects: []Effect{{Kind: Post, Say: say("alarm_people.missing", "key", i.Key(), "source", source, "names", list(names))}},
		Say:     say("alarm_people.missing", "key", i.Key(), "source", source, "names", list(names)),
	}, nil
}

// PeopleMissed are people of another system who are not in Slack under the same address.
type PeopleMissed struct {
	Source string
	Names  []string
}

var _ = register[PeopleMissed]()

// Kind is "alarm.people_missed".
func (PeopleMissed) Kind() string { return "alarm.people_missed" }

// Line reads like "not found in Slack, though PagerDuty names them: Ana Meyer".
func (e PeopleMissed) Line(Names) string {
	return "not found in Slack, though " + SourceName(e.Source) + " names them: " + list(e.Names)
}

// Keys is empty: nothing that is shown changes but the timeline.
func (PeopleMissed) Keys() []string { return nil }

func (PeopleMissed) apply(*Incident, Record) {}
