package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/storage/engine"
)

var _ engine.Marker = (*DB)(nil)

// Mark counts up, in the database and in a file beside it that no backup holds. A
// database whose count is behind the file's is older than one that was here, and one
// that has a count without a file beside it came from elsewhere.
func (d *DB) Mark(_ context.Context, _ engine.Queryer, stored string, _ time.Duration) (next string, copied bool, err error) {
	beside, there, err := d.beside()
	if err != nil {
		return "", false, err
	}
	inside, err := strconv.ParseInt(stored, 10, 64)
	if err != nil && stored != "" {
		return "", false, &engine.Error{Code: engine.Internal, Err: fmt.Errorf("the database's mark %q is no number", stored)}
	}
	if !there && stored == "" { // the first time: should the program die before Marked, there is a file all the same
		if err := d.writeMark("0", true); err != nil {
			return "", false, err
		}
	}
	copied = stored != "" && (!there || inside < beside)
	return strconv.FormatInt(max(inside, beside)+1, 10), copied, nil
}

// Marked writes the file. A crash before leaves it behind the database, which is
// no sign of anything; so does a power cut, as it is not synced.
func (d *DB) Marked(next string) error { return d.writeMark(next, false) }

func (d *DB) writeMark(mark string, sync bool) error {
	err := d.replaceMark(mark, sync)
	if err != nil {
		return &engine.Error{Code: engine.Unavailable, Err: fmt.Errorf("mark the database: %w", err)}
	}
	return nil
}

func (d *DB) replaceMark(mark string, sync bool) error {
	f, err := os.CreateTemp(filepath.Dir(d.path), filepath.Base(d.path)+markSuffix+".*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(mark + "\n")
	if sync {
		err = errors.Join(err, f.Sync())
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), d.path+markSuffix)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if !sync {
		return nil
	}
	dir, err := os.Open(filepath.Dir(d.path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// markSuffix is what the file beside the database is called.
const markSuffix = ".mark"

// beside is the count in the file; there is false when there is none, or none that
// can be read, as after a power cut.
func (d *DB) beside() (count int64, there bool, err error) {
	body, err := os.ReadFile(d.path + markSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, &engine.Error{Code: engine.Unavailable, Err: fmt.Errorf("read the database's mark: %w", err)}
	}
	count, err = strconv.ParseInt(strings.TrimSpace(string(body)), 10, 64)
	if err != nil {
		return 0, true, nil //nolint:nilerr // torn: it says nothing
	}
	return count, true, nil
}
