package storage

import (
	"cmp"
	"slices"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// DueAt is a moment at which an incident has to be looked at.
type DueAt struct {
	Incident incident.ID
	Due      incident.Due
}

// SetDues makes these the moments of an incident, and no others, but for those of
// kinds that only a newer program knows.
func (tx *Tx) SetDues(id incident.ID, dues []incident.Due) error {
	type name struct{ kind, key string }
	had, err := tx.Dues(id)
	if err != nil {
		return err
	}
	old := make(map[name]time.Time, len(had))
	for _, d := range had {
		if incident.KnownClock(d.Kind) {
			old[name{d.Kind, d.Key}] = d.At
		}
	}
	for _, d := range dues {
		n := name{d.Kind, d.Key}
		at, ok := old[n]
		delete(old, n)
		if d.At.IsZero() {
			if ok {
				old[n] = at
			}
			continue
		}
		if ok && micros(at) == micros(d.At) {
			continue
		}
		if _, err := tx.exec(`INSERT INTO due (incident, kind, key, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (incident, kind, key) DO UPDATE SET at = $4`, text(id), d.Kind, d.Key, micros(d.At)); err != nil {
			return err
		}
	}
	for n := range old {
		if _, err := tx.exec(`DELETE FROM due WHERE incident = $1 AND kind = $2 AND key = $3`, text(id), n.kind, n.key); err != nil {
			return err
		}
	}
	return nil
}

// Dues lists the moments of an incident that are stored.
func (r *Reader) Dues(id incident.ID) ([]incident.Due, error) {
	return collect(r, `SELECT kind, key, at FROM due WHERE incident = $1 ORDER BY kind, key`, args{text(id)},
		func(rows scanner) (incident.Due, error) {
			var d incident.Due
			var at int64
			err := rows.Scan(&d.Kind, &d.Key, &at)
			d.At = moment(at)
			return d, err
		})
}

// TakeDues removes and returns what is due by now, the earliest first. Only one
// replica gets each; the jobs that follow have to be enqueued in the same
// function, or the moment would be lost.
func (tx *Tx) TakeDues(now time.Time, limit int) ([]DueAt, error) {
	tx.wrote = true
	dues, err := collect(tx.Reader, `DELETE FROM due WHERE (incident, kind, key) IN
			(SELECT incident, kind, key FROM due WHERE at <= $1 ORDER BY at LIMIT $2)
		RETURNING incident, kind, key, at`, args{micros(now), int64(limit)},
		func(rows scanner) (DueAt, error) {
			var d DueAt
			var id string
			var at int64
			err := rows.Scan(&id, &d.Due.Kind, &d.Due.Key, &at)
			d.Incident, d.Due.At = incident.ID(id), moment(at)
			return d, err
		})
	slices.SortFunc(dues, func(a, b DueAt) int {
		return cmp.Or(a.Due.At.Compare(b.Due.At), cmp.Compare(a.Incident, b.Incident), cmp.Compare(a.Due.Kind, b.Due.Kind), cmp.Compare(a.Due.Key, b.Due.Key))
	})
	return dues, tx.failed(err)
}

// NextDue is the earliest moment stored; ok is false when there is none.
func (r *Reader) NextDue() (at time.Time, ok bool, err error) {
	var us int64
	ok, err = found(r.row(`SELECT at FROM due ORDER BY at LIMIT 1`, nil, &us))
	return moment(us), ok, err
}
