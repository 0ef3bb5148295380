package incident

import "time"

// updateDue is when the stakeholders should hear something again: UpdateEvery of
// the severity after they last did, while users are not well. Zero for never,
// and while an update is on its way.
func updateDue(i *Incident, p *Policy) time.Time {
	every := p.Severities[i.Life.Severity].UpdateEvery
	if every <= 0 || i.Life.Status != Open || len(i.Log.Held()) > 0 {
		return time.Time{}
	}
	from := i.Identity.OpenedAt
	later := func(t time.Time) {
		if t.After(from) {
			from = t
		}
	}
	last, _ := i.Log.LastUpdate()
	later(last.Sent)
	later(i.Log.Asked) // once in an interval
	if m, ok := i.Life.Latest(Open); ok {
		later(m.At)
	}
	if i.Log.Snoozed.After(from) {
		return i.Log.Snoozed
	}
	return from.Add(every)
}

// NextUpdate is when the next update to the stakeholders is due; ok is false
// when none is.
func (i *Incident) NextUpdate(p *Policy) (at time.Time, ok bool) {
	at = updateDue(i, p)
	return at, !at.IsZero()
}

var _ = registerClock("update", clock{
	due: func(i *Incident, p *Policy) []Due {
		if at, ok := i.NextUpdate(p); ok {
			return []Due{{Kind: "update", At: at}}
		}
		return nil
	},
	fire: func(i *Incident, _ Due, s Stamp, f Facts) (Decision, error) {
		if at, ok := i.NextUpdate(f.Policy); !ok || at.After(s.At) {
			return Decision{}, nil
		}
		last, _ := i.Log.LastUpdate()
		return Decision{
			Events: []Event{UpdateMissed{}},
			Effects: []Effect{{Kind: Post, Choices: []Choice{choice("update_write", "update"), choice("update_snooze", "update snooze")}, Say: say("update.due", "key", i.Key(), "leader", i.Leadership.Leader,
				"severity", i.Life.Severity, "last", last.Sent)}},
		}, nil
	},
})

// UpdateMissed says that an update was due and nobody had written one.
type UpdateMissed struct{}

var _ = register[UpdateMissed]()

// Kind is "update.missed".
func (UpdateMissed) Kind() string { return "update.missed" }

// Line says so without blame.
func (UpdateMissed) Line(Names) string { return "an update was due" }

// Keys is empty: nothing that is shown changes but the timeline.
func (UpdateMissed) Keys() []string { return nil }

func (UpdateMissed) apply(i *Incident, r Record) {
	i.Log.Asked = r.At
	i.Log.Missed++
}
