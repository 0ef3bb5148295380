package incident

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rollcall-bot/rollcall/incident/near"
)

// nameLimit is the longest name of a service or a customer, in characters.
const nameLimit = 100

// service finds a configured service; nil when the operator listed none of that name.
func (p *Policy) service(name string) *ServicePolicy {
	for n := range p.Services {
		if strings.EqualFold(p.Services[n].Name, name) {
			return &p.Services[n]
		}
	}
	return nil
}

// serviceName checks the name of a service. One that is neither configured nor
// on the board is asked about when the operator listed services: the nearest
// ones are offered, with what was to be done (verb, rest) to each.
func (i *Incident) serviceName(name, verb, rest string, confirmed bool, p *Policy) (string, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if name == "" || len(name) > nameLimit || strings.ContainsFunc(name, func(r rune) bool { return !nameRune(r) }) {
		return "", refuse(Invalid, "service.name", "name", name, "verb", verb)
	}
	if configured := p.service(name); configured != nil {
		return configured.Name, nil
	}
	if _, ok := i.Board.Service(name); ok || confirmed || len(p.Services) == 0 {
		return name, nil
	}
	line := func(name string) string { return strings.TrimSpace(verb + " " + name + " " + rest) }
	e := refuse(Ask, "service.unknown", "name", name)
	for _, other := range p.nearServices(name) {
		e = e.with(choice("service_near", line(other), "name", other))
	}
	return "", e.with(confirming("service_anyway", line(name), "name", name))
}

func nameRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r)
}

// nearServices are up to three configured services whose name is much like one
// that was typed: a few letters off, or one a part of the other.
func (p *Policy) nearServices(name string) []string {
	type candidate struct {
		name string
		far  int
	}
	var found []candidate
	for _, s := range p.Services {
		known := strings.ToLower(s.Name)
		far := near.Distance(name, known)
		part := len(name) >= 3 && strings.Contains(known, name) || len(known) >= 3 && strings.Contains(name, known)
		if far <= max(1, len(name)/3) || part {
			found = append(found, candidate{s.Name, far})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(a.far, b.far) })
	names := make([]string, 0, 3)
	for _, c := range found[:min(len(found), 3)] {
		names = append(names, c.name)
	}
	return names
}
