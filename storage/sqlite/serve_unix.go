//go:build unix

package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// Serve says that this process works on the database from now on, until release.
// When no other process does, dead is called first: whatever an earlier one held
// is then nobody's.
//
// Every process that serves holds a shared lock on a file beside the database,
// which the system drops when the process dies. Who gets the exclusive one is
// alone. Its exchange for a shared one is not atomic, but whoever slips in between
// finds nobody at work yet.
func (d *DB) Serve(ctx context.Context, dead func(context.Context, string) error) (release func(), err error) {
	f, err := os.OpenFile(d.path+".serving", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the file that says who serves the database: %w", err)
	}
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
		if err := dead(ctx, ""); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	if err := share(ctx, f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { _ = f.Close() }, nil
}

// share takes a shared lock. Another process holds the exclusive one only while
// it starts.
func share(ctx context.Context, f *os.File) error {
	tick := time.NewTicker(lockRetry)
	defer tick.Stop()
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
		if err == nil {
			return nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return fmt.Errorf("lock %s: %w", f.Name(), err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for another Rollcall to start: %w", ctx.Err())
		case <-tick.C:
		}
	}
}
