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
func (d *DB) Mark(ctx context.Context, q engine.Queryer, stored string, quiet time.Duration) (next string, copied bool, err error) {
	var place, timeline string
	err = q.QueryRowContext(ctx, `SELECT (SELECT system_identifier FROM pg_control_system()) || '.' ||
		(SELECT oid FROM pg_database WHERE datname = current_database()) || '.' || 'meta'::regclass::oid,
		(SELECT timeline_id FROM pg_control_checkpoint())::text`).Scan(&place, &timeline)
	if err != nil {
		return "", false, engine.Translate(fmt.Errorf("look where the database stands: %w", err), code)
	}
	next = place + "@" + timeline
	was, wasTimeline, _ := strings.Cut(stored, "@")
	copied = stored != "" && (was != place || wasTimeline != timeline && quiet > failover)
	return next, copied, nil
}

// Marked has nothing to do: what a mark is compared with is PostgreSQL's own.
func (d *DB) Marked(string) error { return nil }
