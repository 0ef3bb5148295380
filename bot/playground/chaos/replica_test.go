package chaos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/storage/storagetest"
)

// balancer is what stands before several replicas: a request goes to one after the other, and to the next one when
// nobody listens. One that may have arrived is never sent again: its sender does not learn what became of it.
type balancer struct {
	replicas []*program
	turn     atomic.Int64
	client   http.Client
}

func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	first := int(b.turn.Add(1))
	for n := range b.replicas {
		to := b.replicas[(first+n)%len(b.replicas)]
		out, err := http.NewRequestWithContext(r.Context(), r.Method, to.base()+r.URL.Path, bytes.NewReader(body))
		if err != nil {
			break
		}
		out.Header = r.Header.Clone()
		answer, err := b.client.Do(out)
		var refused *net.OpError
		if errors.As(err, &refused) && refused.Op == "dial" {
			continue
		}
		if err != nil {
			break
		}
		defer func() { _ = answer.Body.Close() }()
		w.Header().Set("Content-Type", answer.Header.Get("Content-Type"))
		w.WriteHeader(answer.StatusCode)
		_, _ = io.Copy(w, answer.Body)
		return
	}
	w.WriteHeader(http.StatusBadGateway)
}

// TestReplicasOnPostgres has two programs share one PostgreSQL. Each is killed over and over while both take commands,
// and one is stopped for longer than its lease, so that it comes back to work that has passed to the other.
func TestReplicasOnPostgres(t *testing.T) {
	together(t)
	kills, pauses, commands := Count(4, 200), Count(0, 3), Count(60, 10_000)
	url := storagetest.PostgresURL(t)
	s := newStage(t)
	s.env["DATABASE_URL"] = url
	b := &balancer{client: http.Client{Timeout: 10 * time.Second}}
	for range 2 {
		p := newProgram(t, s.env)
		p.start()
		b.replicas = append(b.replicas, p)
	}
	for _, p := range b.replicas {
		if _, ok := p.ready(30 * time.Second); !ok {
			t.Fatal("a replica does not start")
		}
	}
	front := httptest.NewServer(b)
	defer front.Close()
	s.slack.SetBotURL(front.URL)
	l := &load{stage: s, dice: newDice(Seed()), opens: 2 + min(kills/25, 20), kills: kills, counts: map[string]int{}}
	ctx, rest := context.WithCancel(context.Background())
	defer rest()
	var hands sync.WaitGroup
	for n := range 4 {
		hands.Go(func() { l.hand(ctx, n) })
	}
	for n := range kills {
		l.killOne(b.replicas[n%2])
	}
	for n := range pauses {
		l.pauseOne(b.replicas[n%2])
	}
	if !within(ctx, 20*time.Minute, func() bool { return len(l.saved()) >= commands }) {
		t.Errorf("only %d commands were saved", len(l.saved()))
	}
	rest()
	hands.Wait()
	var j journal
	if !within(context.Background(), time.Duration(Count(120, 1200))*time.Second, func() bool { j = readOn(t, "pgx", url); return j.open == 0 }) {
		t.Errorf("%d outbound steps are still to do", j.open)
	}
	for _, p := range b.replicas {
		p.stop()
	}
	got := s.compare(l.saved(), l.commands, j)
	for _, odd := range l.odd {
		t.Logf("neither saved nor refused as not saved: %s", odd)
	}
	Figure{
		Program: "two replicas of `rollcall serve` on PostgreSQL: kill -9 of either under load, and SIGSTOP for longer than the lease", Seed: Seed(),
		Count:  fmt.Sprintf("%d kills, %d stops of %s, %d commands answered as saved, %d effects outside", kills, pauses, pause, got.saved, got.effects),
		Result: fmt.Sprintf("%d commands lost, %d doubled; %d effects doubled, %d missing", got.lost, got.doubled, len(got.twice), len(got.missing)),
	}.Show(t)
}

// killOne kills a replica at a random moment, or in the middle of one of its calls, and starts it again.
func (l *load) killOne(p *program) {
	if l.dice.upTo(3) == 0 {
		done := make(chan struct{})
		// The call may be the other's: that one never learns what came of it.
		l.inside(1+l.dice.upTo(4), l.dice.upTo(2) == 0, func() { p.kill(); close(done) })
		select {
		case <-done:
		case <-time.After(500 * time.Millisecond):
			l.hook.Store(nil)
			p.kill()
		}
	} else {
		select {
		case <-time.After(l.dice.between(0, 200*time.Millisecond)):
		case <-p.ended():
		}
		p.kill()
	}
	p.start()
	if _, ok := p.ready(30 * time.Second); !ok {
		l.t.Error("a replica ended by itself")
	}
}

// pause is how long a replica is stopped: what it did passes to the other meanwhile.
const pause = storage.StreamLease + 5*time.Second

// pauseOne stops a replica as a machine does that runs out of memory, and lets it go on.
func (l *load) pauseOne(p *program) {
	p.mu.Lock()
	process := p.cmd.Process
	p.mu.Unlock()
	if err := process.Signal(syscall.SIGSTOP); err != nil {
		l.t.Fatal(err)
	}
	<-time.After(pause)
	if err := process.Signal(syscall.SIGCONT); err != nil {
		l.t.Fatal(err)
	}
}
