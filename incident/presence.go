package incident

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Presence is what is known of somebody's being there, and nothing of what they said.
type Presence struct {
	Last  time.Time // when they last did something
	Times int       // how often; for comparing people, not for counting
}

// PresenceGrain is how far behind a stored presence in the channel may be: not
// every message is noted.
const PresenceGrain = time.Minute

// Surroundings are what a decision may know of the world around an incident. Any
// of the functions may be nil.
type Surroundings struct {
	// Seen is who wrote or reacted in an incident's channel, no more than
	// PresenceGrain ago when it is of now.
	Seen func(ID) map[PersonID]Presence
	// OnCall is who is on call for services, as configured, the first to be paged
	// first; "" is the service that is paged unless another is named.
	OnCall func(services []string) []PersonID
	// Followers is who follows one of some services, each once.
	Followers func(services []string) []PersonID
	// Exports are the targets that a published RFO goes to besides its file and its
	// channel, in the order of the settings.
	Exports []string
	// Tracker says that each action gets an issue in a tracker.
	Tracker bool
}

func (a Surroundings) seen(id ID) map[PersonID]Presence {
	if a.Seen == nil {
		return nil
	}
	return a.Seen(id)
}

// onCall is who is on call for the services of an incident's board, and for the
// one that is paged unless another is named when none of them has anybody.
func (a Surroundings) onCall(i *Incident) []PersonID {
	if a.OnCall == nil {
		return nil
	}
	var services []string
	for _, s := range i.Board.Services {
		services = append(services, s.Name)
	}
	if people := a.OnCall(services); len(people) > 0 {
		return people
	}
	return a.OnCall([]string{""})
}

// programsSurface is where programs speak, for themselves or for somebody who need
// not be there.
const programsSurface = "api"

// hear notes that somebody gave a command here. Commands that were taken back
// were given all the same; what a program did in somebody's name does not show
// that they are there.
func (i *Incident) hear(r Record) {
	if r.Actor == System || r.Surface == programsSurface {
		return
	}
	if i.Trace.Heard == nil {
		i.Trace.Heard = map[PersonID]Presence{}
	}
	i.Trace.Heard[r.Actor] = Presence{Last: r.At, Times: i.Trace.Heard[r.Actor].Times + 1}
}

// present is when somebody was last there: by a command, a click, a reaction or a
// message in the channel.
func (i *Incident) present(who PersonID, p *Policy) time.Time {
	last := i.Trace.Heard[who].Last
	if seen := p.Around.seen(i.ID)[who].Last; !seen.IsZero() && seen.Add(PresenceGrain).After(last) {
		last = seen.Add(PresenceGrain)
	}
	return last
}

// mostActive are the people who are there, those who did most first; of equals
// whoever opened the incident, then who was there last.
func (i *Incident) mostActive(p *Policy) []PersonID {
	times := map[PersonID]int{}
	if i.Identity.Opener != System {
		times[i.Identity.Opener] = 0
	}
	for who, h := range i.Trace.Heard {
		times[who] += h.Times
	}
	for who, h := range p.Around.seen(i.ID) {
		times[who] += h.Times
	}
	opened := func(who PersonID) int {
		if who == i.Identity.Opener {
			return 1
		}
		return 0
	}
	return slices.SortedFunc(maps.Keys(times), func(a, b PersonID) int {
		return cmp.Or(times[b]-times[a], opened(b)-opened(a), i.present(b, p).Compare(i.present(a, p)), cmp.Compare(a, b))
	})
}
