package chaos

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/storage/storagetest"
)

// TestWorkOfADeadReplicaIsTakenOver kills a replica in the middle of a call to Slack, over and over, while another one
// stands by, and measures how long it takes until nothing of what it held is held any more; and how long
// until the killed one, started again, is ready.
func TestWorkOfADeadReplicaIsTakenOver(t *testing.T) {
	together(t)
	kills := Count(1, 20)
	url := storagetest.PostgresURL(t)
	s := newStage(t)
	s.env["DATABASE_URL"] = url
	both := []*program{newProgram(t, s.env), newProgram(t, s.env)}
	s.slack.SetBotURL(both[0].base())
	both[0].start()
	if _, ok := both[0].ready(30 * time.Second); !ok {
		t.Fatal("it does not start")
	}
	var over, ready []time.Duration
	for n := range kills {
		working, other := both[n%2], both[(n+1)%2]
		s.slack.SetBotURL(working.base())
		s.slack.Inject(slackfake.Fault{Kind: slackfake.Hang})
		a, err := s.slack.Actor(s.users[0]).Slash(t.Context(), "incidents", "/incident", fmt.Sprint("open Outage ", token(int64(n))))
		if err != nil || a.Text() == "" {
			t.Fatalf("%q %v", a.Text(), err)
		}
		var owner string
		if !within(t.Context(), 20*time.Second, func() bool { owner = s.holder(t, url); return owner != "" }) {
			t.Fatal("nobody works")
		}
		other.start()
		if took, ok := other.ready(30 * time.Second); !ok {
			t.Fatal("it does not start")
		} else {
			ready = append(ready, took)
		}
		if !within(t.Context(), 20*time.Second, func() bool { return s.text(t, url, `SELECT count(*) FROM serving`) == "2" }) {
			t.Fatal("the other one does not work")
		}
		died := time.Now()
		working.kill()
		s.slack.Heal()
		if !within(context.Background(), 20*time.Second, func() bool { return !s.holds(t, url, owner) }) {
			t.Fatal("what the dead replica held stays held")
		}
		over = append(over, time.Since(died))
		if !within(context.Background(), time.Minute, func() bool { return readOn(t, "pgx", url).open == 0 }) {
			t.Error("the other one does not go on")
		}
	}
	both[kills%2].stop()
	rooms := s.slack.Snapshot().Channels
	if n := len(rooms); n != kills+2 { // and #general and the announcements'
		t.Errorf("%d channels for %d incidents", n, kills)
	}
	slices.Sort(over)
	slices.Sort(ready)
	usual, most := 2*time.Second, 5*time.Second // a database that is slow to commit delays it
	if Count(0, 1) == 0 {
		usual, most = 10*time.Second, 20*time.Second // beside other tests, on whatever machine
	}
	if over[len(over)/2] > usual || over[len(over)-1] > most {
		t.Errorf("the work of a dead replica was taken over after %s, at most %s", over[len(over)/2], over[len(over)-1])
	}
	if last := ready[len(ready)-1]; last > most {
		t.Errorf("a replica was ready only after %s", last)
	}
	half := func(all []time.Duration) time.Duration { return all[len(all)/2].Round(time.Millisecond) }
	last := func(all []time.Duration) time.Duration { return all[len(all)-1].Round(time.Millisecond) }
	Figure{
		Program: "kill -9 of a replica on PostgreSQL in the middle of a call: when the other goes on", Count: fmt.Sprintf("%d kills", kills),
		Result: fmt.Sprintf("free for the other after p50 %s, max %s; no channel twice; a replica is ready after its start: p50 %s, max %s", half(over), last(over), half(ready), last(ready)),
	}.Show(t)
}

// holder is the process that holds an incident's work; "" when nobody does.
func (s *stage) holder(t *testing.T, url string) string {
	t.Helper()
	return s.text(t, url, `SELECT COALESCE(max(split_part(holder, '/', 1)), '') FROM stream WHERE holder <> ''`)
}

// holds says whether a process still counts as alive, or holds anything.
func (s *stage) holds(t *testing.T, url, process string) bool {
	t.Helper()
	return s.text(t, url, `SELECT (SELECT count(*) FROM serving WHERE process = $1) + (SELECT count(*) FROM stream WHERE holder LIKE $1 || '/%')
		+ (SELECT count(*) FROM river_job WHERE state = 'running' AND attempted_by[array_upper(attempted_by, 1)] LIKE $1 || '/%')`, process) != "0"
}
