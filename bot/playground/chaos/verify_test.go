package chaos

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "github.com/mattn/go-sqlite3"    // to look into the database past the program
)

// journal is what the database holds.
type journal struct {
	open   int            // outbound steps and cards that are still to do
	tokens map[string]int // how many commands hold a token
	keys   []string       // of the incidents
	sent   map[string]int // how often an update with a token went out
}

var tokenPattern = regexp.MustCompile(`xq\d{7}qx`)

// read reads an SQLite database past the program.
func read(t testing.TB, path string) journal {
	t.Helper()
	return readOn(t, "sqlite3", "file:"+path+"?mode=ro&_busy_timeout=5000")
}

// withoutFormer is a body without what a title was before, in each database's words: that is no command of its own.
var withoutFormer = map[string]string{"sqlite3": "json_remove(body, '$.From')", "pgx": "(body::jsonb - 'From')::text"}

// readOn reads a database past the program.
func readOn(t testing.TB, driver, source string) journal {
	t.Helper()
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	ctx, j := context.Background(), journal{tokens: map[string]int{}, sent: map[string]int{}}
	err = db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM effect WHERE state IN ('pending', 'sending')) +
		(SELECT count(*) FROM card WHERE wanted > sent) + (SELECT count(*) FROM due WHERE kind = 'update.send')`).Scan(&j.open)
	if err != nil {
		t.Fatal(err)
	}
	// One command may lead to several events; it is one command all the same. Channels, RFOs and what goes out repeat what
	// commands said.
	each(t, db, `SELECT command || ' ' || `+withoutFormer[driver]+` FROM event WHERE actor <> 'system' AND kind NOT LIKE 'rfo.%' AND kind NOT LIKE 'channel.%'
		AND kind <> 'update.sent'`, func(row string) {
		command, body, _ := strings.Cut(row, " ")
		for _, tok := range tokenPattern.FindAllString(body, -1) {
			key := command + " " + tok
			if j.tokens[key] == 0 {
				j.tokens[tok]++
			}
			j.tokens[key]++
		}
	})
	each(t, db, `SELECT body FROM event WHERE kind = 'update.sent'`, func(body string) {
		for _, tok := range tokenPattern.FindAllString(body, -1) {
			if j.sent[tok]++; j.sent[tok] > 1 {
				t.Errorf("an update went out twice: %s", body)
			}
		}
	})
	each(t, db, `SELECT 'INC-' || number FROM incident`, func(key string) { j.keys = append(j.keys, key) })
	return j
}

// sound asks SQLite whether the file is.
func sound(t testing.TB, path string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	each(t, db, `PRAGMA integrity_check`, func(word string) {
		if word != "ok" {
			t.Errorf("integrity_check: %s", word)
		}
	})
}

func each(t testing.TB, db *sql.DB, query string, do func(string)) {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			t.Fatal(err)
		}
		do(v)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// tally is what an experiment counts.
type tally struct {
	saved, lost, doubled int
	effects              int // messages, channels, bookmarks, pins, uploads, pages
	twice, missing       []string
}

// compare holds what was answered against the log, and Slack's and PagerDuty's state against both.
func (s *stage) compare(saved, all []command, j journal) tally {
	t := tally{saved: len(saved)}
	for _, c := range saved {
		if c.verb != "invite" && j.tokens[c.token] == 0 {
			t.lost++
			s.t.Errorf("lost: %s %s was answered %q", c.verb, c.token, c.said)
		}
	}
	for _, c := range all {
		if j.tokens[c.token] > 1 {
			t.doubled++
			s.t.Errorf("double: %s %s is in the log %d times", c.verb, c.token, j.tokens[c.token])
		}
	}
	s.rooms(j.keys, &t)
	s.paged(&t)
	s.cards(saved, &t)
	for _, what := range t.twice {
		s.t.Errorf("twice: %s", what)
	}
	for _, what := range t.missing {
		s.t.Errorf("missing: %s", what)
	}
	return t
}

// rooms counts channels, bookmarks, pins, files, and messages by the identity that each carries.
func (s *stage) rooms(keys []string, t *tally) {
	shot := s.slack.Snapshot()
	named, seen := map[string]int{}, map[string]int{}
	for _, ch := range shot.Channels {
		for _, m := range ch.Messages {
			var meta struct {
				Payload struct {
					Op string `json:"op"`
				} `json:"event_payload"`
			}
			if m.Subtype != "" || !m.App || json.Unmarshal(m.Metadata, &meta) != nil || meta.Payload.Op == "" {
				continue
			}
			t.effects++
			if seen[meta.Payload.Op]++; seen[meta.Payload.Op] > 1 {
				t.twice = append(t.twice, "message in "+ch.Name+": "+m.Text)
			}
		}
		number, ok := strings.CutPrefix(ch.Name, "inc-")
		if !ok {
			continue
		}
		number, _, _ = strings.Cut(number, "-")
		named["INC-"+number]++
		t.effects += 1 + len(ch.Bookmarks) + len(ch.Pins)
		if len(ch.Bookmarks) > 1 {
			t.twice = append(t.twice, "bookmark of "+ch.Name)
		}
		if len(ch.Bookmarks) == 0 || len(ch.Pins) == 0 {
			t.missing = append(t.missing, fmt.Sprintf("bookmark or pin of %s: %v %v", ch.Name, ch.Bookmarks, ch.Pins))
		}
	}
	for _, key := range keys {
		switch n := named[key]; {
		case n > 1:
			t.twice = append(t.twice, "channel of "+key)
		case n == 0:
			t.missing = append(t.missing, "channel of "+key)
		}
	}
	if len(named) != len(keys) {
		t.twice = append(t.twice, fmt.Sprintf("channels without an incident: %v of %v", named, keys))
	}
	shared := map[string]int{}
	for _, f := range shot.Files {
		for range f.Shares {
			t.effects++
			if shared[f.Name]++; shared[f.Name] > 1 {
				t.twice = append(t.twice, "file "+f.Name)
			}
		}
	}
}

// paged counts who was paged for what.
func (s *stage) paged(t *tally) {
	seen := map[string]int{}
	for _, p := range s.pager.Pages() {
		t.effects++
		key := p.UserID + " " + p.Title
		if seen[key]++; seen[key] > 1 {
			t.twice = append(t.twice, "page "+key)
		}
	}
}

// cards looks for what each saved command has to have led to.
func (s *stage) cards(saved []command, t *tally) {
	var said, rung strings.Builder
	for _, ch := range s.slack.Snapshot().Channels {
		for _, m := range ch.Messages {
			said.WriteString(m.Plain())
			said.WriteByte('\n')
		}
	}
	for _, p := range s.pager.Pages() {
		rung.WriteString(p.Title)
		rung.WriteByte('\n')
	}
	for _, c := range saved {
		where := ""
		switch c.verb {
		case "task", "decide": // an update may be replaced before it goes out, and is on a card until the next one
			where = said.String()
		case "page":
			where = rung.String()
		default:
			continue
		}
		if !strings.Contains(where, c.token) {
			t.missing = append(t.missing, fmt.Sprintf("what %s %s was to lead to (%s)", c.verb, c.token, c.said))
		}
	}
}

// text asks PostgreSQL for one value.
func (s *stage) text(t *testing.T, url, query string, args ...any) (v string) {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(context.Background(), query, args...).Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}
