package storage

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// snapshotEvery is how many events lie between two snapshots: folding as many
// takes less than a millisecond.
const snapshotEvery = 200

// errStale makes the writer run the function again on fresh state.
var errStale = &Error{Code: Conflict, Err: errors.New("the incident was changed by another replica")}

// Append stores events after the incident's last one and folds them into inc,
// which is either new (incident.New, whose first event gives it its number) or
// comes from RawIncident of this transaction. Conflict means that another
// replica was first; the writer then runs the whole function again.
func (tx *Tx) Append(inc *incident.Incident, stamp incident.Stamp, events []incident.Event) ([]incident.Record, error) {
	if len(events) == 0 {
		return nil, nil
	}
	f, ok := tx.b.w.cache.get(inc.ID)
	switch {
	case ok && f.inc == inc:
	case inc.Head == 0:
		f = &fold{inc: inc, seen: tx.b.seen}
		tx.b.w.cache.put(inc.ID, f)
		tx.b.fresh[inc.ID] = true
	default:
		return nil, tx.failed(refused(Internal, "append to an incident that this transaction has not loaded"))
	}
	if !slices.Contains(tx.touched, inc.ID) {
		tx.touched = append(tx.touched, inc.ID)
	}
	stamp.At = stamp.At.UTC().Truncate(time.Microsecond)
	records := make([]incident.Record, 0, len(events))
	refolded := false
	for _, e := range events {
		rec := incident.NewRecord(inc.Head+1, stamp, e)
		rec.Occurred = rec.Occurred.UTC().Truncate(time.Microsecond)
		records = append(records, rec)
		err := inc.Apply(rec)
		if errors.Is(err, incident.ErrRefold) {
			refolded = true
			err = tx.refoldInPlace(f, records)
		}
		if err != nil {
			return nil, tx.failed(fmt.Errorf("apply %s: %w", e.Kind(), err))
		}
	}
	if err := tx.project(f, stamp.At); err != nil {
		return nil, err
	}
	if err := tx.word(f); err != nil {
		return nil, err
	}
	if err := tx.leave(f); err != nil {
		return nil, err
	}
	for _, rec := range records {
		if err := tx.insert(inc.ID, rec); err != nil {
			return nil, err
		}
	}
	if refolded || inc.Head-f.snapshotSeq >= snapshotEvery {
		return records, tx.snapshot(f)
	}
	return records, nil
}

// refoldInPlace folds the log with the records that are not stored yet.
func (tx *Tx) refoldInPlace(f *fold, unsaved []incident.Record) error {
	inc := f.inc
	if err := tx.refold(f, inc.ID, unsaved...); err != nil {
		return err
	}
	// The caller holds the pointer: it sees what the log says now.
	*inc = *f.inc
	f.inc = inc
	return nil
}

func (tx *Tx) insert(id incident.ID, rec incident.Record) error {
	kind, version, body, err := incident.Encode(rec.Event)
	if err != nil {
		return tx.failed(&Error{Code: Internal, Err: err})
	}
	_, err = tx.exec(`INSERT INTO event (incident, seq, kind, version, at, occurred, actor, command, surface, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		text(id), rec.Seq, kind, int64(version), micros(rec.At), micros(rec.Occurred),
		text(rec.Actor), text(rec.Command), rec.Surface, string(body))
	return err
}

// project writes what lists and look-ups need, if the incident still is at the
// version that was folded. It comes before the events: it takes the row's lock.
func (tx *Tx) project(f *fold, at time.Time) error {
	i, now := f.inc, listedOf(f.inc)
	n, err := int64(1), error(nil)
	switch {
	case f.version == 0:
		tx.forget() // somebody may have asked for it before it was there
		_, err = tx.exec(`INSERT INTO incident (id, updated_at, version, status, severity, title, private, drill,
			channel_id, channel_name, leader, opened_at, workspace, number)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
			append(now.values(i.ID, at, f.version+1), Local, int64(i.Identity.Number))...)
	case f.listed == now: // most events change nothing that is listed
		n, err = tx.exec(`UPDATE incident SET updated_at = $2, version = $3 WHERE id = $1 AND version = $4`, text(i.ID), micros(at), f.version+1, f.version)
	default:
		n, err = tx.exec(`UPDATE incident SET updated_at = $2, version = $3, status = $4, severity = $5, title = $6, private = $7, drill = $8,
			channel_id = $9, channel_name = $10, leader = $11, opened_at = $12 WHERE id = $1 AND version = $13`, append(now.values(i.ID, at, f.version+1), f.version)...)
	}
	if err != nil {
		return err
	}
	if n == 0 {
		return tx.failed(errStale)
	}
	f.version, f.listed = f.version+1, now
	return nil
}

// listed is what the projection holds of an incident, as it is stored.
type listed struct {
	status, title, channel, channelName, leader string
	severity, private, drill, opened            int64
}

func listedOf(i *incident.Incident) listed {
	return listed{
		status: text(i.Life.Status), severity: int64(i.Life.Severity), title: clean(i.Identity.Title),
		private: flag(i.Identity.Private), drill: flag(i.Identity.Drill), channel: i.Channel.ID, channelName: i.Channel.Name,
		leader: text(i.Leadership.Leader), opened: micros(i.Identity.OpenedAt),
	}
}

// values are the columns from the incident's id on, in the order of the statements.
func (l listed) values(id incident.ID, at time.Time, version int64) args {
	return args{
		text(id), micros(at), version, l.status, l.severity, l.title, l.private, l.drill, l.channel, l.channelName, l.leader, l.opened,
	}
}

func (tx *Tx) snapshot(f *fold) error {
	body, err := f.inc.Snapshot()
	if err != nil {
		return tx.failed(&Error{Code: Internal, Err: err})
	}
	_, err = tx.exec(`INSERT INTO snapshot (incident, seq, fold_version, body) VALUES ($1, $2, $3, $4)
		ON CONFLICT (incident) DO UPDATE SET seq = $2, fold_version = $3, body = $4`,
		text(f.inc.ID), f.inc.Head, tx.s.foldVersion, string(body))
	if err != nil {
		return err
	}
	f.snapshotSeq = f.inc.Head
	return nil
}
