package api

import (
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// names looks people up.
type names struct{ r *storage.Reader }

// Name is what others call the person.
func (n names) Name(id incident.PersonID) string {
	if id == incident.System {
		return "Rollcall"
	}
	if p := n.person(id); p != nil {
		return p.Name
	}
	return "somebody"
}

// person is nil for Rollcall itself.
func (n names) person(id incident.PersonID) *Person {
	if id == incident.System {
		return nil
	}
	out := &Person{Name: "somebody"}
	p, err := n.r.Person(id)
	if err != nil {
		return out // a name is not worth an answer
	}
	for _, name := range []string{p.Name, p.RealName} {
		if name != "" {
			out.Name = name
		}
	}
	if !p.Elsewhere() {
		out.SlackID = p.SlackID
	}
	return out
}
