package api

import (
	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// names looks people up.
type names struct{ r *storage.Reader }

// Name is what others call the person.
func (n names) Name(id incident.PersonID) string { return bot.Names(n.r).Name(id) }

// person is nil for Rollcall itself.
func (n names) person(id incident.PersonID) *Person {
	if id == incident.System {
		return nil
	}
	out := &Person{Name: n.Name(id)}
	if p, err := n.r.Person(id); err == nil && !p.Elsewhere() {
		out.SlackID = p.SlackID
	}
	return out
}
