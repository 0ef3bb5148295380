package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/bot/calls/mint"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/storage"
)

// calls checks each provider: that it has a link to give, or makes a room that
// people get into.
func (d *doctor) calls(ctx context.Context) []finding {
	chain, err := calls.New(callSettings(d.c.Practice), d.p.newID)
	if err != nil {
		return []finding{{what: "call", said: err.Error(), fix: "Set ROLLCALL_CALL, such as jitsi:https://meet.example.org"}}
	}
	minters, err := d.p.minters(d.c, mint.Options{Log: d.p.quiet()})
	if err != nil {
		return []finding{{what: "call", said: err.Error(), fix: "Look at the settings of Google Meet and Zoom; docs/calls.md tells how"}}
	}
	found := d.links(chain)
	for _, m := range minters {
		for _, host := range m.Hosts() {
			found = append(found, d.testRoom(ctx, m, host))
		}
		found = append(found, d.pool(ctx, m))
	}
	plan := chain.Plan(calls.Ask{Private: true})
	switch {
	case plan.Spare.URL != "":
	case len(plan.Rooms) > 0:
		found = append(found, finding{
			what: "call when no room is ready", said: "none", warn: true,
			fix: "Add a provider that needs no network as the last in ROLLCALL_CALL, such as jitsi:https://meet.example.org",
		})
	default:
		found = append(found, finding{
			what: "call of a private incident", said: "none: one room for all is not given to a private incident",
			warn: true, fix: "Add a provider that makes rooms, such as jitsi:https://meet.example.org",
		})
	}
	return found
}

// links checks the providers that need no room.
func (d *doctor) links(chain calls.Chain) []finding {
	ahead := strings.Join(chain.Ahead(), " ")
	var found []finding
	for _, name := range chain.Names() {
		if strings.Contains(ahead, name) {
			continue
		}
		f := finding{what: "call provider " + name}
		l, err := chain.Named(name, calls.Ask{})
		switch {
		case err != nil:
			f.said, f.fix = "has no link to give", "Look at its setting in ROLLCALL_CALL"
		case l.Hint != "":
			f.said, f.warn, f.fix = l.Hint, true, "Name a server of your own in ROLLCALL_CALL, or sign in there beforehand"
		default:
			f.said = "has links such as " + l.URL
		}
		found = append(found, f)
	}
	return found
}

// testRoom makes a room, looks at who would wait outside of it, and removes it.
func (d *doctor) testRoom(ctx context.Context, m minter, host string) finding {
	f := finding{what: "call provider " + m.Name()}
	if host != "" {
		f.what += " (" + host + ")"
	}
	room, err := m.Mint(ctx, host)
	if err != nil {
		return unmade(f, err)
	}
	lobby, err := m.Look(ctx, room)
	removed := m.Remove(ctx, room)
	switch {
	case err != nil:
		return unmade(f, err)
	case len(lobby.Waits) > 0:
		f.said, f.fix = "makes rooms, but somebody would wait outside", sentence(lobby.Waits)
	case removed != nil:
		f.said, f.warn, f.fix = "makes rooms; the test room could not be removed: "+removed.Error(), true, "Give the app the right to delete meetings"
	case len(lobby.Notes) > 0:
		f.said, f.warn, f.fix = "makes rooms", true, "Know that "+strings.Join(lobby.Notes, "; ")
	default:
		f.said = "makes rooms, and nobody waits outside of them"
	}
	return f
}

// unmade is the finding of a room that was not made, or not read back.
func unmade(f finding, err error) finding {
	failure := outbound.FailureOf(err)
	f.said, f.fix = "makes no room: "+failure.Error(), failure.Fix
	if f.fix == "" {
		f.fix = "Look at the network and at the addresses of the settings, and try again"
	}
	return f
}

// sentence is a list of reasons as one.
func sentence(reasons []string) string {
	text := strings.Join(reasons, "; ")
	return strings.ToUpper(text[:1]) + text[1:]
}

// pool says how many rooms the running server has ready.
func (d *doctor) pool(ctx context.Context, m minter) finding {
	f := finding{what: "rooms of " + m.Name()}
	s, err := storage.Open(ctx, d.p.storageOptions(d.c, d.p.quiet()))
	if err != nil {
		f.said, f.warn, f.fix = "cannot be counted: "+err.Error(), true, "Look at what is said of the database"
		return f
	}
	var counts map[storage.RoomState]int64
	var since string
	err = s.Read(ctx, func(r *storage.Reader) (err error) {
		if counts, err = stock(r, m.Name()); err != nil {
			return err
		}
		if since, err = r.Meta(bot.MetaRooms + m.Name()); storage.IsNotFound(err) {
			return nil
		}
		return err
	})
	_ = s.Close(context.WithoutCancel(ctx))
	if err != nil {
		f.said, f.warn, f.fix = "cannot be counted: "+trouble(err), true, "Look at what is said of the database"
		return f
	}
	f.said = fmt.Sprintf("%d ready", counts[storage.RoomReady])
	if lost := counts[storage.RoomLost]; lost > 0 {
		f.said += fmt.Sprintf(", %d of the last week may have been made and are not used", lost)
	}
	if since != "" {
		f.said += ", none could be made since " + since
		f.warn, f.fix = true, "What is said of the provider above tells why; the running server goes on trying"
	}
	return f
}
