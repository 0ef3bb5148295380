package postgres

import (
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/rollcall-bot/rollcall/storage/engine"
)

// states maps SQLSTATEs, and below their two-character classes, to codes.
// Source: PostgreSQL documentation, appendix A.
var states = map[string]engine.Code{
	"23505": engine.Conflict,    // unique_violation
	"40001": engine.Conflict,    // serialization_failure
	"40P01": engine.Locked,      // deadlock_detected
	"55P03": engine.Locked,      // lock_not_available
	"57014": engine.Unavailable, // query_canceled
	"53100": engine.Full,        // disk_full
	"25006": engine.ReadOnly,    // read_only_sql_transaction

	"08": engine.Unavailable, // connection exception
	"28": engine.Unavailable, // invalid authorization
	"53": engine.Unavailable, // insufficient resources
	"57": engine.Unavailable, // operator intervention: shutdown, crash
	"58": engine.Unavailable, // system error
	"3D": engine.Unavailable, // no such database
}

func code(err error) engine.Code {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && len(pg.Code) == 5 {
		if c, ok := states[pg.Code]; ok {
			return c
		}
		if c, ok := states[pg.Code[:2]]; ok {
			return c
		}
		return engine.Internal
	}
	var connect *pgconn.ConnectError
	var network net.Error
	if errors.As(err, &connect) || errors.As(err, &network) || pgconn.Timeout(err) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || broken(err) {
		return engine.Unavailable
	}
	return engine.Internal
}

// outcome is the code of a COMMIT that failed: unless the server said no,
// nobody can tell.
//
// That pgx calls an error "safe to retry" proves nothing here: when the answer to
// a statement is lost, it reports a closed connection, as if nothing had been
// sent (pgx 5.12, MultiResultReader.NextResult drops the first error).
func outcome(err error) engine.Code {
	var pg *pgconn.PgError
	said := errors.As(err, &pg) && len(pg.Code) == 5
	switch {
	case errors.Is(err, pgx.ErrTxCommitRollback), errors.Is(err, pgx.ErrTxClosed):
		return engine.Unavailable
	case !said, pg.Code[:2] == "08", pg.Code[:2] == "57":
		return engine.Unknown // a server that shuts down may have committed before it says so
	}
	return code(err)
}
