package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/storage/sqlite"
)

// storageOptions are what every call opens the database with.
func (p *program) storageOptions(c Config, log *slog.Logger) storage.Options {
	return storage.Options{
		URL: c.DatabaseURL.Reveal(), Now: p.clock.Now, Wall: p.wall, NewID: p.newID, Log: log,
	}
}

// withStore runs a call that works on the database that is there: it refuses to
// make a new one, which a call in the wrong folder would.
func (p *program) withStore(ctx context.Context, do func(*storage.Store) error) error {
	c, err := p.config()
	if err != nil {
		return err
	}
	if path := sqliteFile(c); path != "" {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("there is no database at %s: set DATABASE_URL as for `rollcall serve`, or call this from the same folder", path)
		}
	}
	s, err := storage.Open(ctx, p.storageOptions(c, p.quiet()))
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.Close(context.WithoutCancel(ctx)))
}

// sqliteFile is the file that the database is in, "" for another kind of database.
func sqliteFile(c Config) string {
	url := c.DatabaseURL.Reveal()
	if !strings.HasPrefix(url, sqlite.Scheme+":") {
		return ""
	}
	path, err := sqlite.Path(url)
	if err != nil {
		return ""
	}
	return path
}

// trouble is what is wrong with the database, in words that strangers may read:
// a driver's error may name hosts and users.
func trouble(err error) string {
	switch storage.CodeOf(err) {
	case storage.Locked:
		return "the database is locked by another program"
	case storage.Full:
		return "the disk of the database is full"
	case storage.ReadOnly:
		return "the database cannot be written: it is read-only"
	case storage.Unknown:
		return "the database takes too long to confirm a write"
	case storage.Unavailable:
		return "the database does not take writes"
	default:
		return "the database cannot be written"
	}
}
