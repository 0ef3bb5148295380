//go:build unix

package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/mattn/go-sqlite3"
)

// lockRetry is how often the lock is tried again.
const lockRetry = 20 * time.Millisecond

// lockFile takes an exclusive lock that other processes and other stores of this
// process respect, and that the system drops when the process dies. The file
// stays: removing it would let two processes lock two files of one name.
func lockFile(ctx context.Context, path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // beside the file that the operator named
	if err != nil {
		return nil, fmt.Errorf("open the lock file: %w", err)
	}
	tick := time.NewTicker(lockRetry)
	defer tick.Stop()
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { _ = f.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), f.Close())
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), f.Close())
		case <-tick.C:
		}
	}
}

// full reports whether the disk had no room.
func full(e sqlite3.Error) bool {
	return e.SystemErrno == syscall.ENOSPC || e.SystemErrno == syscall.EDQUOT
}
