package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime"
	"slices"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/rollcall-bot/rollcall/storage/migrations"
)

// ErrNewer is returned by Migrate when a newer Rollcall has changed the tables in a
// way that this one cannot go on with: migrations only go forward.
var ErrNewer = errors.New("a newer Rollcall has changed this database, and this version is too old to go on with it: install that version again, or restore a copy from before")

// Schema brings the tables of Rollcall and of River up to date on one database.
type Schema[T any] struct {
	DB      *sql.DB
	Dialect goose.Dialect
	River   riverdriver.Driver[T]
	Log     *slog.Logger
}

// Current reports whether both sets of tables are up to date, or further: ErrNewer says
// that they are too far. It takes no lock and is quick, as every start asks. Each step
// is looked for, not the highest number only: one that was released late may have a
// lower number than one that was applied.
func (s Schema[T]) Current(ctx context.Context) (bool, error) {
	var river sql.NullInt64
	// Either query fails on a database that never was migrated, and that is an answer.
	applied, err := s.applied(ctx)
	if err != nil {
		return false, nil //nolint:nilerr // no table yet
	}
	if err := s.bearable(ctx, applied); err != nil {
		return false, err
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

// bearable looks at the steps that this program does not know: each has to say that
// programs like this one go on with what it did.
func (s Schema[T]) bearable(ctx context.Context, applied map[int64]bool) error {
	known := func(version int64) bool { return version == 0 || slices.Contains(migrations.Versions, version) }
	unknown := slices.DeleteFunc(slices.Sorted(maps.Keys(applied)), known)
	if len(unknown) == 0 {
		return nil
	}
	oldest := map[int64]int64{}
	if applied[migrations.Said] {
		var err error
		if oldest, err = s.said(ctx); err != nil {
			return fmt.Errorf("read which programs can go on with this database: %w", err)
		}
	}
	for _, version := range unknown {
		if from, said := oldest[version]; !said || !known(from) {
			return fmt.Errorf("%w (it took step %d, and this one knows step %d)", ErrNewer, version, migrations.Latest)
		}
	}
	s.Log.WarnContext(ctx, "a newer Rollcall has changed this database: this one goes on, and leaves to it what it cannot read",
		slog.Any("steps", unknown), slog.String("fix", "Start the newer version again, once it can be."))
	return nil
}

// said is what steps say of who can go on after them.
func (s Schema[T]) said(ctx context.Context) (map[int64]int64, error) {
	rows, err := s.DB.QueryContext(ctx, `SELECT step, oldest FROM schema_step`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := map[int64]int64{}
	for rows.Next() {
		var step, oldest int64
		if err := rows.Scan(&step, &oldest); err != nil {
			return nil, err
		}
		all[step] = oldest
	}
	return all, rows.Err()
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
	// Whatever reads the steps keeps four megabytes for each that it read at once in pools, for a next time that does
	// not come; and as much again of garbage would be let grow beside them. Two collections empty the pools.
	runtime.GC()
	runtime.GC()
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
