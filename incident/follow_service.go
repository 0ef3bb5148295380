package incident

import "slices"

// FollowService sends the actor word of every incident of a service, and its
// updates, or stops that. Who follows what is kept outside of incidents.
type FollowService struct {
	Name    string
	On      bool
	Follows bool // the actor does already
}

// Verb is "follow_service".
func (FollowService) Verb() string { return "follow_service" }

// Needs nothing from outside.
func (FollowService) Needs() Needs { return Needs{} }

func (c FollowService) decide(_ *Incident, s Stamp, f Facts) (Decision, error) {
	switch {
	case s.Actor == System:
		return Decision{}, refuse(Forbidden, "refuse.verb", "verb", c.Verb())
	case c.On && len(f.Policy.Services) > 0 && f.Policy.service(c.Name) == nil:
		return Decision{}, refuse(NotFound, "follow_service.unknown", "name", c.Name, "known", list(f.Policy.serviceNames()))
	case c.On == c.Follows:
		return Decision{}, refuse(Conflict, "follow_service.same", "name", c.Name, "on", c.On)
	}
	return Decision{Say: say("follow_service.done", "name", c.Name, "on", c.On)}, nil
}

// serviceNames are the services that the operator listed.
func (p *Policy) serviceNames() []string {
	names := make([]string, 0, len(p.Services))
	for _, s := range p.Services {
		names = append(names, s.Name)
	}
	return names
}

// followers are the people who follow one of some services, each once.
func (a Surroundings) followers(services []string) []PersonID {
	if a.Followers == nil || len(services) == 0 {
		return nil
	}
	return a.Followers(services)
}

// services are the names of the services on the board.
func (b Board) services() []string {
	names := make([]string, 0, len(b.Services))
	for _, s := range b.Services {
		names = append(names, s.Name)
	}
	return names
}

// tellFollowers tells those who follow a service that events put onto the board,
// and who have not heard of the incident by another one. Of a private incident,
// and of one that users have got over, nobody is told.
func (i *Incident) tellFollowers(events []Event, s Stamp, p *Policy) []Effect {
	after := Incident{Identity: i.Identity, Life: i.Life, Board: Board{Services: slices.Clone(i.Board.Services)}}
	for n, e := range events {
		switch e.(type) {
		case Opened, ServiceRated, ServicesListed:
			e.apply(&after, Record{Seq: int64(n + 1), At: s.At, Actor: s.Actor})
		}
	}
	if after.Identity.Private || after.Life.Status != Open {
		return nil
	}
	before := i.Board.services()
	added := slices.DeleteFunc(after.Board.services(), func(name string) bool { return slices.Contains(before, name) })
	heard := p.Around.followers(before)
	people := slices.DeleteFunc(p.Around.followers(added), func(who PersonID) bool {
		return who == s.Actor || slices.Contains(heard, who)
	})
	if len(people) == 0 {
		return nil
	}
	return []Effect{{Kind: Tell, People: people, Say: say("follow_service.tell", "key", after.Key(), "title", after.Identity.Title,
		"severity", after.Life.Severity, "services", list(added), "drill", after.Identity.Drill)}}
}
