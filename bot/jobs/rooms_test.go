package jobs_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// mill is a provider that makes rooms, and can fail.
type mill struct {
	mu      sync.Mutex
	hosts   []string
	made    int
	asked   int
	removed []string
	fail    *outbound.Failure
	asking  chan struct{} // told of each attempt that hangs
	hang    bool
}

func (*mill) Name() string      { return "meet" }
func (m *mill) Hosts() []string { return m.hosts }

func (m *mill) Mint(ctx context.Context, host string) (outbound.Room, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked++
	if m.hang {
		m.mu.Unlock()
		m.asking <- struct{}{}
		<-ctx.Done()
		m.mu.Lock()
		return outbound.Room{}, &outbound.Failure{End: outbound.Unclear, Step: "mint", Err: ctx.Err()}
	}
	if m.fail != nil {
		return outbound.Room{}, m.fail
	}
	m.made++
	id := strings.Repeat("x", m.made)
	return outbound.Room{ID: id, URL: "https://meet.example.org/" + id, Host: host}, nil
}

func (m *mill) Remove(_ context.Context, room outbound.Room) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.removed = append(m.removed, room.ID)
	return nil
}

// mint starts workers that keep rooms ready.
func (w *world) mint(m *mill, ready int) (stop func()) {
	w.t.Helper()
	workers := jobs.New(jobs.Options{
		Store: w.store, Clock: w.clock, Slack: w.out, Talk: w.bot, Decider: w.bot, Announce: "incidents", NewID: w.id,
		Log: slog.New(slog.NewTextHandler(w.t.Output(), nil)),
	})
	workers.Rooms = &jobs.Rooms{Minters: []jobs.Minter{m}, Ready: ready, Offer: w.bot.OfferRooms}
	end, err := workers.Start(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	var once sync.Once
	stop = func() {
		once.Do(func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(w.t.Context()), 200*time.Millisecond)
			defer cancel()
			_ = end(ctx) // a job that hangs is cut short, as by a kill
		})
	}
	w.t.Cleanup(stop)
	return stop
}

// pool waits until the rooms that nobody has are in these states.
func (w *world) pool(want ...storage.RoomState) {
	w.t.Helper()
	w.eventually("the pool is as it should be", func() bool { return slices.Equal(w.states(), want) })
}

func (w *world) states() (got []storage.RoomState) {
	w.read(func(r *storage.Reader) error {
		all, err := r.Rooms("meet")
		for _, one := range all {
			got = append(got, one.State)
		}
		return err
	})
	slices.Sort(got)
	return got
}

// take hands a room to an incident, and has another made as a command does.
func (w *world) take(to incident.ID) (url string) {
	w.write(func(tx *storage.Tx) (err error) {
		if url, _, err = tx.TakeRoom("meet", to); err != nil {
			return err
		}
		return tx.Enqueue(bot.RoomsArgs{Provider: "meet"}, nil)
	})
	return url
}

func (m *mill) counts() (asked, made, removed int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.asked, m.made, len(m.removed)
}

// gone are the rooms that were removed. Two jobs may remove the same one at once,
// which does no harm: one that is gone is success.
func (m *mill) gone() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Compact(slices.Sorted(slices.Values(m.removed)))
}

func TestRoomsAreKeptReadyAndNoMore(t *testing.T) {
	w, m := newWorld(t), &mill{hosts: []string{""}}
	w.mint(m, 2)
	w.pool(storage.RoomReady, storage.RoomReady)
	one := w.take("i1")
	w.eventually("another is made", func() bool { _, made, _ := m.counts(); return made == 3 })
	if two := w.take("i2"); one == "" || two == "" || one == two {
		t.Errorf("handed out %q and %q", one, two)
	}
	w.pool(storage.RoomReady, storage.RoomReady)
}

func TestRoomsThatNobodyWantedInTimeAreRemoved(t *testing.T) {
	w, m := newWorld(t), &mill{hosts: []string{"host1", "host2"}}
	w.mint(m, 2)
	w.pool(storage.RoomReady, storage.RoomReady)
	w.clock.advance(8 * 24 * time.Hour)
	w.eventually("others are made and the old ones are gone", func() bool {
		_, made, _ := m.counts()
		return made == 4 && slices.Equal(m.gone(), []string{"x", "xx"}) && slices.Equal(w.states(), []storage.RoomState{storage.RoomReady, storage.RoomReady})
	})
	if url := w.take("i1"); url == "" || slices.Contains([]string{"https://meet.example.org/x", "https://meet.example.org/xx"}, url) {
		t.Errorf("handed out %q", url)
	}
}

// TestTwoProgramsMakeNoMoreRoomsThanOne has two keep the same pool.
func TestTwoProgramsMakeNoMoreRoomsThanOne(t *testing.T) {
	w, m := newWorld(t), &mill{hosts: []string{""}}
	other := w.replica()
	w.mint(m, 3)
	other.mint(m, 3)
	w.pool(storage.RoomReady, storage.RoomReady, storage.RoomReady)
	w.clock.advance(time.Minute)
	w.clock.advance(time.Minute)
	if _, made, _ := m.counts(); made != 3 {
		t.Errorf("%d rooms for a pool of three", made)
	}
}

// TestAProviderThatFailsIsLeftAloneLongerAndLonger counts how often it is asked in an hour.
func TestAProviderThatFailsIsLeftAloneLongerAndLonger(t *testing.T) {
	w, m := newWorld(t), &mill{hosts: []string{""}, fail: &outbound.Failure{End: outbound.NotDone, Step: "mint", Err: context.DeadlineExceeded}}
	w.mint(m, 3)
	for n := range 60 {
		w.clock.advance(time.Minute)
		w.eventually("it is tried on", func() bool { asked, _, _ := m.counts(); return asked > n/3 })
	}
	if asked, _, _ := m.counts(); asked > 100 {
		t.Errorf("asked %d times in about an hour", asked)
	}
	w.pool() // an attempt that fails leaves no row
	m.mu.Lock()
	m.fail = nil
	m.mu.Unlock()
	w.clock.advance(2 * time.Minute)
	w.pool(storage.RoomReady, storage.RoomReady, storage.RoomReady)
}

// TestARoomWhoseProgramDiedIsNotHandedOut ends a program between asking and storing.
func TestARoomWhoseProgramDiedIsNotHandedOut(t *testing.T) {
	w, m := newWorld(t), &mill{hosts: []string{""}, hang: true, asking: make(chan struct{}, 10)}
	stop := w.mint(m, 1)
	<-m.asking
	if got := w.states(); !slices.Equal(got, []storage.RoomState{storage.RoomMinting}) {
		t.Fatalf("while it is asked for: %v", got)
	}
	stop()
	if url := w.take("i1"); url != "" {
		t.Errorf("handed out %q", url)
	}
	m.mu.Lock()
	m.hang = false
	m.mu.Unlock()
	w.clock.advance(3 * time.Minute)
	w.mint(m, 1)
	w.pool(storage.RoomLost, storage.RoomReady)
	if url := w.take("i1"); url == "" {
		t.Error("none is handed out afterwards")
	}
}
