package main

import (
	"context"

	"github.com/rollcall-bot/rollcall/bot/calls/mint"
	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/storage"
)

// minter makes rooms at a call provider, and says how people get in.
type minter interface {
	jobs.Minter
	Look(ctx context.Context, room outbound.Room) (outbound.Lobby, error)
	Open() bool
}

// minters are the call providers in use that make rooms, in order. None is called yet.
func (p *program) minters(c Config, o mint.Options) ([]minter, error) {
	o.Now, o.Rest = p.clock.Now, p.slackRest
	var all []minter
	for _, one := range c.Practice.Call {
		switch one.Kind {
		case "meet":
			m := c.Rooms.Meet
			options := mint.MeetOptions{
				Options: o, User: m.User, ClientID: m.ClientID, Secret: m.ClientSecret.Reveal(), Refresh: m.RefreshToken.Reveal(),
				Access: m.Access, APIURL: m.APIURL, TokenURL: m.TokenURL,
			}
			if m.Key.IsSet() {
				options.Key = []byte(m.Key.Reveal())
			}
			made, err := mint.NewMeet(options)
			if err != nil {
				return nil, err
			}
			all = append(all, made)
		case "zoom":
			z := c.Rooms.Zoom
			all = append(all, mint.NewZoom(mint.ZoomOptions{
				Options: o, AccountID: z.AccountID, ClientID: z.ClientID, Secret: z.ClientSecret.Reveal(), Hosts: z.Hosts,
				APIURL: z.APIURL, TokenURL: z.TokenURL, Random: p.word,
			}))
		}
	}
	return all, nil
}

// rooms gives the workers the call providers that make rooms, as far as there are any.
func (s *server) rooms(w *jobs.Workers) {
	if len(s.minters) == 0 {
		return
	}
	w.Rooms = &jobs.Rooms{Ready: s.cfg.Rooms.Ready, Offer: s.talk.OfferRooms}
	for _, m := range s.minters {
		w.Rooms.Minters = append(w.Rooms.Minters, m)
	}
}

// stock counts a provider's rooms that no incident has.
func stock(r *storage.Reader, provider string) (map[storage.RoomState]int64, error) {
	counts := map[storage.RoomState]int64{}
	all, err := r.Rooms(provider)
	for _, one := range all {
		counts[one.State]++
	}
	return counts, err
}
