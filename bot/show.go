package bot

import (
	"context"
	"fmt"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// show answers a subcommand that changes nothing, and every line that is no
// subcommand. It reads without waiting for any writer.
func (s *Service) show(ctx context.Context, req Request, r reading) Answer {
	c := &Invocation{service: s, Request: req, reading: r}
	c.Stamp.At = s.Clock.Now()
	var a Answer
	err := s.Store.Read(ctx, func(reader *storage.Reader) error {
		c.Reader = req.sight(reader)
		var err error
		a, err = c.look()
		return err
	})
	if err != nil {
		return s.unread(c, err)
	}
	return s.deliver(ctx, c, a)
}

func (c *Invocation) look() (Answer, error) {
	shown, choices, err := c.looked()
	if err == nil {
		return c.word(Shown, choices, append([]incident.Say{shown}, c.switchedOff(incident.Decision{})...)...)
	}
	if e, ok := refusal(err); ok {
		return c.refused(e)
	}
	return Answer{}, err
}

func (c *Invocation) looked() (incident.Say, []incident.Choice, error) {
	if err := c.admitted(); err != nil {
		return incident.Say{}, nil, err
	}
	if c.row == nil {
		return incident.Say{}, nil, c.notUnderstood()
	}
	if err := c.find(); err != nil {
		return incident.Say{}, nil, err
	}
	shown, choices, err := c.row.Show(c)
	if err != nil {
		err = c.explain(err)
	}
	return shown, choices, err
}

// deliver stores what an answer that was only shown still needs: what its
// buttons run, what lets a browser in, and the job that carries it to where it was asked for. When that
// cannot be stored the answer is given without.
func (s *Service) deliver(ctx context.Context, c *Invocation, a Answer) Answer {
	if len(c.offers) == 0 && len(c.passes) == 0 && c.Request.ReplyTo == nil {
		return a
	}
	err := s.Store.Write(ctx, func(tx *storage.Tx) error {
		attempt := *c
		attempt.tx, attempt.Reader = tx, c.Request.sight(tx.Reader)
		for _, o := range c.offers {
			if _, err := tx.SaveOffer(o); err != nil {
				return err
			}
		}
		if err := savePasses(tx, c.passes); err != nil {
			return err
		}
		if c.Request.ReplyTo == nil {
			return nil
		}
		first, again, err := seen(tx, c.Request.Delivery)
		if err != nil || again {
			a = first
			return err
		}
		return attempt.remember(a)
	})
	if err != nil {
		s.Log.WarnContext(ctx, "an answer is given without its buttons", "error", err)
		a.Buttons = nil
		if c.Request.ReplyTo != nil || len(c.passes) > 0 {
			return s.failed(c, err)
		}
	}
	return a
}

// unread words a database that could not be read.
func (s *Service) unread(c *Invocation, err error) Answer {
	a := s.failed(c, err)
	if c.Request.ReplyTo == nil && c.row != nil {
		a.Kind = Refused
		a.Text = fmt.Sprintf("The database did not answer, so `%s` cannot be shown. Try again in a moment.", c.row.Words)
	}
	return a
}
