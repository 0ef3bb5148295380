package bot

import (
	"context"
	"errors"

	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// change carries a subcommand out that changes something: one transaction reads,
// decides, writes and remembers the answer. A delivery seen before gets the
// answer it got then.
func (s *Service) change(ctx context.Context, req Request, r reading) Answer {
	c := &Invocation{service: s, Request: req, reading: r}
	c.prepare()
	var answer Answer
	err := s.Store.Write(ctx, func(tx *storage.Tx) error {
		first, again, err := seen(tx, c.Request.Delivery)
		if err != nil || again {
			answer = first
			return err
		}
		c.start(tx, r)
		if answer, err = c.carryOut(); err != nil {
			return err
		}
		if answer.Kind == Refused && c.Request.Form != nil {
			return nil // the form stays open; sent again it is looked at again
		}
		return c.remember(answer)
	})
	if err != nil {
		// The writer may still be at it: what it works on is not touched here.
		return s.failed(&Invocation{service: s, Request: c.Request, reading: r, newID: c.newID, plan: c.plan}, err)
	}
	return answer
}

// start puts the invocation back to what was read and prepared: the writer may run a
// command again on fresh state.
func (c *Invocation) start(tx *storage.Tx, r reading) {
	c.reading, c.Actor, c.Incident, c.Stamp.Actor, c.toStore, c.after = r, incident.Person{}, nil, "", toStore{}, nil
	c.tx, c.Reader = tx, c.Request.sight(tx.Reader)
}

// carryOut decides the command inside the transaction. Refusals are answers, not
// errors: they are remembered like successes. An error means that something
// could not be read or written.
func (c *Invocation) carryOut() (Answer, error) {
	d, err := c.decided()
	if err == nil {
		return c.done(d)
	}
	if e, ok := refusal(err); ok {
		return c.refused(e)
	}
	return Answer{}, err
}

func (c *Invocation) decided() (incident.Decision, error) {
	if err := c.admitted(); err != nil {
		return incident.Decision{}, err
	}
	if err := c.find(); err != nil {
		return incident.Decision{}, err
	}
	switch c.Incident {
	case nil: // a row that opens one
		c.Incident = incident.New(incident.ID(c.newID))
	default: // what find gave is a reader's; the writer decides on its own
		var err error
		if c.Incident, err = c.tx.RawIncident(c.Incident.ID); err != nil {
			return incident.Decision{}, err
		}
	}
	cmd, err := c.command()
	if err != nil {
		return incident.Decision{}, err
	}
	d, err := c.service.decide(c.tx, c.Incident, cmd, c.Stamp, c.Actor)
	if err == nil && c.after != nil {
		err = c.after(c)
	}
	return d, err
}

// command reads the arguments.
func (c *Invocation) command() (incident.Command, error) {
	cmd, err := c.row.Change(c)
	if err != nil {
		return nil, c.explain(err)
	}
	return cmd, nil
}

// explain words what the arguments' grammar refuses.
func (c *Invocation) explain(err error) error {
	var unfit misfit
	if errors.As(err, &unfit) {
		return c.bothReadings()
	}
	p, ok := grammar.ProblemOf(err)
	if !ok {
		return err
	}
	return &incident.Error{Code: incident.Invalid, Say: incident.Say{
		ID: "talk.problem", Args: incident.Args{"sentence": p.Sentence},
	}}
}
