package api

import (
	"context"
	"strings"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// machine is the API itself as a person: a program, to whom no work can be given.
var machine = bot.From{User: "api:rollcall", Name: "API"}

// actor is in whose name a request is made. Nobody can be named who may not do
// everything that the API does.
func (s *Server) actor(ctx context.Context, named string) (from bot.From, known bool, err error) {
	var id incident.PersonID
	err = s.Store.Read(ctx, func(r *storage.Reader) error {
		if named == "" {
			_, err := r.PersonBySlack(machine.User)
			known, from = err == nil, machine
			return err
		}
		p, err := person(r, named)
		if err != nil || p.Bot || p.Elsewhere() {
			return err
		}
		id, from = p.ID, bot.From{User: p.SlackID, Team: p.TeamID, Name: p.Name}
		known, err = r.IsFull(id)
		return err
	})
	if !storage.IsNotFound(err) || named != "" {
		if storage.IsNotFound(err) {
			err = nil
		}
		return from, known, err
	}
	err = s.Store.Write(ctx, func(tx *storage.Tx) error {
		_, err := tx.UpsertPerson(storage.Person{SlackID: machine.User, Name: machine.Name, Bot: true})
		return err
	})
	return machine, true, err
}

// person finds somebody by Slack's id or by e-mail address.
func person(r *storage.Reader, named string) (storage.Person, error) {
	if !strings.Contains(named, "@") {
		return r.PersonBySlack(named)
	}
	p, _, err := r.PersonByEmail(named)
	return p, err
}
