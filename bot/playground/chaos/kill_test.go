package chaos

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// hands is how many people type at once.
const hands = 4

// The ways in which a life ends. Each is a kill -9.
var deaths = []struct {
	name    string
	percent int
	end     func(*killing)
}{
	{"at a random moment under load", 40, func(k *killing) { k.wait(k.dice.between(0, 150*time.Millisecond)) }},
	{"while starting", 15, nil}, // before it is ready
	{"before a call is carried out", 10, func(k *killing) { k.insideCall(false) }},
	{"between a side effect and its record", 25, func(k *killing) { k.insideCall(true) }},
	{"while the write-ahead log is copied back", 10, func(k *killing) { k.atCheckpoint() }},
}

// killing is an experiment with one program that dies over and over.
type killing struct {
	*load
	p     *program
	times []time.Duration // from the start to ready, of each life that got there
	how   map[string]int
}

// TestKilledAnywhere kills the real program at random points under load, starts it again at once, and compares in the end
// every answered command with the log, and the log with what Slack and PagerDuty were made to do.
func TestKilledAnywhere(t *testing.T) {
	together(t)
	kills := Count(8, 1000)
	s := newStage(t)
	l := &load{stage: s, dice: newDice(Seed()), opens: 2 + min(kills/25, 28), kills: kills, counts: map[string]int{}}
	k := &killing{load: l, p: newProgram(t, s.env), how: map[string]int{}}
	s.slack.SetBotURL(k.p.base())
	for n := range kills {
		k.life(n)
		if t.Failed() {
			return
		}
	}
	k.p.start()
	if _, ok := k.p.ready(10 * time.Second); !ok {
		t.Fatal("it does not start any more")
	}
	if kills >= 100 { // a topic that was just set stands for a minute
		if err := l.end(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	var j journal
	if !within(context.Background(), time.Duration(Count(90, 900))*time.Second, func() bool { j = read(t, k.p.database()); return j.open == 0 }) {
		t.Errorf("%d outbound steps are still to do", j.open)
	}
	k.p.stop()
	sound(t, k.p.database())
	got := s.compare(l.saved(), l.commands, j)
	for _, odd := range l.odd {
		t.Logf("neither saved nor refused as not saved: %s", odd)
	}
	slices.Sort(k.times)
	at := func(share float64) time.Duration {
		return k.times[int(share*float64(len(k.times)-1))].Round(time.Millisecond)
	}
	if most := at(1); most > 2*time.Second {
		t.Errorf("ready again only after %s", most)
	}
	Figure{
		Program: "kill -9 of `rollcall serve` at random points, under load", Seed: Seed(),
		Count: fmt.Sprintf("%d kills (%s), %d commands answered as saved, %d effects outside", kills, k.list(), got.saved, got.effects),
		Result: fmt.Sprintf("%d commands lost, %d doubled; %d effects doubled, %d missing; ready again p50 %s, p99 %s, max %s",
			got.lost, got.doubled, len(got.twice), len(got.missing), at(0.5), at(0.99), at(1)),
	}.Show(t)
}

// list says how many lives ended how.
func (k *killing) list() (text string) {
	for n, d := range deaths {
		if n > 0 {
			text += ", "
		}
		text += fmt.Sprint(k.how[d.name], " ", d.name)
	}
	return text
}

// life is one life of the program, from its start to a kill.
func (k *killing) life(n int) {
	at := k.dice.upTo(100)
	death := deaths[0]
	for _, d := range deaths {
		if at -= d.percent; at < 0 {
			death = d
			break
		}
	}
	if n == 0 {
		death = deaths[0] // so that there is an incident
	}
	k.how[death.name]++
	k.p.start()
	if death.end == nil {
		k.wait(k.dice.between(0, 40*time.Millisecond))
		k.p.kill()
		return
	}
	took, ok := k.p.ready(10 * time.Second)
	if !ok {
		k.t.Fatal("it ended by itself while starting")
	}
	k.times = append(k.times, took)
	ctx, rest := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for hand := range hands {
		all.Go(func() { k.hand(ctx, hand) })
	}
	k.again(ctx)
	death.end(k)
	k.hook.Store(nil)
	k.p.kill()
	rest()
	all.Wait()
}

// again delivers a command of an earlier life once more, and the events that were not taken.
func (k *killing) again(ctx context.Context) {
	if all := k.slack.Deliveries(); len(all) > 0 {
		if _, err := k.slack.Repeat(ctx, all[k.dice.upTo(len(all))].ID, ""); err != nil {
			k.t.Error(err)
		}
	}
	k.slack.RedeliverEvents(ctx)
}

func (k *killing) wait(d time.Duration) {
	select {
	case <-time.After(d):
	case <-k.p.ended():
	}
}

// insideCall has the program killed in one of its next calls to Slack or PagerDuty, or soon if it makes none.
func (k *killing) insideCall(after bool) {
	done := make(chan struct{})
	k.inside(1+k.dice.upTo(4), after, func() { k.p.kill(); close(done) })
	select {
	case <-done:
	case <-time.After(500 * time.Millisecond):
	}
}

// atCheckpoint waits until SQLite writes to the file itself, which it does when its log has grown to 1,000 pages.
func (k *killing) atCheckpoint() {
	before := k.changed()
	within(context.Background(), time.Second, func() bool { return k.changed() != before })
}

func (k *killing) changed() time.Time {
	info, err := os.Stat(k.p.database())
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// TestKilledWhileMigrating kills the program while it makes its tables.
func TestKilledWhileMigrating(t *testing.T) {
	together(t)
	kills := Count(4, 200)
	s, d := newStage(t), newDice(Seed())
	p := newProgram(t, s.env)
	s.slack.SetBotURL(p.base())
	for n := range kills {
		path := filepath.Join(p.dir, fmt.Sprint("db", n))
		p.env["DATABASE_URL"] = "sqlite:" + path
		p.start()
		select {
		case <-time.After(d.between(0, 60*time.Millisecond)):
		case <-p.ended():
			t.Fatal("it ended by itself")
		}
		p.kill()
		p.start()
		if _, ok := p.ready(10 * time.Second); !ok {
			t.Fatal("it does not start any more")
		}
		p.kill()
		sound(t, path)
		if t.Failed() {
			return
		}
		for _, suffix := range []string{"", "-wal", "-shm", ".lock", ".serving", ".mark", ".sock"} {
			_ = os.Remove(path + suffix)
		}
	}
	Figure{
		Program: "kill -9 while the tables of a new database are made", Seed: Seed(), Count: fmt.Sprintf("%d kills", kills),
		Result: "each time the next start made them whole; integrity_check ok",
	}.Show(t)
}
