// Package empty puts databases in which nothing has happened yet where tests want
// one: made once in each test binary and then copied. Bringing the tables up to date
// each time took a third of the time of tests that open many.
package empty

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/storage/sqlite"
)

const name = "rollcall.db"

// URL is that of a new database in a folder that ends with the test.
func URL(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := File(path); err != nil {
		t.Fatal(err)
	}
	return sqlite.Scheme + ":" + path
}

// File puts a database at path; a file that is there stays.
func File(path string) error {
	bytes, err := made()
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // the test's own
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.Write(bytes)
	return errors.Join(err, f.Close())
}

// made is a database file, as the program makes it.
var made = sync.OnceValues(func() (file []byte, err error) {
	dir, err := os.MkdirTemp("", "rollcall-empty")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	var ids atomic.Int64
	path := filepath.Join(dir, name)
	store, err := storage.Open(context.Background(), storage.Options{
		URL: sqlite.Scheme + ":" + path, Now: time.Now, Wall: time.Now, Log: slog.New(slog.DiscardHandler), //nolint:forbidigo // of a test
		NewID: func() string { return fmt.Sprint("empty-", ids.Add(1)) },
	})
	if err != nil {
		return nil, err
	}
	if err := store.Close(context.Background()); err != nil {
		return nil, err
	}
	return os.ReadFile(path) //nolint:gosec // made above
})
