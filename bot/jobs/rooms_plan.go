package jobs

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/storage"
)

// mintPlan is the room to be made next.
type mintPlan struct {
	row     string // of the room; "" for none
	host    string
	trouble string        // since when the provider makes none; "" while it does
	wait    time.Duration // until another could be made that is missing; 0 when none is
}

// pauseOf is the bucket that is closed while a provider is left alone.
func pauseOf(provider string) string { return "rooms.pause:" + provider }

// budgetOf is how often a provider may be asked for rooms. Zoom allows 100
// creations a day of one user (its documents on rate limits): 40 at once and one
// every half hour are 88 in any day. Google allows far more; four a minute are
// enough for everybody.
func budgetOf(provider, host string) storage.Rate {
	if host == "" {
		return storage.Rate{Bucket: "rooms.mint:" + provider, Interval: 15 * time.Second, Burst: 20}
	}
	return storage.Rate{Bucket: "rooms.mint:" + provider + ":" + host, Interval: 30 * time.Minute, Burst: 40}
}

// beginRoom says which room is missing, if one is, and notes that it is being made.
func (w *Workers) beginRoom(ctx context.Context, m Minter) (p mintPlan, err error) {
	var lost []string
	err = w.Store.Write(ctx, func(tx *storage.Tx) error {
		p = mintPlan{}
		if err := tx.LockRooms(m.Name()); err != nil {
			return err
		}
		lost, err = tx.RetireRooms(m.Name(), w.Clock.Now().Add(-mintPatience))
		if err != nil {
			return err
		}
		if p.trouble, err = tx.Meta(bot.MetaRooms + m.Name()); err != nil && !storage.IsNotFound(err) {
			return err
		}
		hosts, err := w.missing(tx.Reader, m)
		if err != nil {
			return err
		}
		for _, host := range hosts {
			wait, err := tx.Reserve(storage.Rate{Bucket: pauseOf(m.Name()), Interval: 100 * time.Millisecond, Burst: 20}, budgetOf(m.Name(), host))
			if err != nil {
				return err
			}
			if wait == 0 {
				p.host = host
				p.row, err = tx.BeginRoom(m.Name(), host)
				return err
			}
			if p.wait == 0 || wait < p.wait {
				p.wait = wait
			}
		}
		return nil
	})
	for _, row := range lost {
		w.Log.WarnContext(ctx, "a room may have been made that nobody will use: its program ended meanwhile", slog.String("provider", m.Name()), slog.String("room", row))
	}
	return p, err
}

// missing are the hosts in whose name a room is to be made, in order; none when
// there are enough.
func (w *Workers) missing(r *storage.Reader, m Minter) ([]string, error) {
	rooms, err := r.Rooms(m.Name())
	if err != nil {
		return nil, err
	}
	hosts := slices.Clone(m.Hosts())
	for _, one := range rooms {
		if !slices.Contains(hosts, one.Host) {
			hosts = append(hosts, one.Host) // who is not configured any more
		}
	}
	busy, err := r.BusyHosts(m.Name(), hosts)
	if err != nil {
		return nil, err
	}
	wants, err := r.RoomWants()
	if err != nil {
		return nil, err
	}
	target := w.Rooms.Ready
	for _, one := range wants {
		if one.Provider == m.Name() {
			target++
		}
	}
	var total, usable int
	stocked := map[string]bool{}
	for _, one := range rooms {
		if one.State != storage.RoomReady && one.State != storage.RoomMinting {
			continue
		}
		total++
		stocked[one.Host] = one.Host != ""
		if !slices.Contains(busy, one.Host) {
			usable++
		}
	}
	var free, later []string
	for _, host := range m.Hosts() {
		switch {
		case stocked[host]: // another room would not bring another call
		case slices.Contains(busy, host):
			later = append(later, host)
		default:
			free = append(free, host)
		}
	}
	switch {
	case usable < target && len(free) > 0:
		return free, nil
	case total < w.Rooms.Ready:
		return later, nil // for when its call is over
	}
	return nil, nil
}
