package storage

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// EffectState is how far an outbound step has got.
type EffectState string

// The states. A step found in Sending may have been carried out already: its
// class says what to do.
const (
	EffectPending EffectState = "pending"
	EffectSending EffectState = "sending"
	EffectDone    EffectState = "done"
	EffectFailed  EffectState = "failed" // given up
)

// Effect is one outbound step with its place and its fate.
type Effect struct {
	ID        string
	Incident  incident.ID
	Seq       int64 // its place in the incident's order
	Lane      incident.Lane
	State     EffectState
	Step      incident.Effect
	Result    string // such as the id of a file, for a step that is taken up again
	Attempts  int
	NotBefore time.Time
	LastError string
	At        time.Time // when it was decided
}

// Waits says whether the step has to wait now.
func (e Effect) Waits(now time.Time) bool { return waits(e.NotBefore, now) }

// lanes in order of urgency.
var lanes = []incident.Lane{incident.Urgent, incident.Ordinary, incident.Apart}

// AddEffects stores outbound steps, in order, behind those that are there. Wake
// sees to it that they are carried out.
func (tx *Tx) AddEffects(id incident.ID, effects []incident.Effect) error {
	if len(effects) == 0 {
		return nil
	}
	seq, err := tx.number(id, len(effects))
	if err != nil {
		return err
	}
	for i, e := range effects {
		payload, err := json.Marshal(e)
		if err != nil {
			return tx.failed(&Error{Code: Internal, Err: fmt.Errorf("encode %s: %w", e.Kind, err)})
		}
		_, err = tx.exec(`INSERT INTO effect (id, incident, seq, lane, kind, class, state, payload, at)
			VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, $8)`,
			tx.s.opts.NewID(), text(id), seq+int64(i), int64(e.Kind.Lane()), text(e.Kind), text(e.Kind.Class()),
			string(payload), micros(tx.s.opts.Now()))
		if err != nil {
			return err
		}
	}
	tx.outbox(id)
	return nil
}

// effectColumns come in the order of scan; the condition on state is spelt as in
// the index effect_open.
const (
	effectColumns = `SELECT id, incident, seq, lane, state, payload, result, attempts, not_before, last_error, at FROM effect `
	effectOpen    = `state IN ('pending', 'sending')`
)

// firstOpen is the step that a lane waits for: its first one, or the earliest where
// none waits for another.
func (r *Reader) firstOpen(id incident.ID, lane incident.Lane) (e Effect, ok bool, err error) {
	order := "seq"
	if lane == incident.Apart {
		order = "not_before, seq"
	}
	err = e.scan(func(dest ...any) error {
		return r.row(effectColumns+`WHERE incident = $1 AND lane = $2 AND `+effectOpen+` ORDER BY `+order+` LIMIT 1`,
			args{text(id), int64(lane)}, dest...)
	})
	ok, err = found(err)
	return e, ok, err
}

// RawEffects lists the steps of an incident that are not done, in order; with
// failed ones, as these are for people to look at.
func (r *Reader) RawEffects(id incident.ID) ([]Effect, error) {
	return collect(r, effectColumns+`WHERE incident = $1 AND state <> 'done' ORDER BY seq`, args{text(id)}, func(rows scanner) (Effect, error) {
		var e Effect
		err := e.scan(rows.Scan)
		return e, err
	})
}

// RawEffect is one step.
func (r *Reader) RawEffect(effectID string) (e Effect, err error) {
	err = e.scan(func(dest ...any) error { return r.row(effectColumns+`WHERE id = $1`, args{effectID}, dest...) })
	return e, err
}

func (e *Effect) scan(scan func(...any) error) error {
	var id, state, payload string
	var lane, notBefore, at int64
	if err := scan(&e.ID, &id, &e.Seq, &lane, &state, &payload, &e.Result, &e.Attempts, &notBefore, &e.LastError, &at); err != nil {
		return err
	}
	e.Incident, e.Lane, e.State = incident.ID(id), incident.Lane(lane), EffectState(state)
	e.NotBefore, e.At = moment(notBefore), moment(at)
	if err := json.Unmarshal([]byte(payload), &e.Step); err != nil {
		return &Error{Code: Internal, Err: fmt.Errorf("read effect %s: %w", e.ID, err)}
	}
	return nil
}

// MarkSending notes, before a step is taken, that it may have been taken. The
// code is Fenced when another worker has taken over.
func (tx *Tx) MarkSending(st Stream, effectID string) error {
	return tx.moveEffect(st, `state = 'sending', attempts = attempts + 1`, effectID)
}

// FinishEffect notes that a step is done, or given up with EffectFailed and the
// reason.
func (tx *Tx) FinishEffect(st Stream, effectID string, state EffectState, result, reason string) error {
	if state != EffectDone && state != EffectFailed {
		return tx.failed(refused(Internal, "a step is finished as done or as failed"))
	}
	return tx.moveEffect(st, `state = $3, result = $4, last_error = $5`, effectID, text(state), clean(result), clean(reason))
}

// DelayEffect puts a step off that certainly was not taken.
func (tx *Tx) DelayEffect(st Stream, effectID string, until time.Time, reason string) error {
	return tx.moveEffect(st, `state = 'pending', not_before = $3, last_error = $4`, effectID, micros(until), clean(reason))
}

// DoubtEffect puts a step off that may have been taken: it stays in Sending.
// result keeps what the next attempt needs to look.
func (tx *Tx) DoubtEffect(st Stream, effectID string, until time.Time, result, reason string) error {
	return tx.moveEffect(st, `not_before = $3, result = $4, last_error = $5`, effectID, micros(until), clean(result), clean(reason))
}

// SetEffectAside lets the steps behind one go on without it: it stays in Sending,
// and from now on waits for nobody and nobody for it.
func (tx *Tx) SetEffectAside(st Stream, effectID string, until time.Time, result, reason string) error {
	return tx.moveEffect(st, `lane = $6, not_before = $3, result = $4, last_error = $5`,
		effectID, micros(until), clean(result), clean(reason), int64(incident.Apart))
}

// moveEffect changes an open step of the stream's incident, behind the fence.
func (tx *Tx) moveEffect(st Stream, set, effectID string, values ...any) error {
	if err := tx.Hold(st); err != nil {
		return err
	}
	n, err := tx.exec(`UPDATE effect SET `+set+` WHERE id = $1 AND incident = $2 AND `+effectOpen,
		append(args{effectID, text(st.Incident)}, values...)...)
	if err == nil && n == 0 {
		return refused(NotFound, "no such open step")
	}
	return err
}
