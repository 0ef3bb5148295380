package bot

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// The fields of the RFO's form that are no questions: they are asked during the
// incident, and stand in the form only while nobody has answered.
const (
	fieldSource = "source" // who found it first
	fieldAmount = "amount" // how many users were hit
)

// rfoForm asks the six questions that every RFO answers, each beside what the log
// knows about it. Several people may have it open: only what somebody changed in
// it is saved, and what another one wrote meanwhile is shown before it is replaced.
func (c *Invocation) rfoForm() (Form, error) { return c.rfoFields(nil, meta{}) }

// rfoFormAgain is the form after what was typed in it was saved as a draft.
func (c *Invocation) rfoFormAgain(a Answer, m meta) (Form, error) {
	f, err := c.rfoFields(c.Request.Form, m)
	if err == nil && (a.Kind == NotSaved || a.Kind == Refused && a.why != "rfo_answer.nothing") {
		f.Note = a.Text
	}
	return f, err
}

// rfoFields lays the form out. typed is what is in it when it is open already: its
// fields keep what they held when they were drawn first, so that it is known what
// was changed since, but for those that are saved.
func (c *Invocation) rfoFields(typed *Submitted, m meta) (Form, error) {
	facts, err := c.rfoFacts()
	if err != nil {
		return Form{}, err
	}
	var fields []Field
	var seen, saved, newer []string
	for _, q := range incident.Questions {
		if !q.Required {
			continue
		}
		a, answered := c.Incident.Review.Answer(q.Name)
		field := c.rfoField(q, a, facts)
		shown := mark(q.Name, a.Seq)
		if typed == nil || !m.holds(q.Name) { // it is drawn for the first time
			if !fitsField(field.Value) {
				fields = append(fields, c.tooLong(q, field, field.Value))
				continue
			}
		} else {
			text, changed := typed.changed(q.Name)
			if changed && answered && a.Text == typedText(text) {
				field.Value, saved = text, append(saved, q.Name)
				seen, fields = append(seen, shown), append(fields, field)
				continue
			}
			field.Value = typed.Was[q.Name]
			if answered && !m.showed(q.Name, a.Seq) && a.By != c.Actor.ID {
				field.Fact += "\n" + c.plain("form.rfo_answer.meanwhile", incident.Args{
					"by": a.By, "at": a.At, "text": shorten(incident.PlainText(a.Text, c.names()), comparedLength), "changed": changed,
				})
				if changed {
					newer = append(newer, q.Name)
				}
			}
			shown = m.shown(q.Name)
		}
		seen = append(seen, shown)
		fields = append(fields, field)
	}
	untold, told := c.untold(typed, m)
	saved = append(saved, told...)
	for _, field := range untold {
		seen = append(seen, mark(field.ID, 0))
	}
	if len(seen) == 0 { // a form without a field cannot be sent
		return Form{}, &incident.Error{Code: incident.Invalid, Say: incident.Say{ID: "form.rfo_answer.all_long", Args: incident.Args{"page": c.editLink().URL}}}
	}
	f, err := c.blank("rfo answer", strings.Join(seen, " "), append(fields, untold...)...)
	if err != nil {
		return f, err
	}
	f.Draft, f.Page = c.plain("form.rfo_answer.draft", nil), c.editLink()
	if typed == nil {
		return f, nil
	}
	f.Note = c.plain("form.rfo_answer.kept", incident.Args{
		"at": c.Now(), "saved": strings.Join(saved, ", "), "newer": strings.Join(newer, ", "), "left": len(c.Incident.Review.Unanswered()),
	})
	remembered, err := json.Marshal(meta{Incident: c.Incident.ID, Channel: m.Channel, About: strings.Join(seen, " ")})
	f.Meta = string(remembered)
	return f, err
}

// rfoField asks one question, with the answer that it has.
func (c *Invocation) rfoField(q incident.Question, a incident.Answer, facts incident.Args) Field {
	return Field{
		ID: q.Name, Kind: TextField, Optional: true, Label: c.plain(q.Ask, c.Incident.Asks(q).Args), Fact: c.plain("form.rfo_answer.fact."+q.Name, facts),
		Value: incident.PlainText(a.Text, c.names()),
	}
}

// untold are the two facts that are asked for during the incident, while nobody
// has told them, and as long as the form that asked for them is open; saved are
// those that were told in it.
func (c *Invocation) untold(typed *Submitted, m meta) (fields []Field, saved []string) {
	found, told := c.Incident.Stamps.Last(incident.Detected)
	hit, _ := c.Incident.Review.CurrentImpact()
	add := func(field Field, told bool, same func(string) bool) {
		if typed != nil {
			text, changed := typed.changed(field.ID)
			if field.Value = typed.Was[field.ID]; changed && same(text) {
				field.Value, saved = text, append(saved, c.plain("form.rfo_answer.told."+field.ID, nil))
			}
			told = told && typed.Values[field.ID] == ""
		}
		if !told {
			fields = append(fields, field)
		}
	}
	source := Field{ID: fieldSource, Kind: PickField, Optional: true}
	for _, name := range incident.DetectionSources() {
		source.Options = append(source.Options, Option{name, c.plain("choice.detected", incident.Args{"source": name})})
	}
	add(source, told, func(text string) bool { return found.Source == text })
	add(Field{ID: fieldAmount, Kind: LineField, Optional: true}, c.Incident.Review.Counted(), func(text string) bool {
		cmd, err := c.readImpact(&Submitted{Values: map[string]string{"amount": text}}, m)
		impact, ok := cmd.(incident.SetImpact)
		return err == nil && ok && impact.Says(hit)
	})
	return fields, saved
}

// showed says whether a form showed this answer to a question.
func (m meta) showed(question string, seq int64) bool {
	return slices.Contains(strings.Fields(m.About), mark(question, seq))
}

// holds says whether a form has a field for this question.
func (m meta) holds(question string) bool {
	return m.About == "" || slices.ContainsFunc(strings.Fields(m.About), func(one string) bool { return strings.HasPrefix(one, question+"=") })
}

// beside is the field that an error can stand beside where this one would be right,
// but may be an answer that the form only shows.
func (m meta) beside(field string) string {
	if _, asks := incident.QuestionNamed(field); !asks || m.holds(field) {
		return field
	}
	first, _, _ := strings.Cut(m.About, "=")
	return first
}

// shown is which answer to a question a form showed, as it remembers it.
func (m meta) shown(question string) string {
	for _, one := range strings.Fields(m.About) {
		if strings.HasPrefix(one, question+"=") {
			return one
		}
	}
	return question + "=0"
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
		if err := c.compared(answer, m); err != nil {
			if _, refused := refusal(err); refused && f.Draft {
				continue // the form, drawn anew, shows both; the others are saved
			}
			return nil, err
		}
		cmd.Answers = append(cmd.Answers, answer)
	}
	if source, changed := f.changed(fieldSource); changed && source != "" {
		if p, told := c.Incident.Stamps.Last(incident.Detected); !told || p.Source != source {
			cmd.Found = &incident.SetDetected{Source: source}
		}
	}
	if amount, changed := f.changed(fieldAmount); changed && strings.TrimSpace(amount) != "" {
		told, err := c.readImpact(&Submitted{Values: map[string]string{"amount": amount}}, m)
		if err != nil {
			return nil, err
		}
		impact, _ := told.(incident.SetImpact)
		if now, _ := c.Incident.Review.CurrentImpact(); !impact.Says(now) {
			impact.Text = now.Text // who is hit was told, how many was not
			cmd.Hit = &impact
		}
	}
	return cmd, nil
}

// compared refuses, once, to replace an answer that somebody else gave after the form
// was opened: both texts are then before whoever sends it, who may merge them and
// send it again. m knows the answers that the form showed.
func (c *Invocation) compared(answer incident.AnswerQuestion, m meta) error {
	now, answered := c.Incident.Review.Answer(answer.Question)
	if !answered || m.About == "" || m.showed(answer.Question, now.Seq) || now.Text == answer.Text || now.By == c.Actor.ID || c.tx == nil {
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
