package bot

import (
	"time"

	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
)

// updateForm is prefilled with the draft that `brief` makes.
func (c *Invocation) updateForm() (Form, error) {
	draft, _, err := briefRow.Show(c)
	if err != nil {
		return Form{}, err
	}
	return c.blank("update", "", Field{
		ID: "text", Kind: TextField, Value: c.plain("form.update.draft", draft.Args), Fact: c.audienceFact(),
	})
}

// audienceFact says who will read an update, and that it is held first.
func (c *Invocation) audienceFact() string {
	audience := make([]incident.Args, 0)
	for _, who := range c.Incident.Audience(c.service.practice(c.Reader)) {
		audience = append(audience, incident.Args{"who": who})
	}
	return c.plain("form.update.fact", incident.Args{
		"audience": audience, "private": c.Incident.Identity.Private, "hold": incident.UpdateHold,
	})
}

// actionForm suggests a date one sprint from now.
func (c *Invocation) actionForm() (Form, error) {
	due := ""
	if sprint := c.service.Policy.Sprint; sprint > 0 {
		due = incident.CivilOf(c.Now().Add(sprint), c.Zone()).String()
	}
	return c.blank("action", "",
		Field{ID: "text", Kind: TextField},
		Field{ID: "who", Kind: PersonField},
		Field{ID: "due", Kind: DateField, Value: due},
		Field{ID: "done", Kind: LineField, Optional: true},
	)
}

func (c *Invocation) readAction(f *Submitted, _ meta) (incident.Command, error) {
	who, err := c.picked(f.Values["who"])
	if err != nil {
		return nil, err
	}
	cmd := incident.AddAction{Who: who, Text: typedText(f.Values["text"]), DoneWhen: typedText(f.Values["done"])}
	if day, err := time.Parse(time.DateOnly, f.Values["due"]); err == nil {
		cmd.Due = incident.CivilOf(day, time.UTC)
	}
	return cmd, nil
}

// editForm is prefilled with the line as it reads now.
func (c *Invocation) editForm() (Form, error) {
	w, _ := c.rest.Next()
	entry, _ := grammar.Entry(w)
	log, err := c.Reader.VisibleRecords(c.Actor.ID, c.Incident.ID, 1)
	if err != nil {
		return Form{}, err
	}
	id := incident.EntryID(entry)
	for _, l := range incident.Timeline(c.Incident, log, c.names()) {
		if l.Seq == entry {
			return c.blank("timeline edit", id, Field{ID: "text", Kind: TextField, Value: l.Text})
		}
	}
	return Form{}, &incident.Error{Code: incident.NotFound, Say: incident.Say{ID: "timeline_edit.no_line", Args: incident.Args{"id": id}}}
}

// rfoForm asks the six questions that every RFO answers, each beside what the log
// knows about it. Several people may have it open: only what somebody changed in
// it is saved.
func (c *Invocation) rfoForm() (Form, error) {
	facts := c.rfoFacts()
	var fields []Field
	for _, q := range incident.Questions {
		if !q.Required {
			continue
		}
		a, _ := c.Incident.Review.Answer(q.Name)
		fields = append(fields, Field{
			ID: q.Name, Kind: TextField, Optional: true, Label: c.plain(q.Ask, nil), Fact: c.plain("form.rfo_answer.fact."+q.Name, facts),
			Value: incident.PlainText(a.Text, c.names()),
		})
	}
	return c.blank("rfo answer", "", fields...)
}

// rfoFacts is what the log knows about the questions.
func (c *Invocation) rfoFacts() incident.Args {
	i := c.Incident
	at := func(name incident.StampName) time.Time {
		p, _ := i.Stamps.Last(name)
		return p.At
	}
	impact, _ := i.Review.CurrentImpact()
	detected, _ := i.Stamps.Last(incident.Detected)
	settled, services := i.Board.RollbackCount()
	facts := incident.Args{
		"title": i.Identity.Title, "severity": i.Life.Severity, "impact": impact.Phrase(), "source": detected.Source,
		"error": at(incident.FirstSignal), "detected": detected.At, "opened": i.Identity.OpenedAt, "led": at(incident.LeaderAccepted),
		"settled": settled, "services": services, "actions": len(i.Review.Kept()), "decisions": len(i.Log.Decisions),
	}
	for _, m := range i.Life.Marks {
		facts[string(m.Status)] = m.At
	}
	return facts
}

func (c *Invocation) readRFO(f *Submitted, _ meta) (incident.Command, error) {
	var cmd incident.AnswerQuestions
	for _, q := range incident.Questions {
		if text, changed := f.changed(q.Name); changed && typedText(text) != "" {
			cmd.Answers = append(cmd.Answers, incident.AnswerQuestion{Question: q.Name, Text: typedText(text)})
		}
	}
	return cmd, nil
}
