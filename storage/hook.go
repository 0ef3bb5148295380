package storage

import (
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// hookLife is how long it is kept what a hook's program printed: until somebody
// has read it in the channel, and looked once more.
const hookLife = 7 * 24 * time.Hour

// HookRun is a run of a program that rolls a service back. Its times are the
// machine's.
type HookRun struct {
	Incident incident.ID
	Number   int
	Owner    string // the process that runs it
	Began    time.Time
	Beat     time.Time // when the owner last said that it lives
	Ended    time.Time // zero while it runs
	Well     bool
	Reason   string // why it did not end well
	Output   string // the end of what it printed
}

// BeginHook notes that a program is about to be run. mine is false when that was
// noted before, by whomever.
func (tx *Tx) BeginHook(id incident.ID, number int, owner string, at time.Time) (mine bool, err error) {
	if _, err := tx.exec(`DELETE FROM hook_run WHERE ended > 0 AND ended < $1`, micros(at.Add(-hookLife))); err != nil {
		return false, err
	}
	n, err := tx.exec(`INSERT INTO hook_run (incident, number, owner, began, beat) VALUES ($1, $2, $3, $4, $4)
		ON CONFLICT (incident, number) DO NOTHING`, text(id), int64(number), owner, micros(at))
	return n == 1, err
}

// BeatHook notes that the owner of a run lives.
func (tx *Tx) BeatHook(id incident.ID, number int, at time.Time) error {
	_, err := tx.exec(`UPDATE hook_run SET beat = $3 WHERE incident = $1 AND number = $2 AND ended = 0`, text(id), int64(number), micros(at))
	return err
}

// EndHook notes how a run ended.
func (tx *Tx) EndHook(h HookRun) error {
	_, err := tx.exec(`UPDATE hook_run SET ended = $3, well = $4, reason = $5, output = $6 WHERE incident = $1 AND number = $2`,
		text(h.Incident), int64(h.Number), micros(h.Ended), flag(h.Well), clean(h.Reason), clean(h.Output))
	return err
}

// RawHookRun is a run; ok is false when none was begun, or it is long gone.
func (r *Reader) RawHookRun(id incident.ID, number int) (h HookRun, ok bool, err error) {
	h = HookRun{Incident: id, Number: number}
	var began, beat, ended, well int64
	err = r.row(`SELECT owner, began, beat, ended, well, reason, output FROM hook_run WHERE incident = $1 AND number = $2`,
		args{text(id), int64(number)}, &h.Owner, &began, &beat, &ended, &well, &h.Reason, &h.Output)
	h.Began, h.Beat, h.Ended, h.Well = moment(began), moment(beat), moment(ended), well != 0
	ok, err = found(err)
	return h, ok, err
}
