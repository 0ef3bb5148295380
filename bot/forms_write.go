package bot

import (
	"slices"
	"strconv"
	"strings"
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
// it is saved, and what another one wrote meanwhile is shown before it is replaced.
func (c *Invocation) rfoForm() (Form, error) {
	facts, err := c.rfoFacts()
	if err != nil {
		return Form{}, err
	}
	var fields []Field
	var seen []string
	for _, q := range incident.Questions {
		if !q.Required {
			continue
		}
		a, _ := c.Incident.Review.Answer(q.Name)
		seen = append(seen, q.Name+"="+strconv.FormatInt(a.Seq, 10))
		fields = append(fields, Field{
			ID: q.Name, Kind: TextField, Optional: true, Label: c.plain(q.Ask, nil), Fact: c.plain("form.rfo_answer.fact."+q.Name, facts),
			Value: incident.PlainText(a.Text, c.names()),
		})
	}
	return c.blank("rfo answer", strings.Join(seen, " "), fields...)
}

// rfoFacts is what the log knows about the questions.
func (c *Invocation) rfoFacts() (incident.Args, error) {
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
	p, err := c.paper()
	for _, phase := range p.doc.Speed.Phases.List {
		if phase.Largest {
			facts["gap"], facts["gap_from"], facts["gap_to"] = phase.Span.String(), phase.From.Title, phase.To.Title
			facts["gap_began"], facts["gap_ended"] = phase.From.At, phase.To.At
		}
	}
	return facts, err
}

func (c *Invocation) readRFO(f *Submitted, m meta) (incident.Command, error) {
	var cmd incident.AnswerQuestions
	for _, q := range incident.Questions {
		text, changed := f.changed(q.Name)
		if !changed || typedText(text) == "" {
			continue
		}
		answer := incident.AnswerQuestion{Question: q.Name, Text: typedText(text)}
		if err := c.compared(answer, m.About); err != nil {
			return nil, err
		}
		cmd.Answers = append(cmd.Answers, answer)
	}
	return cmd, nil
}

// compared refuses, once, to replace an answer that somebody gave after the form
// was opened: both texts are then before whoever sends it, who may merge them and
// send it again. seen are the answers that the form showed.
func (c *Invocation) compared(answer incident.AnswerQuestion, seen string) error {
	now, answered := c.Incident.Review.Answer(answer.Question)
	shown := slices.Contains(strings.Fields(seen), answer.Question+"="+strconv.FormatInt(now.Seq, 10))
	if !answered || shown || seen == "" || now.Text == answer.Text || c.tx == nil {
		return nil
	}
	key := strings.Join([]string{string(c.Incident.ID), string(c.Actor.ID), answer.Question, strconv.FormatInt(now.Seq, 10)}, "/")
	if _, fresh, err := c.tx.Claim("rfo.compared", key, c.Incident.ID); err != nil || !fresh {
		return err
	}
	return &incident.Error{Code: incident.Conflict, Say: incident.Say{ID: "form.rfo_answer.newer", Args: incident.Args{
		"field": answer.Question, "by": now.By, "at": now.At, "text": shorten(incident.PlainText(now.Text, c.names()), comparedLength),
	}}}
}

// comparedLength bounds what is shown of an answer beside a field.
const comparedLength = 600
