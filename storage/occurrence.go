package storage

import (
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// Occurrence is one time that an alarm went off whose id comes back.
type Occurrence struct {
	Ref   incident.AlarmRef // the source and its own id, which comes back
	Alarm string            // the id under which this occurrence is an alarm
	Began time.Time
	Ended time.Time // zero while it goes on
	Heard time.Time // when anything was last heard of it; Rollcall's clock
}

// Occurrence is the latest occurrence of an alarm.
func (r *Reader) Occurrence(ref incident.AlarmRef) (o Occurrence, known bool, err error) {
	o.Ref = ref
	var began, ended, heard int64
	err = r.row(`SELECT alarm, began, ended, heard FROM occurrence WHERE workspace = $1 AND source = $2 AND key = $3`,
		args{Local, clean(ref.Source), clean(ref.ID)}, &o.Alarm, &began, &ended, &heard)
	o.Began, o.Ended, o.Heard = moment(began), moment(ended), moment(heard)
	known, err = found(err)
	return o, known, err
}

// SaveOccurrence stores the latest occurrence of an alarm, heard of now.
func (tx *Tx) SaveOccurrence(o Occurrence) error {
	_, err := tx.exec(`INSERT INTO occurrence (workspace, source, key, alarm, began, ended, heard) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace, source, key) DO UPDATE SET alarm = $4, began = $5, ended = $6, heard = $7`,
		Local, clean(o.Ref.Source), clean(o.Ref.ID), clean(o.Alarm), micros(o.Began), micros(o.Ended), micros(tx.s.opts.Now()))
	return err
}

// ForgetOccurrences drops occurrences that were last heard of before a time. It
// returns how many.
func (tx *Tx) ForgetOccurrences(before time.Time) (int64, error) {
	return tx.exec(`DELETE FROM occurrence WHERE heard < $1`, micros(before))
}
