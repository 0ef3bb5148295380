package storagetest

import (
	"context"
	"errors"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/storage"
)

// line is the network between a program and its database. It can go silent, as when
// the program is stopped, and end, as when it is killed.
type line struct {
	listener net.Listener
	server   string

	mu    sync.Mutex
	conns []net.Conn
	quiet *sync.Cond // while still, nothing is passed on
	still bool
	dead  bool
}

func newLine(t *testing.T, server string) *line {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &line{listener: l, server: server}
	n.quiet = sync.NewCond(&n.mu)
	t.Cleanup(n.kill)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go n.carry(c)
		}
	}()
	return n
}

func (n *line) carry(client net.Conn) {
	server, err := net.Dial("tcp", n.server)
	if err != nil {
		_ = client.Close()
		return
	}
	n.mu.Lock()
	n.conns = append(n.conns, client, server)
	n.mu.Unlock()
	pass := func(to, from net.Conn) {
		buf := make([]byte, 32<<10)
		for {
			got, err := from.Read(buf)
			n.wait()
			if _, werr := to.Write(buf[:got]); err != nil || werr != nil {
				_, _ = to.Close(), from.Close()
				return
			}
		}
	}
	go pass(client, server)
	pass(server, client)
}

// wait waits while the line is silent.
func (n *line) wait() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for n.still && !n.dead {
		n.quiet.Wait()
	}
}

func (n *line) stop(still bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.still = still
	n.quiet.Broadcast()
}

// kill ends every connection and takes no more.
func (n *line) kill() {
	_ = n.listener.Close()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.dead = true
	n.quiet.Broadcast()
	for _, c := range n.conns {
		_ = c.Close()
	}
}

// behind opens a store behind a line of its own, which beats quickly.
func (fx *Fixture) behind(process string) (*storage.Store, *line) {
	fx.t.Helper()
	u, err := url.Parse(fx.URL)
	if err != nil {
		fx.t.Fatal(err)
	}
	n := newLine(fx.t.(*testing.T), u.Host) //nolint:forcetypeassert // benchmarks do not come here
	u.Host = n.listener.Addr().String()
	opts := fx.Options()
	opts.URL, opts.Process, opts.Beat, opts.Deadline = u.String(), process, 40*time.Millisecond, time.Second
	s, err := storage.Open(fx.t.Context(), opts)
	if err != nil {
		fx.t.Fatal(err)
	}
	return s, n
}

// TestWhatADeadReplicaHeldIsFreeAtOnce has two replicas on one PostgreSQL. One holds an
// incident's work, runs a job and leads; it goes silent, which changes nothing until its leases end,
// and then dies, which the other sees.
func TestWhatADeadReplicaHeldIsFreeAtOnce(t *testing.T) {
	fx := Postgres(t)
	fx.addEffects("i1", ordinary)
	first, its := fx.behind("first")
	workers := river.NewWorkers()
	river.AddWorker(workers, idleWorker{})
	stopFirst, err := first.StartJobs(t.Context(), workers, map[string]int{river.QueueDefault: 1})
	if err != nil {
		t.Fatal(err)
	}
	var old storage.Stream
	err = first.Write(t.Context(), func(tx *storage.Tx) (err error) {
		var ok bool
		if old, ok, err = tx.AcquireStream("i1", "its worker", storage.StreamLease); err == nil && !ok {
			err = errors.New("somebody holds it")
		}
		if err == nil {
			_, err = tx.BeginHook("i1", 1, "first/runner", Start)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	conn := fx.raw()
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(t.Context(), `INSERT INTO river_job (state, attempt, attempted_by, attempted_at, args, kind, max_attempts, queue)
		VALUES ('running', 3, '{older/1,first/2}', now(), '{}', 'elsewhere', 25, 'none'), ('running', 1, '{second/1}', now(), '{}', 'elsewhere', 25, 'none')`); err != nil {
		t.Fatal(err)
	}
	opts := fx.Options()
	opts.Process, opts.Beat = "second", 40*time.Millisecond
	second := fx.Another(opts)
	defer serve(t, second)()
	held := func() (holder string) {
		if err := conn.QueryRowContext(t.Context(), `SELECT holder FROM stream WHERE incident = 'i1'`).Scan(&holder); err != nil {
			t.Fatal(err)
		}
		return holder
	}

	its.stop(true) // as SIGSTOP does: it will go on
	if eventually(t, 10*silence, func() bool { return held() == "" }) {
		t.Fatal("a replica that was stopped and may go on was taken for dead")
	}
	its.stop(false)
	if err := first.Write(t.Context(), func(tx *storage.Tx) error { return tx.Hold(old) }); err != nil {
		t.Fatalf("it goes on with what it held: %v", err)
	}

	its.kill()
	if !eventually(t, Patience, func() bool { return held() == "" }) {
		t.Fatal("what the dead replica held stays held")
	}
	var running int
	if err := conn.QueryRowContext(t.Context(), `SELECT count(*) FROM river_job WHERE state = 'running' AND kind = 'elsewhere'`).Scan(&running); err != nil || running != 1 {
		t.Errorf("%d jobs run, the living one's alone should: %v", running, err)
	}
	fx.MustRead(func(r *storage.Reader) error {
		h, ok, err := r.RawHookRun("i1", 1)
		if !ok || !h.Beat.IsZero() {
			t.Errorf("the dead process is believed to run %+v", h)
		}
		return err
	})
	err = second.Write(t.Context(), func(tx *storage.Tx) error { return tx.Hold(old) })
	if storage.CodeOf(err) != storage.Fenced {
		t.Errorf("should it not be as dead as was thought, it may go on: %v", err)
	}
	fx.acquire("i1", "another", true)
	closeDead(t, first, stopFirst)
}

// TestACutConnectionIsNoDeath takes the connection of a living replica's lock away: it
// still says that it lives, so nobody takes its work, and it takes the lock again.
func TestACutConnectionIsNoDeath(t *testing.T) {
	fx := Postgres(t)
	fx.addEffects("i1", ordinary)
	opts := fx.Options()
	opts.Process, opts.Beat = "living", 40*time.Millisecond
	living := fx.Another(opts)
	defer serve(t, living)()
	opts.Process = "other"
	other := fx.Another(opts)
	defer serve(t, other)()
	if err := living.Write(t.Context(), func(tx *storage.Tx) error {
		_, _, err := tx.AcquireStream("i1", "worker", storage.StreamLease)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	conn := fx.raw()
	defer func() { _ = conn.Close() }()
	var cut, holders int
	if err := conn.QueryRowContext(t.Context(), `SELECT count(pg_terminate_backend(pid)) FROM pg_locks
		WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&cut); err != nil || cut != 2 {
		t.Fatalf("%d locks were taken away: %v", cut, err)
	}
	if eventually(t, 8*silence, func() bool {
		if err := conn.QueryRowContext(t.Context(), `SELECT count(*) FROM stream WHERE holder <> ''`).Scan(&holders); err != nil {
			t.Fatal(err)
		}
		return holders == 0
	}) {
		t.Error("a replica that lives lost its work")
	}
	if err := conn.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_locks
		WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&holders); err != nil || holders != 2 {
		t.Errorf("%d of 2 locks were taken again: %v", holders, err)
	}
}

// silence is how long a replica of these tests is silent before it is looked at.
const silence = 3 * 40 * time.Millisecond

// eventually waits for a condition.
func eventually(t *testing.T, most time.Duration, holds func() bool) bool {
	t.Helper()
	late, look := time.NewTimer(most), time.NewTicker(10*time.Millisecond)
	defer late.Stop()
	defer look.Stop()
	for !holds() {
		select {
		case <-late.C:
			return holds()
		case <-look.C:
		}
	}
	return true
}

// closeDead gives back what a store held whose database is gone.
func closeDead(t *testing.T, s *storage.Store, stop func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	_ = stop(ctx) // it cannot end well
	ctx, cancel = context.WithTimeout(context.Background(), Patience)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		t.Logf("close: %v", err)
	}
}

func TestReplicasKnowWhatAllCanRead(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		if !fx.Readable("anything", 9) {
			t.Error("alone, everything may be written")
		}
		newer := fx.Another(fx.Options())
		meet := func(s *storage.Store, r storage.Replica) {
			t.Helper()
			if err := s.Meet(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
		old := storage.Replica{ID: "old", Version: "v1", StartedAt: Start, Kinds: map[string]int{"noted": 1, "opened": 2}}
		next := storage.Replica{ID: "new", Version: "v2", StartedAt: Start, Kinds: map[string]int{"noted": 2, "opened": 2, "escalated": 1}}
		can := func(want map[string]bool) {
			t.Helper()
			for kind, yes := range want {
				if newer.Readable(kind, next.Kinds[kind]) != yes {
					t.Errorf("%s may be written: %v", kind, !yes)
				}
			}
		}
		meet(newer, next)
		can(map[string]bool{"noted": true, "opened": true, "escalated": true})
		meet(fx.Store, old)
		meet(newer, next)
		can(map[string]bool{"noted": false, "opened": true, "escalated": false})
		if !fx.Readable("opened", 2) || !fx.Readable("noted", 1) {
			t.Error("the old one is held back by the new one")
		}
		// One from before programs said what they can read says nothing.
		fx.MustWrite(func(tx *storage.Tx) error {
			return tx.Heartbeat(storage.Replica{ID: "older", Version: "v0", StartedAt: Start})
		})
		if err := fx.Part(t.Context(), "old"); err != nil {
			t.Fatal(err)
		}
		meet(newer, next)
		can(map[string]bool{"noted": true, "opened": true, "escalated": true})
		meet(fx.Store, old)
		fx.Wall.Move(storage.ReplicaAlive + time.Second) // it was killed
		meet(newer, next)
		can(map[string]bool{"noted": true, "opened": true, "escalated": true})
	})
}
