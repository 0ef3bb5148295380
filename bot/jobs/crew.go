package jobs

import (
	"context"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// nobody is how people are called of whom nothing is known.
const nobody = "somebody"

// crew knows people by name for as long as one drain lasts. It is used by one
// goroutine.
type crew struct {
	ctx   context.Context //nolint:containedctx // of the drain; say.Who asks without one
	store *storage.Store
	known map[incident.PersonID]storage.Person
}

// Name is what people call somebody.
func (c *crew) Name(p incident.PersonID) string {
	if p == incident.System {
		return "Rollcall"
	}
	who := c.person(p)
	for _, name := range []string{who.Name, who.RealName} {
		if name != "" {
			return name
		}
	}
	return nobody
}

// SlackID is "" for who has none.
func (c *crew) SlackID(p incident.PersonID) string {
	if p == incident.System {
		return ""
	}
	who := c.person(p)
	if who.Elsewhere() {
		return ""
	}
	return who.SlackID
}

// person is the zero Person when somebody is not known, or cannot be read now: a
// name is not worth a message.
func (c *crew) person(p incident.PersonID) storage.Person {
	if who, ok := c.known[p]; ok {
		return who
	}
	var who storage.Person
	err := c.store.Read(c.ctx, func(r *storage.Reader) (err error) {
		who, err = r.Person(p)
		return err
	})
	if err == nil || storage.IsNotFound(err) {
		c.known[p] = who
	}
	return who
}
