package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/rollcall-bot/rollcall/storage/engine"
)

// ReplicaAlive is how long a program counts as running after it was last heard of,
// by the machines' clocks: three heartbeats.
const ReplicaAlive = 90 * time.Second

// Replica is one running program.
type Replica struct {
	ID        string // as the process is called (Store.Process), so that it is not minded once it is dead
	Version   string
	StartedAt time.Time
	SeenAt    time.Time
	// Kinds are the kinds of events that it can read, each with its newest version;
	// empty for one that does not say.
	Kinds map[string]int
}

// Meet notes that this program runs and learns what the others that run can read
// (Readable). It is called before the first command is taken, and with every heartbeat.
func (s *Store) Meet(ctx context.Context, me Replica) error {
	// First, since it asks when anybody was last heard of.
	if err := s.mark(ctx); err != nil {
		return err
	}
	s.met.Store(&me)
	var shared map[string]int
	err := s.Write(ctx, func(tx *Tx) (err error) {
		if err = tx.Heartbeat(me); err != nil {
			return err
		}
		shared, err = tx.shared()
		return err
	})
	if err == nil {
		s.readable.Store(&shared)
	}
	return err
}

// Process is what this process is called among those that share the database.
func (s *Store) Process() string { return s.opts.Process }

// buried frees what a process held that is certainly dead, and minds no more what it
// could read; "" is every other one than this.
func (s *Store) buried(ctx context.Context, process string) error {
	var shared map[string]int
	err := s.Write(ctx, func(tx *Tx) error {
		free := tx.endLeases
		if process != "" {
			free = func() error { return tx.endLeasesOf(process) }
		}
		err := free()
		if err == nil {
			shared, err = tx.shared()
		}
		return err
	})
	if err == nil && s.readable.Load() != nil {
		s.readable.Store(&shared)
	}
	return err
}

// shared is what every program that is known to run can read; nil before Meet.
func (r *Reader) shared() (map[string]int, error) {
	me := r.s.met.Load()
	if me == nil {
		return nil, nil
	}
	all, err := r.Replicas(r.s.opts.Wall().Add(-ReplicaAlive))
	return sharedKinds(all, *me), err
}

// Part notes that this program runs no more, so that nobody minds it.
func (s *Store) Part(ctx context.Context, id string) error {
	return s.Write(ctx, func(tx *Tx) error {
		_, err := tx.exec(`DELETE FROM replica WHERE id = $1`, id)
		return err
	})
}

// Readable says whether every program that is known to run can read a kind of
// event in a version. Before Meet it is whether anything is known at all: yes.
func (s *Store) Readable(kind string, version int) bool {
	shared := s.readable.Load()
	return shared == nil || *shared == nil || (*shared)[kind] >= version
}

// sharedKinds is what all can read. One that does not say can read what everybody
// could who did not say.
func sharedKinds(all []Replica, me Replica) map[string]int {
	shared := maps.Clone(me.Kinds)
	for _, r := range all {
		if r.ID == me.ID || len(r.Kinds) == 0 {
			continue
		}
		for kind, version := range shared {
			shared[kind] = min(version, r.Kinds[kind])
		}
	}
	return shared
}

// Heartbeat notes that a program runs. Both its times are the machine's; SeenAt is now.
func (tx *Tx) Heartbeat(r Replica) error {
	kinds, err := json.Marshal(r.Kinds)
	if err != nil {
		return tx.failed(&Error{Code: Internal, Err: fmt.Errorf("encode what a program can read: %w", err)})
	}
	_, err = tx.exec(`INSERT INTO replica (id, version, started_at, seen_at, kinds) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET version = $2, seen_at = $4, kinds = $5`, r.ID, r.Version, micros(r.StartedAt), micros(tx.s.opts.Wall()), string(kinds))
	return err
}

// Replicas lists the programs that were alive at or after a time of the
// machine's clock.
func (r *Reader) Replicas(since time.Time) ([]Replica, error) {
	return collect(r, `SELECT id, version, started_at, seen_at, kinds FROM replica WHERE seen_at >= $1 ORDER BY id`, args{micros(since)},
		func(rows scanner) (Replica, error) {
			var p Replica
			var started, seen int64
			var kinds string
			if err := rows.Scan(&p.ID, &p.Version, &started, &seen, &kinds); err != nil {
				return p, err
			}
			p.StartedAt, p.SeenAt = moment(started), moment(seen)
			if kinds != "" {
				if err := json.Unmarshal([]byte(kinds), &p.Kinds); err != nil {
					return p, &Error{Code: Internal, Err: fmt.Errorf("read what the program %s can read: %w", p.ID, err)}
				}
			}
			return p, nil
		})
}

// mark sees whether this database is a copy that was put back, or was moved, and
// then begins a new epoch as Restore does; and marks it, so that an older copy of it
// can be told.
func (s *Store) mark(ctx context.Context) error {
	m, ok := s.db.(engine.Marker)
	if !ok {
		return nil
	}
	var next string
	err := s.Write(ctx, func(tx *Tx) error {
		// The row is taken, so that two programs that start at once look one after the other.
		var stored string
		if _, err := found(tx.returning(`UPDATE meta SET value = value WHERE key = $1 RETURNING value`, args{metaMark}, &stored)); err != nil {
			return err
		}
		newest, err := tx.newestBeat()
		if err != nil {
			return err
		}
		var copied bool
		next, copied, err = m.Mark(tx.ctx, tx.b.t, stored, s.opts.Wall().Sub(newest))
		if err != nil {
			return tx.failed(err)
		}
		if copied {
			s.opts.Log.WarnContext(ctx, "this database is a copy that was put back, or was moved: what was still to be done is looked for before it is done, and pages wait for a person")
			if err := tx.beginEpoch(); err != nil {
				return err
			}
		}
		if next == stored {
			return nil
		}
		return tx.SetMeta(metaMark, next)
	})
	if err != nil {
		return err
	}
	return m.Marked(next)
}

// newestBeat is when any program was last heard of; zero when none ever was.
func (r *Reader) newestBeat() (time.Time, error) {
	var at int64
	err := r.row(`SELECT COALESCE(MAX(seen_at), 0) FROM replica`, nil, &at)
	return moment(at), err
}

// Holder is a new name under which this process can hold something. When the
// process dies, what it held is free (StartJobs).
func (s *Store) Holder() string { return engine.Holds(s.opts.Process, s.opts.NewID()) }
