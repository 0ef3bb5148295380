package storage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/storage/engine"
	"github.com/rollcall-bot/rollcall/storage/sqlite"
)

// errNoCopy says what to use instead, as PostgreSQL has its own tools.
var errNoCopy = errors.New("PostgreSQL databases are backed up with pg_dump and restored with pg_restore")

// Backup writes one moment's state into a new file while the database is in use.
func (s *Store) Backup(ctx context.Context, path string) error {
	b, ok := s.db.(engine.Backuper)
	if !ok {
		return errNoCopy
	}
	return b.Backup(ctx, path)
}

// Restore puts a backup in place of the database that opts name, which no
// program may have open; the former one is kept beside it as
// PATH.before-restore. Nothing is replaced unless the backup is whole and could
// be brought up to date.
//
// A restore begins a new epoch: what was done between the backup and now is not
// known, so every outbound step that is pending in the backup is marked as
// begun, and is looked for before it is repeated; and the channels of incidents
// opened since are counted (Restored).
func Restore(ctx context.Context, opts Options, from string) error {
	if !strings.HasPrefix(opts.URL, sqlite.Scheme+":") {
		return errNoCopy
	}
	part, err := sqlite.Stage(ctx, from, opts.URL)
	if err != nil {
		return err
	}
	if err := beginEpochIn(ctx, opts, part); err != nil {
		return errors.Join(fmt.Errorf("prepare the restored database: %w", err), os.Remove(part))
	}
	return sqlite.Install(part, opts.URL)
}

// beginEpochIn brings a staged copy up to date and marks what may have been done.
func beginEpochIn(ctx context.Context, opts Options, part string) error {
	opts.URL = sqlite.Scheme + ":" + part
	s, err := Open(ctx, opts)
	if err != nil {
		return err
	}
	err = s.Write(ctx, func(tx *Tx) error {
		// It is known to be a copy: the next start need not find that out.
		tx.forgetOne(aboutMeta(metaMark))
		if _, err := tx.exec(`DELETE FROM meta WHERE key = $1`, metaMark); err != nil {
			return err
		}
		return tx.beginEpoch()
	})
	return errors.Join(err, s.Close(ctx))
}

// beginEpoch marks what may have been done since this copy of the database was made.
func (tx *Tx) beginEpoch() error {
	if err := tx.SetMeta(MetaEpoch, tx.s.opts.NewID()); err != nil {
		return err
	}
	// Not before what is in the backup, whatever the clock of this machine says.
	var newest int64
	if err := tx.row(`SELECT COALESCE(MAX(at), 0) FROM effect`, nil, &newest); err != nil {
		return err
	}
	at := tx.s.opts.Now()
	if last := moment(newest); last.After(at) {
		at = last
	}
	if err := tx.SetMeta(MetaRestoredAt, at.UTC().Format(time.RFC3339)); err != nil {
		return err
	}
	for _, query := range []string{
		`UPDATE effect SET state = 'sending' WHERE state = 'pending'`,
		`UPDATE card SET sent = -1 WHERE sent = 0`,
		`UPDATE stream SET holder = '', lease_until = 0, fence = fence + 1`,
		`DELETE FROM river_job`,
		`DELETE FROM replica`,
		`DELETE FROM pass`, // what was revoked since must not open again
	} {
		if _, err := tx.exec(query); err != nil {
			return err
		}
	}
	return tx.Enqueue(Restored{At: tx.s.opts.Now().UTC()}, nil)
}

// Restored is the job that a restore leaves for the next start: to move the number
// of the next incident past whatever was opened after the backup (RaiseNumber).
type Restored struct {
	At time.Time `json:"at"`
}

// Kind is "restored".
func (Restored) Kind() string { return "restored" }
