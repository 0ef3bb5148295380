package storage

import (
	"cmp"
	"errors"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage/engine"
)

// StreamLease is how long a worker holds an incident's outbound work without
// showing a sign of life. Every fenced call renews it. Longer than any one call
// to Slack may take, shorter than people wait.
const StreamLease = 30 * time.Second

// LongestWait bounds how long a step or a stream is put off. What is put off for
// longer was stamped by a clock that has been set back since, and is taken for
// due.
const LongestWait = time.Hour

// waits says whether what is put off until at has to wait now.
func waits(at, now time.Time) bool { return at.After(now) && !at.After(now.Add(LongestWait)) }

// Stream is the right to carry out the outbound work of one incident, held by
// one worker at a time. Its fence is checked, and its lease renewed, by every
// write that takes it; once another worker has taken over, they yield Fenced.
type Stream struct {
	Incident incident.ID
	Holder   string // unique for each attempt of each worker
	Fence    int64
	Lease    time.Duration
	// Seen is Posted as it was when the holder last looked for work; 0 when that does
	// not matter.
	Seen int64
}

var errFenced = &Error{Code: Fenced, Err: errors.New("another worker has taken over the incident's outbound work")}

// number gives n new steps their places in an incident's order and returns the
// first. It takes the stream's row, so that two replicas number one after the
// other.
func (tx *Tx) number(id incident.ID, n int) (first int64, err error) {
	var head int64
	err = tx.returning(`INSERT INTO stream (incident, head) VALUES ($1, $2)
		ON CONFLICT (incident) DO UPDATE SET head = stream.head + $2 RETURNING head`,
		args{text(id), int64(n)}, &head)
	return head - int64(n) + 1, err
}

// AcquireStream takes the work of an incident for a worker. ok is false when
// another one holds it, or when the incident never had any. The holder's name
// must be new for each attempt.
func (tx *Tx) AcquireStream(id incident.ID, holder string, lease time.Duration) (st Stream, ok bool, err error) {
	wall := tx.s.opts.Wall()
	st = Stream{Incident: id, Holder: engine.Holds(tx.s.opts.Process, holder), Lease: cmp.Or(lease, StreamLease)}
	err = tx.returning(`UPDATE stream SET holder = $2, lease_until = $3, fence = fence + 1, woken = 0
		WHERE incident = $1 AND (holder = '' OR lease_until <= $4) RETURNING fence`,
		args{text(id), st.Holder, micros(wall.Add(st.Lease)), micros(wall)}, &st.Fence)
	ok, err = found(err)
	return st, ok, err
}

// Hold checks the fence and renews the lease. It is called just before each
// step that others would see.
func (tx *Tx) Hold(st Stream) error {
	n, err := tx.exec(`UPDATE stream SET lease_until = $4 WHERE incident = $1 AND holder = $2 AND fence = $3`,
		text(st.Incident), st.Holder, st.Fence, micros(tx.s.opts.Wall().Add(st.Lease)))
	if err == nil && n == 0 {
		return errFenced
	}
	return err
}

// ReleaseStream gives the work back. When there is something to do now it
// returns more and the worker goes on holding it, unless notBefore, in
// Rollcall's time, puts off whatever is left: then StreamsToWake names the
// incident when that has come, or when new work is posted. Work that was posted
// since the holder last looked (Stream.Seen) is more: what it is to wait for, if
// anything, nobody has seen yet.
func (tx *Tx) ReleaseStream(st Stream, notBefore time.Time) (more bool, err error) {
	// The row is locked first: work that is posted from here on waits, and wakes
	// the stream again.
	if err := tx.Hold(st); err != nil {
		return false, err
	}
	if st.Seen != 0 {
		if posted, err := tx.Posted(st.Incident); err != nil || posted != st.Seen {
			return err == nil, err
		}
	}
	at, left, err := tx.nextWork(st.Incident)
	if err != nil {
		return false, err
	}
	now := tx.s.opts.Now()
	at = later(at, notBefore)
	if left && !waits(at, now) {
		return true, nil
	}
	_, err = tx.exec(`UPDATE stream SET holder = '', lease_until = 0, woken = 0, wake_at = $2, done = head - $3 WHERE incident = $1`,
		text(st.Incident), micros(at), flag(left))
	return false, err
}

// Posted counts how often work was posted for an incident; 0 for never.
func (r *Reader) Posted(id incident.ID) (n int64, err error) {
	err = r.row(`SELECT head FROM stream WHERE incident = $1`, args{text(id)}, &n)
	_, err = found(err)
	return n, err
}

// nextWork is when the next outbound step of an incident may be taken; left is
// false when there is none.
func (r *Reader) nextWork(id incident.ID) (at time.Time, left bool, err error) {
	dirty, err := r.DirtyCards(id)
	if err != nil || len(dirty) > 0 {
		return time.Time{}, len(dirty) > 0, err
	}
	for _, lane := range lanes {
		e, ok, err := r.firstOpen(id, lane)
		if err != nil {
			return time.Time{}, false, err
		}
		if ok && (!left || e.NotBefore.Before(at)) {
			at, left = e.NotBefore, true
		}
	}
	return at, left, nil
}

// StreamsToWake lists incidents that have outbound work by now and no worker
// that shows signs of life, the longest waiting first. A job has usually been
// enqueued with the work itself; this finds what was put off, and what a dead
// worker has left.
func (r *Reader) StreamsToWake(now time.Time, limit int) ([]incident.ID, error) {
	return collect(r, `SELECT incident FROM stream WHERE done < head AND (wake_at <= $1 OR wake_at > $2) AND lease_until <= $3
		ORDER BY wake_at, incident LIMIT $4`, args{micros(now), micros(now.Add(LongestWait)), micros(r.s.opts.Wall()), int64(limit)}, scanText[incident.ID])
}

// TakeStreams lists StreamsToWake and puts them off by a lease, so that nobody
// wakes them again meanwhile. The caller enqueues a job for each in the same
// function.
func (tx *Tx) TakeStreams(now time.Time, limit int) ([]incident.ID, error) {
	ids, err := tx.StreamsToWake(now, limit)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if _, err := tx.exec(`UPDATE stream SET wake_at = $2 WHERE incident = $1`, text(id), micros(now.Add(StreamLease))); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// endLeases frees what processes that are dead held: incidents' outbound work, the
// jobs that they ran, their lead among River's clients, what they said of the
// programs that roll back, and of what they can read. Fences are raised, should whoever held it not be as dead
// as was thought; who was woken and when to look again is forgotten, so that the
// next look finds all of it.
//
// River by itself would leave such jobs for RescueAfter, and put nothing off to
// its time before a new leader is elected. That its process died is not a job's
// failure, so it may fail once more; but that there was an attempt stays known: what
// it has sent is looked for.
func (tx *Tx) endLeases() error {
	for _, query := range []string{
		`UPDATE stream SET holder = '', lease_until = 0, woken = 0, wake_at = 0, fence = fence + 1 WHERE holder <> ''`,
		`UPDATE river_job SET state = 'available', max_attempts = max_attempts + 1 WHERE state = 'running'`,
		`DELETE FROM river_leader`,
		`UPDATE hook_run SET beat = 0 WHERE ended = 0`,
	} {
		if _, err := tx.exec(query); err != nil {
			return err
		}
	}
	_, err := tx.exec(`DELETE FROM replica WHERE id <> $1`, tx.s.opts.Process)
	return err
}

// endLeasesOf does so for one process, on PostgreSQL, which alone tells several apart.
func (tx *Tx) endLeasesOf(process string) error {
	for _, query := range []string{
		`UPDATE stream SET holder = '', lease_until = 0, woken = 0, wake_at = 0, fence = fence + 1 WHERE holder LIKE $1`,
		`UPDATE river_job SET state = 'available', max_attempts = max_attempts + 1
			WHERE state = 'running' AND attempted_by[array_upper(attempted_by, 1)] LIKE $1`,
		`DELETE FROM river_leader WHERE leader_id LIKE $1`,
		`UPDATE hook_run SET beat = 0 WHERE ended = 0 AND owner LIKE $1`,
	} {
		if _, err := tx.exec(query, engine.HeldBy(process)); err != nil {
			return err
		}
	}
	_, err := tx.exec(`DELETE FROM replica WHERE id = $1`, process)
	return err
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
