package storagetest

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"testing"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3", to write as an earlier release did

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/storage/migrations"
)

// once is a command as the conversation gives it: it looks whether the request came
// before, and appends a line and remembers the request if not.
func (fx *Fixture) once(s *storage.Store, id, text string) (answer string, err error) {
	err = s.Write(fx.t.Context(), func(tx *storage.Tx) error {
		d, seen, err := tx.Earlier("slack.command", id)
		if err != nil {
			return err
		}
		if seen {
			answer = d.Answer
			return nil
		}
		inc, err := tx.RawIncident("i1")
		if err != nil {
			return err
		}
		if _, err := tx.Append(inc, fx.stamp(int(inc.Head)), []incident.Event{incident.Noted{Text: text}}); err != nil {
			return err
		}
		answer = "noted " + text
		return tx.SaveDelivery(storage.Delivery{Source: "slack.command", ID: id, Incident: "i1", Answer: answer, At: fx.Now.Time()})
	})
	return answer, err
}

func (fx *Fixture) noted() (texts []string) {
	fx.t.Helper()
	fx.MustRead(func(r *storage.Reader) error {
		log, err := r.RawRecords("i1", 2)
		for _, rec := range log {
			texts = append(texts, rec.Event.(incident.Noted).Text)
		}
		return err
	})
	return texts
}

// A request that comes again is found out, alone and among others in one batch, and
// also when both come at once.
func TestARepeatIsFoundOut(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.opened("i1")
		for range 2 {
			if got, err := fx.once(fx.Store, "8951316742309.1.a", "first"); err != nil || got != "noted first" {
				t.Errorf("got %q, %v", got, err)
			}
		}
		var all sync.WaitGroup
		for _, name := range strings.Fields("b c d b e first c f") {
			all.Go(func() {
				id := "89513167423" + name
				if name == "first" {
					id = "8951316742309.1.a"
				}
				if got, err := fx.once(fx.Store, id, name); err != nil || got != "noted "+name {
					t.Errorf("%s: got %q, %v", name, got, err)
				}
			})
		}
		all.Wait()
		seen := map[string]int{}
		for _, text := range fx.noted() {
			seen[text]++
		}
		for _, name := range strings.Fields("first b c d e f") {
			if seen[name] != 1 {
				t.Errorf("%s is there %d times of %v", name, seen[name], seen)
			}
		}
		if got, err := fx.once(fx.Another(fx.Options()), "8951316742309.1.a", "again"); err != nil || got != "noted first" {
			t.Errorf("another replica: %q, %v", got, err)
		}
	})
}

// A function that was told that its request is new and then saves none, or fails, is
// run again and told the truth.
func TestWhoeverAssumesIsToldTheTruth(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.opened("i1")
		if _, err := fx.once(fx.Store, "d1", "first"); err != nil {
			t.Fatal(err)
		}
		for name, end := range map[string]error{"saves none": nil, "fails": errors.New("no")} {
			answer, runs := "", 0
			err := fx.Write(t.Context(), func(tx *storage.Tx) error {
				runs++
				d, seen, err := tx.Earlier("slack.command", "d1")
				if err != nil || seen {
					answer = d.Answer
					return err
				}
				return end
			})
			if err != nil || answer != "noted first" || runs != 2 {
				t.Errorf("%s: %q after %d runs, %v", name, answer, runs, err)
			}
		}
		runs := 0
		fx.MustWrite(func(tx *storage.Tx) error {
			runs++
			_, seen, err := tx.Earlier("slack.command", "")
			if seen {
				t.Error("a request without an id came before")
			}
			return err
		})
		if runs != 1 {
			t.Errorf("without an id: %d runs", runs)
		}
	})
}

// What was stored before keys began with the sender's number is known all the same.
func TestRequestsOfAnEarlierReleaseAreKnown(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.opened("i1")
		sum := sha256.Sum256([]byte("8951316742309.1.a"))
		driver, name := "sqlite3", strings.TrimPrefix(fx.URL, "sqlite:")
		if name == fx.URL {
			driver = "pgx"
		}
		db, err := sql.Open(driver, name)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		_, err = db.ExecContext(t.Context(), `INSERT INTO delivery (source, key, incident, first_seq, actor, answer, reply_to, at)
			VALUES ('slack.command', '`+hex.EncodeToString(sum[:16])+`', 'i1', 0, 'ana', 'said then', 'https://example.test/reply', 1)`)
		if err != nil {
			t.Fatal(err)
		}
		step, err := fs.ReadFile(migrations.For(migrations.SQLite), "00017_delivery.sql")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(t.Context(), string(step)); err != nil { // the database is brought up to date
			t.Fatal(err)
		}
		fx.Reopen()
		if got, err := fx.once(fx.Store, "8951316742309.1.a", "again"); err != nil || got != "said then" {
			t.Errorf("got %q, %v", got, err)
		}
		fx.MustWrite(func(tx *storage.Tx) error { return tx.ForgetReplyTo("slack.command", "8951316742309.1.a") })
		fx.MustRead(func(r *storage.Reader) error {
			d, seen, err := r.Delivery("slack.command", "8951316742309.1.a")
			if !seen || d.ReplyTo != "" || d.Answer != "said then" {
				t.Errorf("it is %+v, %v", d, seen)
			}
			return err
		})
	})
}
