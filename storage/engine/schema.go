package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/rollcall-bot/rollcall/storage/migrations"
)

// ErrNewer is returned by Migrate when a newer Rollcall has already changed the
// tables: migrations only go forward.
var ErrNewer = errors.New("this database was last used by a newer Rollcall: install that version again, or restore an older backup")

// Schema brings the tables of Rollcall and of River up to date on one database.
type Schema[T any] struct {
	DB      *sql.DB
	Dialect goose.Dialect
	River   riverdriver.Driver[T]
}

// Current reports whether both sets of tables are up to date. It takes no lock
// and is quick, as every start asks. Each step is looked for, not the highest number only: one
// that was released late may have a lower number than one that was applied.
func (s Schema[T]) Current(ctx context.Context) (bool, error) {
	var river sql.NullInt64
	// Either query fails on a database that never was migrated, and that is an answer.
	applied, err := s.applied(ctx)
	if err != nil {
		return false, nil //nolint:nilerr // no table yet
	}
	for version := range applied {
		if version > migrations.Latest {
			return false, fmt.Errorf("%w (it is at %d, this one knows %d)", ErrNewer, version, migrations.Latest)
		}
	}
	if err := s.DB.QueryRowContext(ctx, `SELECT max(version) FROM river_migration WHERE line = 'main'`).Scan(&river); err != nil {
		return false, nil //nolint:nilerr // no table yet
	}
	for _, version := range migrations.Versions {
		if !applied[version] {
			return false, nil
		}
	}
	m, err := s.migrator()
	if err != nil {
		return false, err
	}
	all := m.AllVersions()
	return river.Int64 >= int64(all[len(all)-1].Version), nil
}

// applied are the steps that this database has seen.
func (s Schema[T]) applied(ctx context.Context) (map[int64]bool, error) {
	rows, err := s.DB.QueryContext(ctx, `SELECT version_id FROM goose_db_version WHERE is_applied`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := map[int64]bool{}
	for rows.Next() {
		var version int64
		if err := rows.Scan(&version); err != nil {
			return nil, err
		}
		all[version] = true
	}
	return all, rows.Err()
}

// Up applies what is missing, in the order of the numbers. The caller holds the lock.
func (s Schema[T]) Up(ctx context.Context) error {
	p, err := goose.NewProvider(s.Dialect, s.DB, migrations.For(s.folder()), goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate the tables: %w", err)
	}
	m, err := s.migrator()
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate the job tables: %w", err)
	}
	return nil
}

// folder is where the steps are that this database alone understands.
func (s Schema[T]) folder() string {
	if s.Dialect == goose.DialectPostgres {
		return migrations.Postgres
	}
	return migrations.SQLite
}

func (s Schema[T]) migrator() (*rivermigrate.Migrator[T], error) {
	m, err := rivermigrate.New(s.River, &rivermigrate.Config{Logger: quiet})
	if err != nil {
		return nil, fmt.Errorf("read the job migrations: %w", err)
	}
	return m, nil
}

// quiet drops River's own migration log: a failure is returned, and success is
// one line of ours.
var quiet = slog.New(slog.DiscardHandler)
