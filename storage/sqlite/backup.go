package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/rollcall-bot/rollcall/storage/engine"
)

// Backup writes a compact copy of the database to path, which must not exist
// yet, while it is in use. The copy is one moment's state, synced to the disk,
// and appears under its name only when it is whole.
func (d *DB) Backup(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s is already there: name a new file", path)
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("clear an unfinished backup: %w", err)
	}
	// The empty file gives the copy its permissions; SQLite fills it.
	if err := create(part); err != nil {
		return err
	}
	if _, err := d.read.ExecContext(ctx, "VACUUM INTO ?1", part); err != nil {
		return engine.Translate(errors.Join(fmt.Errorf("copy the database: %w", err), os.Remove(part)), code)
	}
	return publish(part, path)
}

// Stage checks the backup at from and copies it beside the database at rawURL,
// which no process may have open. Install then puts the copy in its place.
func Stage(ctx context.Context, from, rawURL string) (part string, err error) {
	path, err := Path(rawURL)
	if err != nil {
		return "", err
	}
	if err := check(ctx, from); err != nil {
		return "", err
	}
	if err := unused(ctx, path); err != nil {
		return "", err
	}
	part = path + ".restoring"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("clear an unfinished restore: %w", err)
	}
	if err := create(part); err != nil {
		return "", err
	}
	src, err := sql.Open("sqlite3", dsn(from, url.Values{"mode": {"ro"}}))
	if err != nil {
		return "", fmt.Errorf("open the backup: %w", err)
	}
	_, err = src.ExecContext(ctx, "VACUUM INTO ?1", part)
	if err := errors.Join(err, src.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("copy the backup: %w", err), os.Remove(part))
	}
	return part, nil
}

// Install puts a staged copy in place of the database at rawURL. The former
// database stays beside it as PATH.before-restore.
func Install(part, rawURL string) error {
	path, err := Path(rawURL)
	if err != nil {
		return err
	}
	if err := os.Remove(part + ".lock"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("clear the lock of the restore: %w", err)
	}
	if err := os.Rename(path, path+".before-restore"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("put the present database aside: %w", err)
	}
	return publish(part, path)
}

// check refuses a file that is no whole database of ours.
func check(ctx context.Context, path string) error {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("read the backup: %w", err)
	}
	db, err := sql.Open("sqlite3", dsn(path, url.Values{"mode": {"ro"}}))
	if err != nil {
		return fmt.Errorf("open the backup: %w", err)
	}
	defer func() { _ = db.Close() }()
	var word string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&word); err != nil {
		return fmt.Errorf("%s is not an SQLite database: %w", path, err)
	}
	if word != "ok" {
		return fmt.Errorf("%s is damaged (%s): use another backup", path, word)
	}
	var events int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM event LIMIT 1)").Scan(&events); err != nil {
		return fmt.Errorf("%s is not a backup of Rollcall: %w", path, err)
	}
	return nil
}

// unused refuses a database that another process has open, and folds its log
// into it, so that the file alone is the whole of it.
func unused(ctx context.Context, path string) error {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	db, err := sql.Open("sqlite3", dsn(path, url.Values{"_busy_timeout": {"200"}, "_journal_mode": {"DELETE"}}))
	if err != nil {
		return fmt.Errorf("open the present database: %w", err)
	}
	db.SetMaxOpenConns(1)
	// Leaving WAL mode needs the file for oneself, and merges and removes its log.
	var mode string
	err = db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode)
	if err := errors.Join(err, db.Close()); err != nil || mode != "delete" {
		return fmt.Errorf("%s is in use: stop Rollcall first, then restore", path)
	}
	return nil
}

// publish syncs a finished file and gives it its name.
func publish(part, path string) error {
	if err := syncFile(part); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return fmt.Errorf("name the finished copy: %w", err)
	}
	return syncFile(filepath.Dir(path))
}

func syncFile(path string) error {
	f, err := os.Open(path) //nolint:gosec // named by the operator
	if err != nil {
		return fmt.Errorf("sync %s: %w", path, err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("sync %s: %w", path, err)
	}
	return nil
}
