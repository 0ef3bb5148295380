package storagetest

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// years is a database as it is after some years: 16,000 incidents, of which 40 are open, with 5 lines each; of the last 4,000 of them the
// outbound steps, cards and moments, most of which are done with; 40,000 requests.
var years = []string{
	`INSERT INTO person (id, workspace, slack_id, name) SELECT 'p' || n, 'local', 'U' || n, 'person ' || n FROM generate_series(1, 500) n`,
	`INSERT INTO incident (id, workspace, number, status, severity, title, private, drill, channel_id, channel_name, leader, opened_at, updated_at, version)
		SELECT 'i' || n, 'local', n, CASE WHEN n > 15960 THEN 'open' ELSE 'resolved' END, 2, 'Outage ' || n, 0, 0, 'C' || n, 'inc-' || n, 'p' || n % 500, n * 60000000::bigint, n * 60000000::bigint, 5
		FROM generate_series(1, 16000) n`,
	`INSERT INTO event (incident, seq, kind, version, at, occurred, actor, command, surface, body)
		SELECT 'i' || n, s, CASE WHEN s = 1 THEN 'opened' ELSE 'noted' END, 1, n * 60000000::bigint + s, n * 60000000::bigint + s, 'p1', 'c' || n || '-' || s, 'slash',
			CASE WHEN s = 1 THEN '{"Number":' || n || ',"Title":"Outage ' || n || '","Severity":2}' ELSE '{"Text":"rolled back the payments service, errors are going down"}' END
		FROM generate_series(1, 16000) n, generate_series(1, 5) s`,
	`INSERT INTO channel (workspace, channel_id, incident) SELECT 'local', 'C' || n, 'i' || n FROM generate_series(1, 16000) n`,
	`INSERT INTO delivery (source, key, incident, first_seq, actor, answer, reply_to, at)
		SELECT 'slack.command', md5(n::text), 'i' || n / 3 + 1, 1, 'p1', '', '', n * 3000000::bigint FROM generate_series(1, 40000) n`,
	`INSERT INTO effect (id, incident, seq, lane, kind, class, state, payload, at)
		SELECT 'e' || n, 'i' || 12000 + n / 2 + 1, n % 2 + 1, 1, 'post', 'detectable', CASE WHEN n > 7960 THEN 'pending' ELSE 'done' END, '{"Kind":"post"}', n * 30000000::bigint FROM generate_series(1, 7998) n`,
	`INSERT INTO card (incident, target, wanted, sent) SELECT 'i' || n, t, 9, CASE WHEN n > 15960 THEN 8 ELSE 9 END FROM generate_series(12001, 16000) n, unnest(array['summary', 'announcement', 'topic']) t`,
	`INSERT INTO stream (incident, head, done) SELECT 'i' || n, 9, CASE WHEN n > 15960 THEN 8 ELSE 9 END FROM generate_series(12001, 16000) n`,
	`INSERT INTO snapshot (incident, seq, fold_version, body) SELECT 'i' || n, 5, 0, '{}' FROM generate_series(12001, 15900) n`,
	`INSERT INTO due (incident, kind, key, at) SELECT 'i' || n, 'action.nudge', 'A' || a, 200000000000 + n * 60000000::bigint FROM generate_series(12001, 16000) n, generate_series(1, 2) a`,
	`INSERT INTO unfinished (incident, actions, rfo) SELECT 'i' || n, 1, 0 FROM generate_series(15900, 15960) n`,
	`INSERT INTO claim (workspace, scope, key, incident, at) SELECT 'local', 'alarm', 'P' || n, 'i' || n, 1 FROM generate_series(12001, 16000) n`,
	`ANALYZE`,
}

// TestHotQueriesOnPostgresUseIndexes asks what people and workers wait for of a database that is some years old, and looks at PostgreSQL's
// own counts: not one of these may walk a table from end to end, or read more rows than a list shows. What is asked is the
// store itself and no copy of its queries, with statistics as they are.
func TestHotQueriesOnPostgresUseIndexes(t *testing.T) {
	fx := Postgres(t)
	conn := fx.raw()
	defer func() { _ = conn.Close() }()
	for _, q := range years {
		if _, err := conn.ExecContext(t.Context(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	if err := fx.Close(t.Context()); err != nil { // whose connections would count with ours
		t.Fatal(err)
	}
	const id, person = incident.ID("i15990"), incident.PersonID("p7")
	now := time.UnixMicro(200000000000 + 12003*60000000) // three incidents have something due
	read := func(do func(r *storage.Reader) error) func(*storage.Store) error {
		return func(s *storage.Store) error { return s.Read(t.Context(), do) }
	}
	write := func(do func(tx *storage.Tx) error) func(*storage.Store) error {
		return func(s *storage.Store) error { return s.Write(t.Context(), do) }
	}
	for _, c := range []struct {
		what string
		do   func(*storage.Store) error
		rows int64 // that may be read of all these tables, at most
	}{
		{"nothing, for what a start reads", func(*storage.Store) error { return nil }, 10},
		{"the timeline of one incident", read(func(r *storage.Reader) error {
			all, err := r.VisibleRecords(person, id, 1)
			return errors.Join(err, expect(len(all), 5))
		}), 40},
		{"an incident, folded", read(func(r *storage.Reader) error { _, err := r.RawIncident(id); return err }), 40},
		{"the incident of a channel", read(func(r *storage.Reader) error { _, err := r.VisibleByChannel(person, "C15990"); return err }), 10},
		{"open incidents", read(func(r *storage.Reader) error {
			all, err := r.VisibleOpen(person)
			return errors.Join(err, expect(len(all), 40))
		}), 200},
		{"the latest incidents", read(func(r *storage.Reader) error {
			all, err := r.VisibleLatest(person, 20)
			return errors.Join(err, expect(len(all), 20))
		}), 200},
		{"what is left to do of all incidents", read(func(r *storage.Reader) error {
			all, err := r.VisibleWithActions(person)
			return errors.Join(err, expect(len(all), 61))
		}), 500},
		{"when something is due next", read(func(r *storage.Reader) error { _, _, err := r.NextDue(); return err }), 5},
		{"what is due", write(func(tx *storage.Tx) error {
			all, err := tx.TakeDues(now, 200)
			return errors.Join(err, expect(len(all), 6))
		}), 40},
		{"whose outbound work is to be done", read(func(r *storage.Reader) error {
			all, err := r.StreamsToWake(now, 200)
			return errors.Join(err, expect(len(all), 40))
		}), 100},
		{"the outbound work of one incident", write(func(tx *storage.Tx) error {
			st, ok, err := tx.AcquireStream(id, "worker", storage.StreamLease)
			if err != nil || !ok {
				return errors.Join(err, errors.New("somebody holds it"))
			}
			effects, err := tx.RawEffects(id)
			if err = errors.Join(err, expect(len(effects), 2)); err != nil {
				return err
			}
			if _, err := tx.RawCards(id); err != nil {
				return err
			}
			if err := errors.Join(tx.MarkSending(st, effects[0].ID), tx.FinishEffect(st, effects[0].ID, storage.EffectDone, "", "")); err != nil {
				return err
			}
			_, err = tx.ReleaseStream(st, time.Time{})
			return err
		}), 60},
		{"a request that came before", read(func(r *storage.Reader) error { _, _, err := r.Delivery("slack.command", "T1.2.3"); return err }), 5},
		{"a command with its request", write(func(tx *storage.Tx) error {
			inc, err := tx.RawIncident(id)
			if err != nil {
				return err
			}
			if _, err := tx.Append(inc, fx.stamp(1), notes("and so on")); err != nil {
				return err
			}
			return errors.Join(tx.SetDues(id, nil), tx.TouchCards(id, []incident.Card{incident.SummaryCard}),
				tx.SaveDelivery(storage.Delivery{Source: "slack.command", ID: "T1.2.4", Incident: id, FirstSeq: 6, Actor: person, At: now}))
		}), 80},
		{"whether an alarm has an incident", read(func(r *storage.Reader) error { _, err := r.Claimed("alarm", "P12077"); return err }), 5},
	} {
		before := walked(t, conn)
		s, err := storage.Open(t.Context(), fx.Options())
		if err != nil {
			t.Fatal(err)
		}
		// Closing ends its connections, which tell their counts when they end.
		if err := errors.Join(c.do(s), s.Close(t.Context())); err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		var after counted
		if !eventually(t, Patience, func() bool { after = walked(t, conn); return after.idle }) {
			t.Fatal("its connections do not end")
		}
		if tables := after.since(before); tables != "" {
			t.Errorf("%s walks %s", c.what, tables)
		}
		if rows := after.rows - before.rows; rows > c.rows {
			t.Errorf("%s reads %d rows, at most %d are expected", c.what, rows, c.rows)
		} else {
			t.Logf("%s: %d rows", c.what, rows)
		}
	}
}

func expect(got, want int) error {
	if got != want {
		return fmt.Errorf("%d rows, %d are there", got, want)
	}
	return nil
}

// counted is what PostgreSQL counted so far.
type counted struct {
	idle  bool             // nobody else is connected any more
	walks map[string]int64 // how often each of the large tables was read from end to end
	rows  int64            // that were read of them, in either way
}

// since names the tables that were walked since.
func (c counted) since(before counted) string {
	var tables []string
	for table, n := range c.walks {
		if n > before.walks[table] {
			tables = append(tables, table)
		}
	}
	return strings.Join(tables, ", ")
}

func walked(t *testing.T, conn *sql.Conn) counted {
	t.Helper()
	c := counted{walks: map[string]int64{}}
	var others int
	if err := conn.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'rollcall'`).Scan(&others); err != nil {
		t.Fatal(err)
	}
	c.idle = others == 0
	rows, err := conn.QueryContext(t.Context(), `SELECT relname, seq_scan, seq_tup_read + COALESCE(idx_tup_fetch, 0) FROM pg_stat_user_tables
		WHERE relname IN ('incident', 'event', 'snapshot', 'channel', 'delivery', 'effect', 'card', 'stream', 'due', 'claim', 'person')`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var table string
		var walks, read int64
		if err := rows.Scan(&table, &walks, &read); err != nil {
			t.Fatal(err)
		}
		c.walks[table] = walks
		c.rows += read
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return c
}
