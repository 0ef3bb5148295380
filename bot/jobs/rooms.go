package jobs

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/storage"
)

const (
	// roomsEvery is how often it is looked whether rooms are missing, beside every
	// time that one is taken.
	roomsEvery = 30 * time.Second
	// roomLife is how long a room waits to be handed out. Zoom keeps such meetings
	// for a year and Google its spaces as long, but settings change meanwhile.
	roomLife = 7 * 24 * time.Hour
	// mintPatience is how long a provider may take for a room before its program is
	// thought to have died meanwhile. One attempt takes 20 s at most.
	mintPatience = 2 * time.Minute
	// mintTurn is how many rooms one job makes at most: a job may take a minute.
	mintTurn = 3
	// minters is how many jobs make rooms at once.
	minters = 2
)

// Minter makes rooms at one call provider. Errors are *outbound.Failure.
type Minter interface {
	Name() string
	// Hosts are those in whose name rooms are made, each for one call at a time; one
	// without a name where that is no limit.
	Hosts() []string
	// Mint makes a room; an end that is not Unclear says for certain that none was made.
	Mint(ctx context.Context, host string) (outbound.Room, error)
	// Remove deletes a room where the provider has a way to; one that is gone is success.
	Remove(ctx context.Context, room outbound.Room) error
}

// Rooms says which call providers make rooms ahead of need, and how many.
type Rooms struct {
	Minters []Minter
	Ready   int // kept ready for each
	// Offer brings rooms that are ready to the incidents that wait for one.
	Offer func(ctx context.Context, provider string) error

	mu       sync.Mutex
	at       time.Time // when it is looked next, on Rollcall's clock
	failures map[string]int
}

// enqueueRooms has rooms made that are missing.
func (w *Workers) enqueueRooms(ctx context.Context, now time.Time) error {
	r := w.Rooms
	if r == nil || !r.due(now) {
		return nil
	}
	return w.Store.Write(ctx, func(tx *storage.Tx) error {
		for _, m := range r.Minters {
			if err := tx.Enqueue(bot.RoomsArgs{Provider: m.Name()}, nil); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *Rooms) due(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Before(r.at) && r.at.Sub(now) <= roomsEvery { // further ahead: the clock was set back
		return false
	}
	r.at = now.Add(roomsEvery)
	return true
}

// soon has it looked again at a time, if not before.
func (r *Rooms) soon(at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if at.Before(r.at) {
		r.at = at
	}
}

// failed counts a failure in a row and returns how long to wait: 1, 2, 4 … 60 s.
func (r *Rooms) failed(provider string) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failures == nil {
		r.failures = map[string]int{}
	}
	r.failures[provider]++
	return backoff(provider, r.failures[provider])
}

func (r *Rooms) worked(provider string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.failures, provider)
}

// roomsWorker makes the rooms of a provider that are missing.
type roomsWorker struct {
	river.WorkerDefaults[bot.RoomsArgs]
	w *Workers
}

func (r *roomsWorker) Work(ctx context.Context, job *river.Job[bot.RoomsArgs]) error {
	if r.w.Rooms == nil {
		return nil
	}
	for _, m := range r.w.Rooms.Minters {
		if m.Name() == job.Args.Provider {
			if err := r.w.stock(ctx, m); err != nil {
				r.w.Log.WarnContext(ctx, "rooms for calls could not be seen to", slog.String("provider", m.Name()), slog.Any("error", err))
				r.w.Rooms.soon(r.w.Clock.Now().Add(r.w.Rooms.failed(m.Name())))
			}
		}
	}
	return nil
}

// stock brings a provider's pool to what it should be, and its rooms to whoever
// waits for them. The error is the database's.
func (w *Workers) stock(ctx context.Context, m Minter) error {
	if err := w.Rooms.Offer(ctx, m.Name()); err != nil {
		return err
	}
	for range mintTurn {
		p, err := w.beginRoom(ctx, m)
		if err != nil {
			return err
		}
		if p.wait > 0 {
			w.Rooms.soon(w.Clock.Now().Add(p.wait))
		}
		if p.row == "" {
			return w.endRooms(ctx, m)
		}
		room, err := m.Mint(ctx, p.host)
		if f := outbound.FailureOf(err); f != nil {
			return w.noRoom(context.WithoutCancel(ctx), m, p, f)
		}
		if err := w.keepRoom(context.WithoutCancel(ctx), m, p, room); err != nil {
			return err
		}
		if err := w.Rooms.Offer(ctx, m.Name()); err != nil {
			return err
		}
	}
	w.Rooms.soon(w.Clock.Now()) // another job goes on
	return nil
}

// keepRoom stores a room that was made. Where the database does not take it, the
// room stays behind at the provider, and its row says that one may.
func (w *Workers) keepRoom(ctx context.Context, m Minter, p mintPlan, room outbound.Room) error {
	w.Rooms.worked(m.Name())
	err := w.Store.Write(ctx, func(tx *storage.Tx) error {
		if err := tx.KeepRoom(p.row, room.ID, room.URL, w.Clock.Now().Add(roomLife)); err != nil {
			return err
		}
		if p.trouble == "" {
			return nil
		}
		return tx.SetMeta(bot.MetaRooms+m.Name(), "")
	})
	if err != nil {
		w.Log.WarnContext(ctx, "a room was made and could not be stored; nobody will use it", slog.String("provider", m.Name()), slog.String("room", p.row))
	}
	return err
}

// noRoom notes that none was made, or that nobody knows, and how long the provider
// is left alone: by every process that shares the database.
func (w *Workers) noRoom(ctx context.Context, m Minter, p mintPlan, f *outbound.Failure) error {
	w.counts.note(f)
	now := w.Clock.Now()
	wait := max(f.Wait, w.Rooms.failed(m.Name()))
	log := w.Log.With(slog.String("provider", m.Name()), slog.Any("error", f), slog.Duration("again_in", wait))
	if f.End == outbound.Unclear {
		log.WarnContext(ctx, "a room may have been made that nobody will use", slog.String("room", p.row))
	} else {
		log.WarnContext(ctx, "no room could be made", slog.String("fix", f.Fix))
	}
	w.Rooms.soon(now.Add(wait))
	return w.Store.Write(ctx, func(tx *storage.Tx) error {
		forget := tx.DropRoom
		if f.End == outbound.Unclear {
			forget = tx.LoseRoom
		}
		if err := forget(p.row); err != nil {
			return err
		}
		bucket := pauseOf(m.Name())
		if f.Code == outbound.RateLimited && p.host != "" {
			bucket = budgetOf(m.Name(), p.host).Bucket // the limit is the host's own
		}
		if err := tx.Block(bucket, now.Add(wait)); err != nil {
			return err
		}
		if p.trouble != "" || f.End == outbound.Delayed && f.Code == outbound.RateLimited {
			return nil
		}
		return tx.SetMeta(bot.MetaRooms+m.Name(), now.UTC().Format(time.RFC3339))
	})
}

// endRooms removes rooms that nobody wanted in time.
func (w *Workers) endRooms(ctx context.Context, m Minter) error {
	var all []storage.Room
	err := w.Store.Read(ctx, func(r *storage.Reader) (err error) {
		all, err = r.Rooms(m.Name())
		return err
	})
	all = slices.DeleteFunc(all, func(one storage.Room) bool { return one.State != storage.RoomEnding })
	for _, one := range all[:min(len(all), mintTurn)] {
		if err != nil {
			return err
		}
		gone := m.Remove(ctx, outbound.Room{ID: one.External, URL: one.URL, Host: one.Host})
		if f, refused := outbound.Refusal(gone); refused {
			w.Log.WarnContext(ctx, "a room that nobody used could not be removed; it is left there", slog.Any("error", f), slog.String("fix", f.Fix))
		} else if gone != nil {
			return nil //nolint:nilerr // another time
		}
		err = w.Store.Write(ctx, func(tx *storage.Tx) error { return tx.DropRoom(one.ID) })
	}
	return err
}
