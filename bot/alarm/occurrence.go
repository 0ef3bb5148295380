package alarm

import (
	"strconv"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

const (
	// silence is how long an alarm that was never said to be over may be silent and
	// still be the same one when it is heard of again.
	silence = 24 * time.Hour
	// afterwards is how long after its incident is over an alarm that keeps going off
	// is taken for the rest of what is over.
	afterwards = 10 * time.Minute
)

// recurring says which occurrence a report is of whose id comes back, and gives the
// report that one's id. again means that it says nothing new: the alarm goes off
// already, or is over already.
//
// A report is of the occurrence that goes on. One that goes off anew after that was
// over, after a day of silence or after its incident was over, is another alarm;
// without this an outage would end up in the incident of the one before, which
// nobody reads any more.
func (t *taking) recurring(tx *storage.Tx) (again bool, err error) {
	rep := &t.alarm.Report
	o, known, err := tx.Occurrence(rep.Ref)
	if err != nil {
		return false, err
	}
	over := false
	if known && o.Ended.IsZero() {
		if over, err = t.passed(tx, o); err != nil {
			return false, err
		}
	}
	fresh := !known || over
	at := rep.At
	if now := t.Bot.Clock.Now(); at.After(now) {
		at = now // a clock that is ahead must not put off the next occurrence
	}
	switch {
	case rep.Kind == incident.AlarmResolved:
		if !known {
			o = next(o, at)
		}
		again = known && (!o.Ended.IsZero() || at.Before(o.Began))
		if at.After(o.Ended) && !at.Before(o.Began) {
			o.Ended = at
		}
	case rep.Raises():
		if fresh || !o.Ended.IsZero() && at.After(o.Ended) {
			o = next(o, at)
			break
		}
		again = o.Ended.IsZero()
	default:
		again = fresh || !o.Ended.IsZero() // of what nobody heard of nothing is told
	}
	if !known && again {
		return true, nil
	}
	if err := tx.SaveOccurrence(o); err != nil {
		return false, err
	}
	rep.Ref.ID = o.Alarm
	return again, nil
}

// next is the occurrence that begins at a time, after one that is over.
func next(o storage.Occurrence, at time.Time) storage.Occurrence {
	o.Alarm, o.Began, o.Ended = o.Ref.ID+"@"+strconv.FormatInt(at.UnixMilli(), 10), at, time.Time{}
	return o
}

// passed says that an occurrence is no more what goes on, though nobody said that
// it is over.
func (t *taking) passed(tx *storage.Tx, o storage.Occurrence) (bool, error) {
	now := t.Bot.Clock.Now()
	if now.Sub(o.Heard) >= silence {
		return true, nil
	}
	row, known, err := tx.Alarm(incident.AlarmRef{Source: o.Ref.Source, ID: o.Alarm})
	if err != nil || !known {
		return !known, err // it was forgotten, since it led to nothing for so long
	}
	if row.Incident == "" {
		return false, nil
	}
	inc, err := t.Bot.Follow(tx, row.Incident)
	if err != nil || !inc.Life.Status.Over() {
		return false, err
	}
	mark, _ := inc.Life.Latest(inc.Life.Status)
	return now.Sub(mark.At) >= afterwards, nil
}
