package storage

import (
	"errors"
	"fmt"

	"github.com/rollcall-bot/rollcall/incident"
)

// RawIncident is the folded incident, whoever asks. Inside Read it is shared:
// nobody may change it. Inside Write it is the writer's own and Append moves it
// forward; it must not be kept.
func (r *Reader) RawIncident(id incident.ID) (*incident.Incident, error) { return r.load(id) }

// RawRecords is the log of an incident from a sequence number on, whoever asks.
func (r *Reader) RawRecords(id incident.ID, from int64) ([]incident.Record, error) {
	return collect(r, `SELECT seq, kind, version, at, occurred, actor, command, surface, body
		FROM event WHERE incident = $1 AND seq >= $2 ORDER BY seq`, args{text(id), from}, r.scanRecord)
}

// RawByNumber is the incident with a number, whoever asks.
func (r *Reader) RawByNumber(number int) (incident.ID, error) {
	var id string
	err := r.row(`SELECT id FROM incident WHERE workspace = $1 AND number = $2`, args{Local, int64(number)}, &id)
	return incident.ID(id), err
}

// RawByChannel is the incident that a channel belongs to, whoever asks.
func (r *Reader) RawByChannel(channelID string) (incident.ID, error) {
	return remembered(r, question{"channel", channelID, ""}, func() (incident.ID, error) {
		var id string
		err := r.row(`SELECT incident FROM channel WHERE workspace = $1 AND channel_id = $2`, args{Local, channelID}, &id)
		return incident.ID(id), err
	})
}

func (r *Reader) scanRecord(rows scanner) (incident.Record, error) {
	var rec incident.Record
	var kind, actor, command, body string
	var version, at, occurred int64
	if err := rows.Scan(&rec.Seq, &kind, &version, &at, &occurred, &actor, &command, &rec.Surface, &body); err != nil {
		return rec, err
	}
	var e incident.Event = incident.Unknown{Name: kind, Version: int(version), Body: []byte(body)}
	var err error
	if r.s.opts.Kinds[kind] >= int(version) {
		e, err = incident.Decode(kind, int(version), []byte(body))
	}
	if err != nil {
		return rec, &Error{Code: Internal, Err: fmt.Errorf("event %d: %w", rec.Seq, err)}
	}
	rec.At, rec.Occurred = moment(at), moment(occurred)
	rec.Actor, rec.Command, rec.Event = incident.PersonID(actor), incident.CommandID(command), e
	return rec, nil
}

// fold reads an incident from its snapshot and the events after it.
func (r *Reader) fold(id incident.ID) (*fold, error) {
	f := &fold{}
	if err := r.row(`SELECT version FROM incident WHERE id = $1`, args{text(id)}, &f.version); err != nil {
		return nil, err
	}
	var body string
	known, err := found(r.row(`SELECT seq, body FROM snapshot WHERE incident = $1 AND fold_version = $2`,
		args{text(id), r.s.foldVersion}, &f.snapshotSeq, &body))
	if err != nil {
		return nil, err
	}
	if known {
		// A snapshot that cannot be read costs time, not data.
		f.inc, _ = incident.Restore([]byte(body))
	}
	if f.inc == nil {
		f.inc, f.snapshotSeq = incident.New(id), 0
	}
	later, err := r.RawRecords(id, f.inc.Head+1)
	if err != nil {
		return nil, err
	}
	for _, rec := range later {
		err := f.inc.Apply(rec)
		if errors.Is(err, incident.ErrRefold) {
			return f, r.refold(f, id)
		}
		if err != nil {
			return nil, &Error{Code: Internal, Err: fmt.Errorf("fold event %d of %s: %w", rec.Seq, id, err)}
		}
	}
	return f, nil
}

// refold folds the whole log, as an undo among its events demands.
func (r *Reader) refold(f *fold, id incident.ID, more ...incident.Record) error {
	log, err := r.RawRecords(id, 1)
	if err != nil {
		return err
	}
	inc, err := incident.Fold(id, append(log, more...))
	if err != nil {
		return &Error{Code: Internal, Err: fmt.Errorf("fold %s: %w", id, err)}
	}
	f.inc, f.snapshotSeq = inc, 0
	return nil
}

// loadShared folds for readers, who share what they folded and never change it.
func (r *Reader) loadShared(id incident.ID) (*incident.Incident, error) {
	f, cached := r.s.folds.get(id)
	if cached {
		var version int64
		if err := r.row(`SELECT version FROM incident WHERE id = $1`, args{text(id)}, &version); err != nil {
			return nil, err
		}
		if version == f.version {
			return f.inc, nil
		}
	}
	fresh, err := r.fold(id)
	if err != nil {
		return nil, err
	}
	if !cached || fresh.version > f.version {
		r.s.folds.put(id, fresh)
	}
	return fresh.inc, nil
}

// loadOwn folds for the writer, whose incidents Append moves forward in place.
// Where somebody else can have written, the version is looked at, once within a
// transaction: what another replica does meanwhile is caught when Append
// compares it.
func (tx *Tx) loadOwn(id incident.ID) (*incident.Incident, error) {
	cache := tx.b.w.cache
	f, ok := cache.get(id)
	if tx.again && !tx.b.fresh[id] {
		// Another replica was first: this time it has to wait for us.
		ok = false
		if _, err := tx.exec(`UPDATE incident SET version = version WHERE id = $1`, text(id)); err != nil {
			return nil, err
		}
	}
	if ok && !tx.b.fresh[id] && !tx.b.alone(f) {
		var version int64
		if err := tx.row(`SELECT version FROM incident WHERE id = $1`, args{text(id)}, &version); err != nil {
			cache.remove(id)
			return nil, err
		}
		ok = version == f.version
	}
	if !ok {
		var err error
		if f, err = tx.fold(id); err != nil {
			return nil, err
		}
		cache.put(id, f)
	}
	tx.b.fresh[id], f.seen = true, tx.b.seen
	return f.inc, nil
}
