package bot

import (
	"cmp"
	"context"

	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// keep saves what is typed in a form that stays open, and draws the form anew
// beside the answer, with a note of what became of it. Nothing is said in the
// channel: whoever writes looks at the form.
func (s *Service) keep(ctx context.Context, req Request, f form, m meta) Answer {
	req.ReplyTo = nil
	a := s.run(ctx, req, f.row(m))
	if a.Kind == NotSaved {
		a.Text = formNotSaved
	}
	if f.again == nil || s.UpdateForm == nil || req.Form.View == "" {
		return a
	}
	c := &Invocation{service: s, Request: req, reading: reading{row: f.row(m)}}
	c.Stamp.At = s.Clock.Now()
	var shown Form
	err := s.Store.Read(ctx, func(r *storage.Reader) error {
		c.Reader = r
		var err error
		shown, err = c.asked(form{stem: f.stem, open: func(c *Invocation) (Form, error) { return f.again(c, a, m) }})
		return err
	})
	go s.redraw(context.WithoutCancel(ctx), req, shown, a, err)
	if a.Kind == NotSaved {
		return a
	}
	return Answer{Kind: Silent}
}

// redraw shows the form anew. Where Slack does not, or where it could not be read,
// the person is told what became of the press in a message that only they see.
func (s *Service) redraw(ctx context.Context, req Request, f Form, a Answer, err error) {
	if err == nil {
		inTime, cancel := context.WithTimeout(ctx, viewTime)
		defer cancel()
		if err = s.UpdateForm(inTime, req.Form.View, f); err == nil {
			return
		}
	}
	s.Log.WarnContext(ctx, "a form could not be drawn anew", "form", req.Form.Name, "error", err)
	if s.Warn == nil {
		return
	}
	said := Answer{Kind: a.Kind, Text: cmp.Or(f.Note, a.Text)}
	if a.Kind == Done {
		said.Text = s.Book.Text(incident.Say{ID: "form.saved_unseen", Args: incident.Args{"text": said.Text}}, say.Slack{Who: nobody{}})
	}
	s.warn(ctx, ReplyTo{Channel: req.From.Channel, User: req.From.User}, said)
}
