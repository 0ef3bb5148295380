package bot

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// RoomsArgs is the job that makes rooms of a call provider, as many as are wanted,
// and brings them to whoever waits.
type RoomsArgs struct {
	Provider string `json:"provider"`
}

// Kind is "rooms".
func (RoomsArgs) Kind() string { return "rooms" }

// RoomsQueue is the queue of RoomsArgs: a provider that hangs must not keep answers
// waiting.
const RoomsQueue = "rooms"

// InsertOpts puts the job into its queue.
func (RoomsArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: RoomsQueue} }

// MetaRooms is the beginning of the key under which it is kept since when a
// provider makes no rooms (RFC 3339); "" while it does.
const MetaRooms = "rooms.trouble."

// room takes a room of the first provider that has one ready.
func (s *Service) room(tx *storage.Tx, id incident.ID, providers []string) (incident.Room, error) {
	var r incident.Room
	for n, provider := range providers {
		url, ok, err := tx.TakeRoom(provider, id)
		if err != nil {
			return r, err
		}
		if ok {
			r.URL, r.Provider = url, provider
			return r, tx.Enqueue(RoomsArgs{Provider: provider}, nil) // another is made in its place
		}
		if n == 0 {
			if r.Lack, err = lack(tx.Reader, provider); err != nil {
				return r, err
			}
		}
	}
	return r, nil
}

// lack says why a provider has no room.
func lack(r *storage.Reader, provider string) (incident.RoomLack, error) {
	since, err := r.Meta(MetaRooms + provider)
	switch {
	case err != nil && !storage.IsNotFound(err):
		return "", err
	case since != "":
		return incident.RoomsDown, nil
	}
	rooms, err := r.Rooms(provider)
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(rooms, func(m storage.Room) bool { return m.State == storage.RoomReady }) {
		return incident.RoomsBusy, nil
	}
	return incident.RoomsOut, nil
}

// noteWaits stores for which rooms an incident waits from now on.
func noteWaits(tx *storage.Tx, id incident.ID, events []incident.Event) error {
	for _, e := range events {
		if a, ok := e.(incident.CallAwaited); ok {
			if err := tx.WantRoom(id, a.Provider); err != nil {
				return err
			}
			if err := tx.Enqueue(RoomsArgs{Provider: a.Provider}, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// OfferRooms brings the rooms of a provider that are ready to the incidents that
// wait for one. Each is told of its room once: taking the room, telling and ending
// the wait are one transaction.
func (s *Service) OfferRooms(ctx context.Context, provider string) error {
	var wants []storage.RoomWant
	err := s.Store.Read(ctx, func(r *storage.Reader) (err error) {
		wants, err = r.RoomWants()
		return err
	})
	more := true
	for _, w := range wants {
		if err != nil || !more {
			return err
		}
		if w.Provider == provider {
			err = s.Store.Write(ctx, func(tx *storage.Tx) (err error) {
				more, err = s.offerRoom(tx, w)
				return err
			})
		}
	}
	return err
}

// offerRoom brings one incident a room; more is false when there was none.
func (s *Service) offerRoom(tx *storage.Tx, w storage.RoomWant) (more bool, err error) {
	inc, err := tx.RawIncident(w.Incident)
	if err == nil {
		err = s.Self(tx, inc, incident.OfferCall{Provider: w.Provider})
	}
	refused, no := refusal(err)
	switch {
	case no && refused.Say.ID == "call.no_room":
		return false, nil // it goes on waiting
	case err != nil && !no && !storage.IsNotFound(err):
		return false, err
	}
	return true, tx.UnwantRoom(w.Incident, w.Provider)
}

// planned is the call of a command that opens an incident.
func planned(p calls.Plan) incident.Call {
	return incident.Call{URL: p.Spare.URL, Provider: p.Spare.Provider}
}

// callAt is the command for a call at a provider: the room that was offered beside
// the call, one that is ready, or the link that needs none.
func (c *Invocation) callAt(name string) (incident.Command, error) {
	name = strings.ToLower(name)
	if slices.Contains(c.service.Calls.Ahead(), name) {
		if url := c.Incident.Call().Other(name); url != "" {
			return incident.SetCall{URL: url, Provider: name}, nil
		}
		return incident.SetCall{Provider: name, Room: true}, nil
	}
	link, err := c.service.Calls.Named(name, calls.Ask{Private: c.Incident.Identity.Private})
	if errors.Is(err, calls.ErrNone) {
		return nil, misfit{}
	}
	return incident.SetCall{URL: link.URL, Provider: link.Provider}, err
}
