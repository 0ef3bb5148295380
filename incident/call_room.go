package incident

import "slices"

// RoomLack says why there is no room.
type RoomLack string

// Why a provider that makes rooms ahead of need has none.
const (
	RoomsOut  RoomLack = "out"  // all are taken; more are being made
	RoomsBusy RoomLack = "busy" // each host runs a call already
	RoomsDown RoomLack = "down" // the provider does not answer, or refuses
)

// Room is a room that was made ahead of need, and is this incident's alone.
type Room struct {
	URL, Provider string   // "" for none
	Lack          RoomLack // why the first provider that was asked for has none
}

// Awaited is a room that is to follow.
type Awaited struct {
	Provider string
	Asked    bool // somebody asked for it; else it was to be the call from the start
	By       PersonID
}

// Link is a call link of a provider.
type Link struct{ URL, Provider string }

// Other is the link beside the call that a provider's room has; "" for none.
func (c Call) Other(provider string) string {
	for _, l := range c.Others {
		if l.Provider == provider {
			return l.URL
		}
	}
	return ""
}

// awaits is the wait for a provider's room.
func (c Call) awaits(provider string) (Awaited, bool) {
	at := slices.IndexFunc(c.Awaits, func(a Awaited) bool { return a.Provider == provider })
	if at < 0 {
		return Awaited{}, false
	}
	return c.Awaits[at], true
}

// ProviderName is how people call a provider.
func ProviderName(provider string) string {
	switch provider {
	case "meet":
		return "Google Meet"
	case "zoom":
		return "Zoom"
	case "jitsi":
		return "Jitsi"
	case "static":
		return "the room for all"
	default:
		return provider
	}
}

// call is the call of an incident that is being opened: a room that is ready, else
// the link that needs none, which a room is then to follow.
func (c OpenIncident) call(f Facts) (events []Event, call Call, waits string) {
	call = c.Call
	if f.Room.URL != "" {
		call = Call{URL: f.Room.URL, Provider: f.Room.Provider}
	}
	if call.URL != "" {
		events = append(events, CallSet{URL: call.URL, Provider: call.Provider})
	}
	if len(c.Rooms) > 0 && c.Rooms[0] != call.Provider {
		waits = c.Rooms[0]
		events = append(events, CallAwaited{Provider: waits})
	}
	return events, call, waits
}

// await has a room follow that somebody asked for.
func (c SetCall) await(i *Incident, f Facts) (Decision, error) {
	call := i.Call()
	args := []any{"key", i.Key(), "provider", ProviderName(c.Provider), "lack", string(f.Room.Lack), "url", call.URL}
	if a, waits := call.awaits(c.Provider); waits && a.Asked {
		return Decision{}, refuse(Conflict, "call.awaited_already", append(args, "by", a.By)...)
	}
	return Decision{Events: []Event{CallAwaited{Provider: c.Provider, Asked: true}}, Say: say("call.awaited", args...)}, nil
}

// OfferCall brings a room that came late. People are not moved: a call that goes on
// stays the call unless somebody had asked for the room.
type OfferCall struct{ Provider string }

// Verb is "call_room".
func (OfferCall) Verb() string { return "call_room" }

// Needs a room of the provider that is ready.
func (c OfferCall) Needs() Needs { return Needs{Rooms: []string{c.Provider}} }

func (c OfferCall) decide(i *Incident, _ Stamp, f Facts) (Decision, error) {
	call := i.Call()
	a, waits := call.awaits(c.Provider)
	switch {
	case !waits:
		return Decision{}, refuse(Conflict, "call.unwanted")
	case f.Room.URL == "":
		return Decision{}, refuse(NotFound, "call.no_room")
	}
	args := []any{"key", i.Key(), "url", f.Room.URL, "provider", ProviderName(c.Provider), "by", a.By, "was", ProviderName(call.Provider)}
	if a.Asked || call.URL == "" {
		return Decision{
			Events:  []Event{CallSet{URL: f.Room.URL, Provider: c.Provider}},
			Effects: []Effect{{Kind: Post, Say: say("call.came", append(args, "replaced", call.URL != "")...)}},
		}, nil
	}
	return Decision{
		Events: []Event{CallOffered{URL: f.Room.URL, Provider: c.Provider}},
		Effects: []Effect{{
			Kind: Post, Say: say("call.offered", args...),
			Choices: []Choice{choice("call_move", "call "+c.Provider, "provider", ProviderName(c.Provider))},
		}},
	}, nil
}

// CallAwaited is that a provider had no room ready, and that one is to follow.
type CallAwaited struct {
	Provider string
	Asked    bool `json:",omitempty"` // by whoever gave the command
}

var _ = register[CallAwaited]()

// Kind is "call.awaited".
func (CallAwaited) Kind() string { return "call.awaited" }

// Line names the provider.
func (e CallAwaited) Line(Names) string {
	if e.Asked {
		return "asked for a call at " + ProviderName(e.Provider) + ", which is to follow"
	}
	return "no room at " + ProviderName(e.Provider) + " was ready; its link is to follow"
}

// Keys is the call.
func (CallAwaited) Keys() []string { return []string{"call"} }

func (e CallAwaited) apply(i *Incident, r Record) {
	if len(i.Calls) == 0 {
		i.Calls = append(i.Calls, Call{By: r.Actor, At: r.At})
	}
	c := &i.Calls[len(i.Calls)-1]
	c.Awaits = slices.DeleteFunc(slices.Clone(c.Awaits), func(a Awaited) bool { return a.Provider == e.Provider })
	c.Awaits = append(c.Awaits, Awaited{Provider: e.Provider, Asked: e.Asked, By: r.Actor})
}

// CallOffered is a link beside the call: the room that was to be the call came late.
type CallOffered struct{ URL, Provider string }

var _ = register[CallOffered]()

// Kind is "call.offered".
func (CallOffered) Kind() string { return "call.offered" }

// Line gives the link.
func (e CallOffered) Line(Names) string {
	return "call link of " + ProviderName(e.Provider) + ", beside the one in use: " + e.URL
}

// Keys is the call.
func (CallOffered) Keys() []string { return []string{"call"} }

func (e CallOffered) apply(i *Incident, r Record) {
	if len(i.Calls) == 0 {
		i.Calls = append(i.Calls, Call{By: r.Actor, At: r.At})
	}
	c := &i.Calls[len(i.Calls)-1]
	c.Awaits = slices.DeleteFunc(slices.Clone(c.Awaits), func(a Awaited) bool { return a.Provider == e.Provider })
	c.Others = append(slices.Clip(c.Others), Link(e))
}
