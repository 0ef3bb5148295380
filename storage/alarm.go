package storage

import (
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// KeepAlarms is how long an alarm that led to no incident is kept after it was
// last heard of.
const KeepAlarms = 7 * 24 * time.Hour

// Alarm is an alarm that was reported, and the incident it belongs to.
type Alarm struct {
	ID       string // ours
	Ref      incident.AlarmRef
	Incident incident.ID // "" while it belongs to none
	Body     string      // in the conversation's own encoding; "" once there is an incident
	At       time.Time   // when it was first heard of
	Updated  time.Time
}

const alarmColumns = `SELECT id, source, key, incident, body, at, updated FROM alarm WHERE workspace = $1 AND `

// Alarm finds an alarm by its name over there.
func (r *Reader) Alarm(ref incident.AlarmRef) (a Alarm, known bool, err error) {
	err = a.scan(func(dest ...any) error {
		return r.row(alarmColumns+`source = $2 AND key = $3`, args{Local, clean(ref.Source), clean(ref.ID)}, dest...)
	})
	known, err = found(err)
	return a, known, err
}

// AlarmByID finds an alarm by our own id; NotFound when it is none, or forgotten.
func (r *Reader) AlarmByID(id string) (a Alarm, err error) {
	err = a.scan(func(dest ...any) error { return r.row(alarmColumns+`id = $2`, args{Local, id}, dest...) })
	return a, err
}

func (a *Alarm) scan(scan func(...any) error) error {
	var id string
	var at, updated int64
	err := scan(&a.ID, &a.Ref.Source, &a.Ref.ID, &id, &a.Body, &at, &updated)
	a.Incident, a.At, a.Updated = incident.ID(id), moment(at), moment(updated)
	return err
}

// SaveAlarm stores an alarm; an empty ID is filled in. When another replica was
// first to store a new one the code is Conflict, and the writer runs the
// function again.
func (tx *Tx) SaveAlarm(a Alarm) (Alarm, error) {
	a.Updated = tx.s.opts.Now()
	if a.ID != "" {
		_, err := tx.exec(`UPDATE alarm SET incident = $3, body = $4, updated = $5 WHERE workspace = $1 AND id = $2`,
			Local, a.ID, text(a.Incident), clean(a.Body), micros(a.Updated))
		return a, err
	}
	a.ID, a.At = tx.s.opts.NewID(), a.Updated
	n, err := tx.exec(`INSERT INTO alarm (id, workspace, source, key, incident, body, at, updated)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (workspace, source, key) DO NOTHING`,
		a.ID, Local, clean(a.Ref.Source), clean(a.Ref.ID), text(a.Incident), clean(a.Body), micros(a.At), micros(a.Updated))
	if err == nil && n == 0 {
		err = tx.failed(refused(Conflict, "the alarm was stored meanwhile"))
	}
	return a, err
}

// ForgetAlarms drops alarms that belong to no incident and were last heard of
// before a time. It returns how many.
func (tx *Tx) ForgetAlarms(before time.Time) (int64, error) {
	return tx.exec(`DELETE FROM alarm WHERE incident = '' AND updated < $1`, micros(before))
}
