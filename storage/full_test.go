package storage

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// onFile opens a store on a new SQLite file.
func onFile(t *testing.T) *Store {
	t.Helper()
	var mu sync.Mutex
	n := 0
	at := time.Date(2026, 3, 28, 14, 5, 0, 0, time.UTC)
	s, err := Open(t.Context(), Options{
		URL:  "sqlite:" + filepath.Join(t.TempDir(), "rollcall.db"),
		Now:  func() time.Time { return at },
		Wall: func() time.Time { return at },
		NewID: func() string {
			mu.Lock()
			defer mu.Unlock()
			n++
			return fmt.Sprint("id-", n)
		},
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(t.Context()) })
	return s
}

// limit keeps the file from growing by more than some pages, as a full disk
// does. It has to be set again and again, since it belongs to a connection and
// the store drops one that has failed.
func limit(tx *Tx, more int64) error {
	var have int64
	if err := tx.row("PRAGMA page_count", nil, &have); err != nil {
		return err
	}
	return tx.row(fmt.Sprint("PRAGMA max_page_count = ", have+more), nil, &have)
}

func TestAFullDiskIsSaidAndHeals(t *testing.T) {
	s := onFile(t)
	room := int64(1 << 20)
	open := func(id incident.ID, title string) error {
		return s.Write(t.Context(), func(tx *Tx) error {
			if err := limit(tx, room); err != nil {
				return err
			}
			n, err := tx.NextNumber()
			if err != nil {
				return err
			}
			_, err = tx.Append(incident.New(id), incident.Stamp{Command: "c"}, []incident.Event{incident.Opened{Number: n, Title: title}})
			return err
		})
	}
	if err := open("i1", "before"); err != nil {
		t.Fatal(err)
	}
	room = 8
	large := strings.Repeat("x", 1<<20)
	errs := make([]error, 12)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { errs[i] = open(incident.ID(fmt.Sprint("large", i)), large) })
	}
	all.Wait()
	for i, err := range errs {
		if CodeOf(err) != Full {
			t.Errorf("write %d: %v, want %s", i, err, Full)
		}
	}
	room = 1 << 20
	if err := open("i2", large); err != nil {
		t.Errorf("after there was room again: %v", err)
	}
	if err := s.Read(t.Context(), func(r *Reader) error {
		all, err := r.RawBriefs()
		if len(all) != 2 || all[0].Number != 2 || all[1].Title != "before" {
			t.Errorf("%d incidents are stored, the last as number %d", len(all), all[0].Number)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}

func TestFoldsForgetTheOldest(t *testing.T) {
	c := newFolds(2)
	for i := range 3 {
		c.put(incident.ID(fmt.Sprint(i)), &fold{version: int64(i)})
		c.get("0") // used again and again, so it stays
	}
	for id, want := range map[incident.ID]bool{"0": true, "1": false, "2": true} {
		if _, ok := c.get(id); ok != want {
			t.Errorf("%s is kept: %v", id, ok)
		}
	}
	c.put("0", &fold{version: 7})
	if f, _ := c.get("0"); f.version != 7 {
		t.Error("a newer fold did not replace the older one")
	}
	c.remove("0")
	c.remove("0")
	if _, ok := c.get("0"); ok {
		t.Error("removed and still there")
	}
}

func TestWhoDecidesAboutARequest(t *testing.T) {
	newRequest := func() *request { return &request{done: make(chan error, 1)} }
	r := newRequest()
	if !r.abandon(queued) || r.begin() {
		t.Error("the writer began what its caller had given up")
	}
	r = newRequest()
	if !r.begin() || !r.abandon(running) || r.commit() {
		t.Error("the writer committed what its caller had given up")
	}
	r = newRequest()
	if !r.begin() || !r.commit() || r.abandon(queued) || r.abandon(running) {
		t.Error("the caller gave up what was being committed")
	}
	if r.again(); !r.abandon(queued) || r.begin() {
		t.Error("before a second run the caller may give up")
	}
}

func TestCodes(t *testing.T) {
	if got := CodeOf(fmt.Errorf("wrapped: %w", errLate)); got != Unavailable {
		t.Errorf("a wrapped error has the code %q", got)
	}
	if got := CodeOf(errors.New("something else")); got != Internal {
		t.Errorf("a foreign error has the code %q", got)
	}
	if got := CodeOf(nil); got != "" {
		t.Errorf("no error has the code %q", got)
	}
}
