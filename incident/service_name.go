package incident

import (
	"cmp"
	"slices"
	"strings"
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
	for _, near := range p.nearServices(name) {
		e = e.with(choice("service_near", line(near), "name", near))
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
	var near []candidate
	for _, s := range p.Services {
		known := strings.ToLower(s.Name)
		far := distance(name, known)
		part := len(name) >= 3 && strings.Contains(known, name) || len(known) >= 3 && strings.Contains(name, known)
		if far <= max(1, len(name)/3) || part {
			near = append(near, candidate{s.Name, far})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return cmp.Compare(a.far, b.far) })
	names := make([]string, 0, 3)
	for _, c := range near[:min(len(near), 3)] {
		names = append(names, c.name)
	}
	return names
}

// distance is how many bytes have to be put in, taken out or replaced to turn
// one name into another (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for n := range row {
		row[n] = n
	}
	for m := range len(a) {
		diagonal := row[0]
		row[0] = m + 1
		for n := range len(b) {
			replace := diagonal
			if a[m] != b[n] {
				replace++
			}
			diagonal = row[n+1]
			row[n+1] = min(replace, row[n]+1, row[n+1]+1)
		}
	}
	return row[len(b)]
}
