package incident

import (
	"cmp"
	"slices"
	"time"
)

// heard folds a report into the incident's alarms, which stay sorted by name, and
// takes the moments that an alarm is the first to tell.
func (i *Incident) heard(rep AlarmReport, r Record) {
	a, known := i.Board.Alarm(rep.Ref)
	a.Take(rep)
	a.Since = latest(a.Since, r.At)
	if !known {
		i.Board.Alarms = append(i.Board.Alarms, a)
		slices.SortFunc(i.Board.Alarms, func(a, b Alarm) int { return cmp.Compare(a.Ref.Key(), b.Ref.Key()) })
	} else {
		for n := range i.Board.Alarms {
			if i.Board.Alarms[n].Ref == rep.Ref {
				i.Board.Alarms[n] = a
			}
		}
	}
	i.alarmStamp(FirstSignal, a.Began, a, r)
	i.alarmStamp(Detected, a.noticed(), a, r)
}

// noticed is when an alarm told somebody: when it went off, not when what it
// tells of began.
func (a Alarm) noticed() time.Time {
	if a.Turns.Raised.After(a.Began) {
		return a.Turns.Raised
	}
	return a.Began
}

// Who found out, of an alarm. Both are words of the command `detected`.
const (
	byAlert     = "alert"
	bySynthetic = "synthetic"
)

// AlarmSynthetic is the source of the alarms that Rollcall's own checks raise.
const AlarmSynthetic = "synthetic"

// alarmStamp gives a moment a time that an alarm tells, unless a person told it or
// the alarm came only after somebody had opened the incident.
func (i *Incident) alarmStamp(name StampName, at time.Time, a Alarm, r Record) {
	if at.IsZero() || at.After(i.Identity.OpenedAt) {
		return
	}
	if p, ok := i.Stamps.Last(name); ok && (p.Source != byAlert && p.Source != bySynthetic || p.Quality != Auto || !at.Before(p.At)) {
		return
	}
	by := byAlert
	if a.Ref.Source == AlarmSynthetic {
		by = bySynthetic
	}
	i.stamp(name, Point{At: at, Quality: Auto, Source: by, Text: a.Name(), By: r.Actor, Seq: r.Seq})
}
