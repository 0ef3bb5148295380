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

	// As it was read, "" for a new one, so that two replicas do not both begin one.
	wasAlarm string
	wasEnded int64
}

// Occurrence is the latest occurrence of an alarm.
func (r *Reader) Occurrence(ref incident.AlarmRef) (o Occurrence, known bool, err error) {
	o.Ref = ref
	var began, ended, heard int64
	err = r.row(`SELECT alarm, began, ended, heard FROM occurrence WHERE workspace = $1 AND source = $2 AND key = $3`,
		args{Local, clean(ref.Source), clean(ref.ID)}, &o.Alarm, &began, &ended, &heard)
	o.Began, o.Ended, o.Heard = moment(began), moment(ended), moment(heard)
	o.wasAlarm, o.wasEnded = o.Alarm, ended
	known, err = found(err)
	return o, known, err
}

// SaveOccurrence stores the latest occurrence of an alarm, heard of now. It has to
// be the one that was read in this transaction, changed: when another replica was
// faster the code is Conflict, and the writer runs the function again.
func (tx *Tx) SaveOccurrence(o Occurrence) error {
	values := args{Local, clean(o.Ref.Source), clean(o.Ref.ID), clean(o.Alarm), micros(o.Began), micros(o.Ended), micros(tx.s.opts.Now())}
	query := `INSERT INTO occurrence (workspace, source, key, alarm, began, ended, heard) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace, source, key) DO NOTHING`
	if o.wasAlarm != "" {
		query = `UPDATE occurrence SET alarm = $4, began = $5, ended = $6, heard = $7
			WHERE workspace = $1 AND source = $2 AND key = $3 AND alarm = $8 AND ended = $9`
		values = append(values, clean(o.wasAlarm), o.wasEnded)
	}
	n, err := tx.exec(query, values...)
	if err == nil && n == 0 {
		err = tx.failed(refused(Conflict, "the occurrence was stored meanwhile"))
	}
	return err
}

// ForgetOccurrences drops occurrences that were last heard of before a time. It
// returns how many.
func (tx *Tx) ForgetOccurrences(before time.Time) (int64, error) {
	return tx.exec(`DELETE FROM occurrence WHERE heard < $1`, micros(before))
}
