package incident

import "slices"

// RateService says how a service is, and puts it on the surface board.
type RateService struct {
	Name      string
	State     ServiceState // empty: put it on the board
	Confirmed bool         // although it is not configured
}

// Verb is "service".
func (RateService) Verb() string { return "service" }

// Needs nothing from outside.
func (RateService) Needs() Needs { return Needs{} }

// ratings are the states that people may say; the others are what rollbacks say.
var ratings = []ServiceState{Unrated, Bleeding, Suspect, RolledBack, NotNeeded, Clear}

func (c RateService) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	name, err := i.serviceName(c.Name, "service", string(c.State), c.Confirmed, f.Policy)
	if err != nil {
		return Decision{}, err
	}
	former, known := i.Board.Service(name)
	state := c.State
	switch {
	case state == "" && known:
		return Decision{}, refuse(Conflict, "service.known", "name", name, "state", string(former.State), "by", former.By, "at", former.At)
	case state == "":
		state = Unrated
	case !slices.Contains(ratings, state):
		return Decision{}, refuse(Invalid, "service.state", "name", name)
	case known && former.State == state:
		return Decision{}, refuse(Conflict, "service.same", "name", name, "state", string(state), "by", former.By, "at", former.At)
	}
	e := ServiceRated{Name: name, State: state}
	if state == RolledBack {
		e.Owner = former.Owner
	}
	events := i.rated(e, f.Policy)
	settled, total := i.countAfter(events)
	return Decision{
		Events:  events,
		Effects: i.tellFollowers(events, s, f.Policy),
		Say: say("service.done", "key", i.Key(), "name", name, "state", string(state), "related", related(events),
			"settled", settled, "total", total),
	}, nil
}

// rated is a service with a state, and beside it the services that are related
// to it, so that nobody forgets them.
func (i *Incident) rated(e ServiceRated, p *Policy) []Event {
	events := []Event{e}
	configured := p.service(e.Name)
	if configured == nil {
		return events
	}
	var missing []string
	for _, name := range configured.Related {
		if _, there := i.Board.Service(name); !there && name != e.Name && !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		events = append(events, ServicesListed{Names: missing, With: e.Name})
	}
	return events
}

// related are the services that came onto the board beside another, for a sentence.
func related(events []Event) string {
	for _, e := range events {
		if l, ok := e.(ServicesListed); ok {
			return list(l.Names)
		}
	}
	return ""
}

// countAfter is RollbackCount once these events have happened.
func (i *Incident) countAfter(events []Event) (settled, total int) {
	after := Incident{Board: Board{Services: slices.Clone(i.Board.Services)}}
	for _, e := range events {
		e.apply(&after, Record{})
	}
	return after.Board.RollbackCount()
}

// ServiceRated is what somebody says of a service.
type ServiceRated struct {
	Name   string
	State  ServiceState
	Reason string   `json:",omitempty"`
	Owner  PersonID `json:",omitempty"` // who rolls it back
}

var _ = register[ServiceRated]()

// Kind is "service.rated".
func (ServiceRated) Kind() string { return "service.rated" }

// Line reads like "checkout-api is bleeding" or "rolling back checkout-api".
func (e ServiceRated) Line(names Names) string {
	var line string
	switch e.State {
	case RollingNow:
		line = "rolling back " + e.Name
	case RolledBack:
		line = e.Name + " is rolled back"
	case RollFailed:
		line = "rolling back " + e.Name + " failed"
	case NotNeeded:
		line = e.Name + " needs no rollback"
	case Unrated:
		line = e.Name + " is on the board"
	default:
		line = e.Name + " is " + string(e.State)
	}
	return colon(line, e.Reason, names)
}

// Keys is the service.
func (e ServiceRated) Keys() []string { return []string{"service:" + e.Name} }

func (e ServiceRated) apply(i *Incident, r Record) {
	i.changeService(e.Name, func(s *Service) {
		s.State, s.By, s.At, s.Reason, s.Owner, s.After = e.State, r.Actor, r.At, e.Reason, e.Owner, ""
	})
}

// ServicesListed are services that came onto the board because they are related
// to one that somebody rated.
type ServicesListed struct {
	Names []string
	With  string
}

var _ = register[ServicesListed]()

// Kind is "services.listed".
func (ServicesListed) Kind() string { return "services.listed" }

// Line reads like "also to check with checkout: cart, payments".
func (e ServicesListed) Line(Names) string {
	return "also to check with " + e.With + ": " + list(e.Names)
}

// Keys are the services.
func (e ServicesListed) Keys() []string {
	keys := make([]string, 0, len(e.Names))
	for _, name := range e.Names {
		keys = append(keys, "service:"+name)
	}
	return keys
}

func (e ServicesListed) apply(i *Incident, r Record) {
	for _, name := range e.Names {
		i.changeService(name, func(s *Service) {
			if s.At.IsZero() {
				s.By, s.At = r.Actor, r.At
			}
		})
	}
}
