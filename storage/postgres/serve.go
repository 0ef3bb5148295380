package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rollcall-bot/rollcall/storage/engine"
)

var (
	_ engine.Sharer     = (*DB)(nil)
	_ engine.Timekeeper = (*DB)(nil)
)

const (
	// silences is after how many beats that did not come a process's lock is looked at:
	// longer than the pauses of a busy machine, shorter than people notice.
	silences = 3
	// surely is how quickly the database has to say its time to be believed: what
	// Rollcall knows of its clock is off by half of that at most.
	surely = 200 * time.Millisecond
	// beatTimeout bounds each question.
	beatTimeout = time.Second
)

// now is the database's clock in microseconds, so that the machines' need not agree.
const now = `(extract(epoch FROM clock_timestamp()) * 1000000)::bigint`

// guard keeps a lock of PostgreSQL for as long as this process lives, on a
// connection of its own.
type guard struct {
	d    *DB
	dead func(context.Context, string) error
	conn *pgx.Conn // nil while there is none

	looked bool // the database's clock was looked at
}

// Serve takes the lock that says that this process lives. The server drops it when
// the process dies, whatever it dies of; a process that is stopped keeps it, and what
// it holds is free when its leases end, not before.
//
// A connection can also break under a process that lives. So another one is
// dead only when its lock is free and it is silent too: it says that it
// lives over another connection than the lock's.
func (d *DB) Serve(ctx context.Context, dead func(ctx context.Context, process string) error) (release func(), err error) {
	g := &guard{d: d, dead: dead}
	if err := g.round(ctx); err != nil {
		return nil, engine.Translate(fmt.Errorf("say that this process serves: %w", err), code)
	}
	going, stop := context.WithCancel(context.WithoutCancel(ctx))
	var all sync.WaitGroup
	all.Go(func() { g.keep(going) })
	return func() {
		stop()
		all.Wait()
		g.leave(context.WithoutCancel(ctx))
	}, nil
}

// keep goes round until ctx ends.
func (g *guard) keep(ctx context.Context) {
	tick := time.NewTicker(g.d.cfg.Beat)
	defer tick.Stop()
	for failed := false; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := g.round(ctx)
		if err != nil && !failed && ctx.Err() == nil {
			g.d.cfg.Log.WarnContext(ctx, "could not say that this process serves", slog.Any("error", err))
		}
		failed = err != nil
	}
}

// round makes sure of the lock, says that this process lives, and looks for those
// that do not.
func (g *guard) round(ctx context.Context) error {
	if err := g.lock(ctx); err != nil {
		return err
	}
	if err := g.beat(ctx); err != nil {
		return err
	}
	silent, err := g.silent(ctx)
	if err != nil {
		return err
	}
	for _, process := range silent {
		if err := g.bury(ctx, process); err != nil {
			return err
		}
	}
	return nil
}

// lock takes the lock unless its connection is there and answers.
func (g *guard) lock(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, beatTimeout)
	defer cancel()
	if g.conn != nil {
		if g.conn.Ping(ctx) == nil {
			return nil
		}
		g.drop(ctx)
	}
	conn, err := pgx.Connect(ctx, g.d.cfg.URL)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, key(g.d.cfg.Process)); err != nil {
		_ = conn.Close(ctx)
		return fmt.Errorf("take the lock: %w", err)
	}
	g.conn = conn
	return nil
}

func (g *guard) drop(ctx context.Context) {
	if g.conn != nil {
		_ = g.conn.Close(ctx)
		g.conn = nil
	}
}

// beat says that this process lives. It is nothing that has to survive a crash of
// the server.
func (g *guard) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, beatTimeout)
	defer cancel()
	tx, err := g.d.read.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, `SET LOCAL synchronous_commit = off`); err != nil {
		return err
	}
	var beat int64
	asked := g.d.cfg.Wall()
	err = tx.QueryRowContext(ctx, `INSERT INTO serving (process, beat) VALUES ($1, `+now+`)
		ON CONFLICT (process) DO UPDATE SET beat = `+now+` RETURNING beat`, g.d.cfg.Process).Scan(&beat)
	if err != nil {
		return err
	}
	if took := g.d.cfg.Wall().Sub(asked); took >= 0 && (took < surely || !g.looked) {
		g.d.ahead.Store(int64(time.UnixMicro(beat).Sub(asked.Add(took / 2).Round(0))))
		g.looked = true
	}
	return tx.Commit()
}

// silent are the processes that have not said for a while that they live.
func (g *guard) silent(ctx context.Context) (all []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, beatTimeout)
	defer cancel()
	rows, err := g.conn.Query(ctx, `SELECT process FROM serving WHERE process <> $1 AND beat < `+now+` - $2`, g.d.cfg.Process, silences*g.d.cfg.Beat.Microseconds())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// bury frees what a process held, if its lock is free. While it does, the lock is
// held here, so that one replica does it.
func (g *guard) bury(ctx context.Context, process string) error {
	var free bool
	if err := g.conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, key(process)).Scan(&free); err != nil || !free {
		return err
	}
	if err := g.dead(ctx, process); err != nil {
		return fmt.Errorf("free what a dead process held: %w", err)
	}
	if _, err := g.conn.Exec(ctx, `DELETE FROM serving WHERE process = $1`, process); err != nil {
		return err
	}
	g.d.cfg.Log.InfoContext(ctx, "another process is dead; what it held is free", slog.String("process", process))
	_, err := g.conn.Exec(ctx, `SELECT pg_advisory_unlock($1)`, key(process))
	return err
}

// leave says that this process serves no more, and that nobody need look for what
// it held.
func (g *guard) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, beatTimeout)
	defer cancel()
	if g.conn != nil {
		if _, err := g.conn.Exec(ctx, `DELETE FROM serving WHERE process = $1`, g.d.cfg.Process); err != nil {
			g.d.cfg.Log.WarnContext(ctx, "could not say that this process serves no more", slog.Any("error", err))
		}
	}
	g.drop(ctx)
}

// Ahead is by how much the database's clock is ahead of the machine's.
func (d *DB) Ahead() time.Duration { return time.Duration(d.ahead.Load()) }

// key is the number of a process's lock. Advisory locks are per database, and share
// their numbers with the lock of migrations.
func key(process string) int64 {
	sum := sha256.Sum256([]byte("rollcall serves: " + process))
	return int64(binary.BigEndian.Uint64(sum[:8]) >> 1)
}
