package chaos

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// button finds the first button with a label in a channel.
func (s *stage) button(room, label string) (ts, action string, ok bool) {
	ch, _ := s.slack.Channel(room)
	for _, m := range ch.Messages {
		var blocks []struct {
			Elements []struct {
				ActionID string `json:"action_id"`
				Text     any    `json:"text"`
			} `json:"elements"`
		}
		if json.Unmarshal(m.Blocks, &blocks) != nil {
			continue
		}
		for _, b := range blocks {
			for _, e := range b.Elements {
				if text, _ := e.Text.(map[string]any); text["text"] == label {
					return m.TS, e.ActionID, true
				}
			}
		}
	}
	return "", "", false
}

// TestOneButtonPressedByEverybody has ten people press the same button fifty times at once.
func TestOneButtonPressedByEverybody(t *testing.T) {
	together(t)
	const presses = 50
	s := newStage(t)
	p := s.begin(t)
	for n := len(s.users); n < 10; n++ {
		s.users = append(s.users, s.slack.AddUser(slackfake.User{Name: fmt.Sprint("p", n), TZ: "UTC"}))
	}
	var ts, action string
	if !within(t.Context(), 20*time.Second, func() (ok bool) { ts, action, ok = s.button("inc-1-outage", "Done"); return ok }) {
		t.Fatal("there is no task with a button")
	}
	var all sync.WaitGroup
	var first, last time.Time
	var mu sync.Mutex
	for n := range presses {
		all.Go(func() {
			sent := time.Now()
			mu.Lock()
			if first.IsZero() || sent.Before(first) {
				first = sent
			}
			if sent.After(last) {
				last = sent
			}
			mu.Unlock()
			a, err := s.slack.Actor(s.users[n%len(s.users)]).Click(t.Context(), "inc-1-outage", ts, action, "")
			if err != nil || a.Status != http.StatusOK {
				t.Errorf("a click was answered %d %s %v", a.Status, a.Error, err)
			}
		})
	}
	all.Wait()
	told := func() (n int) {
		for _, user := range s.users {
			for _, e := range s.slack.Ephemerals(user) {
				if strings.Contains(e.Plain(), "T1") {
					n++
				}
			}
		}
		return n
	}
	if !within(t.Context(), 30*time.Second, func() bool { return told() >= presses }) {
		t.Errorf("of %d presses %d were answered", presses, told())
	}
	p.stop()
	db, err := sql.Open("sqlite3", "file:"+p.database()+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var effects int
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM event WHERE kind = 'task.done'`).Scan(&effects); err != nil {
		t.Fatal(err)
	}
	if effects != 1 {
		t.Errorf("the task was done %d times", effects)
	}
	Figure{
		Program: "the same button, pressed by everybody at once", Seed: 0,
		Count:  fmt.Sprintf("%d presses by 10 people within %s", presses, last.Sub(first).Round(time.Millisecond)),
		Result: fmt.Sprintf("%d effect; every press answered", effects),
	}.Show(t)
}
