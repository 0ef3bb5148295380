package chaos

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// measured is one command: what it came to, and how long its answer took as Slack sees it.
type measured struct {
	token string
	text  string
	ok    bool // answered with 200
	took  time.Duration
}

// typing has people type notes, so many a second, until ctx ends or so many are typed.
func (s *stage) typing(ctx context.Context, perSecond, most int, tokens *dice) (all []measured) {
	var mu sync.Mutex
	var under sync.WaitGroup
	tick := time.NewTicker(time.Second / time.Duration(perSecond))
	defer tick.Stop()
	for n := range most {
		select {
		case <-ctx.Done():
			under.Wait()
			return all
		case <-tick.C:
		}
		under.Go(func() {
			m := measured{token: token(int64(tokens.upTo(1e7)))}
			began := time.Now()
			a, err := s.slack.Actor(s.users[n%len(s.users)]).Slash(context.WithoutCancel(ctx), "incidents", "/incident", "INC-1 note "+m.token)
			m.took, m.text, m.ok = time.Since(began), a.Text(), err == nil && a.Status == http.StatusOK
			mu.Lock()
			defer mu.Unlock()
			all = append(all, m)
		})
	}
	under.Wait()
	return all
}

// percentile of how long answers took.
func percentile(all []measured, share float64) time.Duration {
	times := make([]time.Duration, 0, len(all))
	for _, m := range all {
		times = append(times, m.took)
	}
	slices.Sort(times)
	return times[int(share*float64(len(times)-1))].Round(100 * time.Microsecond)
}

// begin starts a program with one open incident.
func (s *stage) begin(t *testing.T) *program {
	t.Helper()
	p := newProgram(t, s.env)
	s.slack.SetBotURL(p.base())
	p.start()
	if _, ok := p.ready(10 * time.Second); !ok {
		t.Fatal("it does not start")
	}
	a, err := s.slack.Actor(s.users[0]).Slash(t.Context(), "incidents", "/incident", "open Outage")
	if err != nil || !strings.Contains(a.Text(), "INC-1") {
		t.Fatalf("%q %v", a.Text(), err)
	}
	return p
}

// inMemory is a folder on a file system that costs no sync of a disk, "" where there is none: there a measure is
// the program's, and not of whatever else uses the machine's disk.
func inMemory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "rollcall-chaos")
	if err != nil {
		return ""
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// ills are the ways in which Slack is ill; the first is that it is well.
var ills = []struct {
	name  string
	fault slackfake.Fault
}{
	{name: "well"},
	{"hanging", slackfake.Fault{Kind: slackfake.Hang}},
	{"refusing (500)", slackfake.Fault{Kind: slackfake.Status}},
	{"resetting", slackfake.Fault{Kind: slackfake.Reset}},
	{"carrying out and resetting", slackfake.Fault{Kind: slackfake.LostReply}},
	{"refusing the token", slackfake.Fault{Kind: slackfake.BodyError, Error: "token_revoked"}},
}

// TestAnswersDoNotWaitForSlack measures answers over HTTP while Slack hangs, refuses, resets and fails, in rounds that take
// turns with rounds in which it is well, on a database whose syncs cost nothing.
func TestAnswersDoNotWaitForSlack(t *testing.T) {
	together(t)
	rounds, each := Count(1, 7), Count(30, 150)
	s := newStage(t)
	if dir := inMemory(t); dir != "" {
		s.env["DATABASE_URL"] = "sqlite:" + filepath.Join(dir, "rollcall.db")
	}
	p := s.begin(t)
	limit := 100 * time.Millisecond
	if Count(0, 1) == 0 {
		limit = time.Second // beside other tests, on whatever machine
	}
	all, tails := map[string][]measured{}, map[string][]float64{}
	for round := range rounds {
		for _, ill := range ills {
			s.slack.Heal()
			if ill.fault.Kind != "" {
				s.slack.Inject(ill.fault)
			}
			for n := range 3 { // something that has to go out
				if _, err := s.slack.Actor(s.users[n]).Slash(t.Context(), "incidents", "/incident", fmt.Sprint("INC-1 title ", ill.name, round, n)); err != nil {
					t.Error(err)
				}
			}
			got := s.typing(t.Context(), 50, each, newDice(Seed()+int64(round)))
			for _, m := range got {
				if !m.ok || !strings.HasPrefix(m.text, "Noted on") {
					t.Errorf("with Slack %s the answer was %q", ill.name, m.text)
				}
			}
			all[ill.name] = append(all[ill.name], got...)
			tails[ill.name] = append(tails[ill.name], percentile(got, 0.99).Seconds())
		}
	}
	s.slack.Heal()
	p.kill()
	var results []string
	for _, ill := range ills {
		// The median of the rounds, since whatever else the machine does in one of them is nothing of the program's.
		p99 := time.Duration(medianOf(tails[ill.name]) * float64(time.Second)).Round(100 * time.Microsecond)
		if p99 > limit {
			t.Errorf("with Slack %s the p99 of the answers is %s, at most %s", ill.name, p99, limit)
		}
		var ratios []float64
		for n, tail := range tails[ill.name] {
			ratios = append(ratios, tail/tails["well"][n])
		}
		results = append(results, fmt.Sprintf("%s %s / %s / %s (x %.2f)", ill.name, percentile(all[ill.name], 0.5), p99, percentile(all[ill.name], 0.99), medianOf(ratios)))
	}
	Figure{
		Program: "answers over HTTP while Slack is ill, on a database whose syncs cost nothing", Seed: Seed(), Count: fmt.Sprintf("%d rounds of %d commands at 50 a second in each state, in turns", rounds, each),
		Result: "p50 / p99 in the median round / p99 of all rounds (p99 as a multiple of that of the healthy round beside it, median): " + strings.Join(results, ", "),
	}.Show(t)
}

// TestTheDatabaseIsLockedByAnotherProgram keeps the database's lock, as a backup tool or a careless operator may.
func TestTheDatabaseIsLockedByAnotherProgram(t *testing.T) {
	together(t)
	held := time.Duration(Count(3, 30)) * time.Second
	s := newStage(t)
	p := s.begin(t)
	db, err := sql.Open("sqlite3", "file:"+p.database()+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	lock, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), held)
	defer cancel()
	all := s.typing(ctx, 5, 1000, newDice(Seed()))
	if _, err := lock.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	freed := time.Now()
	within(t.Context(), 10*time.Second, func() bool {
		a, err := s.slack.Actor(s.users[0]).Slash(t.Context(), "incidents", "/incident", "INC-1 note it is free")
		return err == nil && strings.HasPrefix(a.Text(), "Noted on")
	})
	healed := time.Since(freed)
	if healed > 3*time.Second {
		t.Errorf("it went on only %s after the lock was free", healed)
	}
	p.stop()
	lost, refused := 0, 0
	j := read(t, p.database())
	for _, m := range all {
		switch {
		case m.took > 3*time.Second:
			t.Errorf("an answer took %s", m.took)
		case strings.HasPrefix(m.text, "NOT saved") && strings.Contains(m.text, m.token):
			refused++
			if j.tokens[m.token] > 0 {
				t.Errorf("answered as not saved, and there: %s", m.text)
			}
		case strings.HasPrefix(m.text, "Noted on"):
			if j.tokens[m.token] == 0 {
				lost++
				t.Errorf("lost: %s", m.text)
			}
		default:
			t.Errorf("answered %q", m.text)
		}
	}
	sound(t, p.database())
	Figure{
		Program: "the database locked by another program", Seed: Seed(), Count: fmt.Sprintf("%s, %d commands meanwhile", held, len(all)),
		Result: fmt.Sprintf("%d answered as not saved, %d lost; slowest answer %s; went on %s after the lock was free",
			refused, lost, percentile(all, 1).Round(time.Millisecond), healed.Round(time.Millisecond)),
	}.Show(t)
}
