package main

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"
)

// db asks the database, or holds its lock as another program would.
func (s *stage) db(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1, "db lock|unlock|QUERY")
	switch args[0] {
	case "lock":
		db, err := sql.Open("sqlite3", "file:"+filepath.Join(s.dir, databaseFile)+"?_busy_timeout=5000")
		ts.Check(err)
		ts.Defer(func() { _ = db.Close() })
		s.lock, err = db.Conn(s.ctx)
		ts.Check(err)
		_, err = s.lock.ExecContext(s.ctx, "BEGIN IMMEDIATE")
		ts.Check(err)
	case "unlock":
		_, err := s.lock.ExecContext(s.ctx, "ROLLBACK")
		ts.Check(errors.Join(err, s.lock.Close()))
	default:
		ts.Check(s.query(ts.Stdout(), args[0]))
	}
}

func (s *stage) query(out io.Writer, query string) error {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(s.dir, databaseFile)+"?mode=ro&_busy_timeout=5000")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(s.ctx, query)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for n := range values {
			into[n] = &values[n]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		_, _ = fmt.Fprintln(out, values...)
	}
	return rows.Err()
}
