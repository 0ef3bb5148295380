package postgres

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/storage/engine"
)

var _ engine.Marker = (*DB)(nil)

// failover is how long after the last sign of life a server of another timeline is
// taken for the standby that took over, and not for one that was set back to an
// earlier moment.
const failover = 2 * time.Minute

// Mark names where the database stands: the cluster, the database and the very
// table that holds the mark, whose number is another one when pg_restore makes it
// anew, and the cluster's timeline, which is another one after a recovery to an
// earlier moment. Sources: PostgreSQL documentation, pg_control_system(),
// pg_control_checkpoint(), and the system column oid.
//
// A server may keep the first and the last to itself, as some that are rented do.
// What is not known on either side is not compared.
func (d *DB) Mark(ctx context.Context, q engine.Queryer, stored string, quiet time.Duration) (next string, copied bool, err error) {
	var now, was position
	if err := now.look(ctx, q); err != nil {
		return "", false, engine.Translate(fmt.Errorf("look where the database stands: %w", err), code)
	}
	if stored == "" {
		return now.String(), false, nil
	}
	was.read(stored)
	moved := differ(was.cluster, now.cluster) || was.table != now.table
	return now.String(), moved || differ(was.timeline, now.timeline) && quiet > failover, nil
}

// position is where a database stands: in which cluster, in which table of which
// database of it, on which timeline.
type position struct{ cluster, table, timeline string }

func (p position) String() string { return p.cluster + "." + p.table + "@" + p.timeline }

func (p *position) read(s string) {
	place, timeline, _ := strings.Cut(s, "@")
	p.timeline = timeline
	p.cluster, p.table, _ = strings.Cut(place, ".")
}

func differ(a, b string) bool { return a != "" && b != "" && a != b }

func (p *position) look(ctx context.Context, q engine.Queryer) error {
	var told bool
	err := q.QueryRowContext(ctx, `SELECT (SELECT oid FROM pg_database WHERE datname = current_database()) || '.' || 'meta'::regclass::oid,
		has_function_privilege('pg_control_system()', 'EXECUTE') AND has_function_privilege('pg_control_checkpoint()', 'EXECUTE')`).Scan(&p.table, &told)
	if err != nil || !told {
		return err
	}
	return q.QueryRowContext(ctx, `SELECT (SELECT system_identifier FROM pg_control_system())::text,
		(SELECT timeline_id FROM pg_control_checkpoint())::text`).Scan(&p.cluster, &p.timeline)
}

// Marked has nothing to do: what a mark is compared with is PostgreSQL's own.
func (d *DB) Marked(string) error { return nil }
