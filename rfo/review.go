package rfo

import (
	"slices"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

func (b *builder) answer(question string) Answer {
	a := Answer{Question: question}
	if q, ok := incident.QuestionNamed(question); ok {
		a.Required, a.Ask = q.Required, ask(q, b.inc.Review.Counted())
	}
	if given, ok := b.inc.Review.Answer(question); ok {
		a.Text, a.By, a.At = b.people.text(given.Text), b.who(given.By), given.At.UTC()
		a.Earlier = len(b.inc.Review.Answers[question]) - 1
	}
	return a
}

// foundBy words who found it first.
var foundBy = map[string]string{
	"alert": "an alert", "synthetic": "a synthetic or end-to-end test", "employee": "a colleague",
	"customer": "a customer", "partner": "a partner",
}

func (b *builder) detection() Detection {
	d := Detection{Answer: b.answer("detection")}
	s := b.moments.of(incident.Detected)
	source := Fact{Label: "Found first by", Text: "not recorded", Missing: true}
	if p, ok := b.inc.Stamps.Last(incident.Detected); ok && foundBy[p.Source] != "" {
		d.Source = p.Source
		source = Fact{Label: "Found first by", Text: foundBy[p.Source]}
		if s.Text != "" {
			source.Text += " (" + oneLine(s.Text) + ")"
		}
	}
	d.Facts = []Fact{
		source, stampFact(b.moments.of(incident.FirstSignal)), stampFact(s), stampFact(b.moments.of(incident.Acked)),
		{Label: "First error to detection", Text: between(b.moments.of(incident.FirstSignal), s).Text},
	}
	return d
}

// stampFact shows one moment and how it is known.
func stampFact(s Stamp) Fact {
	f := Fact{Label: s.Title, Text: momentText(s), Missing: !s.Known()}
	if s.Known() && s.Name == incident.FirstSignal && s.Text != "" {
		f.Text += ": " + s.Text
	}
	return f
}

// momentText is a moment in a sentence; a bound says that it is one.
func momentText(s Stamp) string {
	switch {
	case s.Quality == missing:
		return "not recorded"
	case s.Bound == AtLatest:
		return "not recorded; at the latest " + when(s.At)
	case s.Bound == AtEarliest:
		return "not recorded; at the earliest " + when(s.At)
	case s.Quality == incident.Estimated:
		return "about " + when(s.At)
	default:
		return when(s.At)
	}
}

func (b *builder) fix(services []Service) Fix {
	e := b.moments.last()
	f := Fix{Mitigation: stepOf(e.mitigated), Permanent: stepOf(e.resolved), Answer: b.answer("fix")}
	for _, s := range services {
		switch s.State {
		case incident.RollingNow, incident.RolledBack, incident.RollFailed:
			f.Rollbacks = append(f.Rollbacks, s)
		default: // nothing was rolled back
		}
	}
	switch b.inc.Life.Status {
	case incident.Resolved:
		f.State = "resolved"
	case incident.Mitigated:
		f.State = "users are well; clean-up is not finished"
	case incident.Cancelled:
		f.State = "cancelled: it was no incident"
	case incident.Merged:
		f.State = "went on in " + b.reason()
	default:
		f.State = "not fixed yet"
	}
	return f
}

func stepOf(s Stamp) Step { return Step{At: s.At, By: s.By, Text: s.Text} }

func (b *builder) actions() Actions {
	var list Actions
	for _, a := range b.inc.Review.Actions {
		one := Action{
			ID: a.ID(), Text: b.people.text(a.Text), DoneWhen: b.people.text(a.DoneWhen), Kind: a.Kind, Tracker: a.Tracker,
			Owner: b.who(a.Owner), Due: a.Due.String(),
			Added: a.AddedAt.UTC(), State: a.State, Status: string(a.State), Excused: len(a.Moves) > 0,
			Inactive: a.Owner != incident.System && b.options.Active != nil && !b.options.Active(a.Owner),
		}
		switch a.State {
		case incident.ActionDone:
			one.Status = "done " + a.ClosedAt.UTC().Format(dayLayout)
		case incident.ActionDropped:
			one.Status = "dropped " + a.ClosedAt.UTC().Format(dayLayout)
			list.Changes = append(list.Changes, sentence(one.ID+" was dropped", a.ClosedAt, b.actor(a.ClosedBy), b.people.text(a.Reason)))
		default: // open
		}
		for _, m := range a.Moves {
			what := one.ID + " was moved from " + m.From.String() + " to " + m.To.String()
			switch {
			case m.Reason == "":
				what = one.ID + " was escalated to " + b.actor(m.Owner) + ", due " + m.To.String()
			case m.From == m.To:
				what = one.ID + " stays due " + m.To.String() + ", as was said"
			}
			list.Changes = append(list.Changes, sentence(what, m.At, b.actor(m.By), b.people.text(m.Reason)))
		}
		list.List = append(list.List, one)
	}
	return list
}

// sentence words a change: what, when, by whom and why.
func sentence(what string, at time.Time, by, reason string) string {
	text := what + " on " + at.UTC().Format(dayLayout) + " by " + by
	if reason != "" {
		text += ": " + oneLine(reason)
	}
	return text
}

// Kept are the actions that were not dropped.
func (a Actions) Kept() []Action {
	return slices.DeleteFunc(slices.Clone(a.List), func(one Action) bool { return one.State == incident.ActionDropped })
}

func (b *builder) history() []Revision {
	var list []Revision
	all := b.inc.Review.Revisions()
	for n, p := range all {
		r := Revision{Number: p.Revision, Draft: p.Draft, Open: p.Blocking, At: p.At.UTC(), By: b.actor(p.By)}
		switch {
		case p.Reason != "":
			r.Reason = b.people.text(p.Reason)
		case p.Draft && p.Blocking > 0:
			r.Reason = "draft, with " + plural(p.Blocking, "finding", "findings") + " open"
		case p.Draft:
			r.Reason = "draft, not approved"
		case n == 0 || !slices.ContainsFunc(all[:n], func(e incident.Publication) bool { return !e.Draft }):
			r.Reason = "first published"
		default:
			before := all[n-1].Seq
			r.Reason = plural(b.changedSince(before)-b.changedSince(p.Seq), "later entry", "later entries") + " taken in"
		}
		list = append(list, r)
	}
	return list
}
