package pagerin

import (
	"encoding/json"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
)

// Source is PagerDuty's name among the sources of alarms.
const Source = "pagerduty"

// message is an event as a report of an alarm, with the people it names.
type message struct {
	report incident.AlarmReport
	who    []bot.Responder
	// own says that a page of ours made the alarm, or that we wrote the note: it is no
	// news here, and of a private incident it must not become any.
	own bool
}

// readers maps each type of event that tells about an alarm to what reads its
// data. Other types are accepted and change nothing: PagerDuty adds new ones.
var readers = map[string]func(Event) (message, error){
	"incident.triggered":               whole(incident.AlarmTriggered),
	"incident.acknowledged":            whole(incident.AlarmAcked),
	"incident.unacknowledged":          whole(incident.AlarmUnacked),
	"incident.escalated":               whole(incident.AlarmEscalated),
	"incident.reassigned":              whole(incident.AlarmReassigned),
	"incident.delegated":               whole(incident.AlarmDelegated),
	"incident.priority_updated":        whole(incident.AlarmPrioritised),
	"incident.reopened":                whole(incident.AlarmReopened),
	"incident.resolved":                whole(incident.AlarmResolved),
	"incident.annotated":               annotated,
	"incident.status_update_published": published,
	"incident.responder.added":         responder(incident.AlarmAsked),
	"incident.responder.replied":       responder(incident.AlarmAnswered),
}

// Types are the types of events that are used, for whoever subscribes.
func Types() []string {
	return []string{
		"incident.triggered", "incident.acknowledged", "incident.unacknowledged", "incident.escalated", "incident.reassigned",
		"incident.delegated", "incident.priority_updated", "incident.reopened", "incident.resolved", "incident.annotated",
		"incident.status_update_published", "incident.responder.added", "incident.responder.replied",
	}
}

// base is what every event says.
func (e Event) base(kind incident.AlarmKind, about string) (message, error) {
	if about == "" || e.OccurredAt.IsZero() {
		return message{}, errShape
	}
	m := message{report: incident.AlarmReport{
		Ref: incident.AlarmRef{Source: Source, ID: about}, Kind: kind, At: e.OccurredAt.UTC(),
	}}
	switch {
	case e.Agent != nil:
		m.report.By = e.Agent.Summary
	case e.Client != nil:
		m.report.By = e.Client.Name
	}
	return m, nil
}

// whole reads an event whose data is the whole incident.
func whole(kind incident.AlarmKind) func(Event) (message, error) {
	return func(e Event) (message, error) {
		var i Incident
		if err := json.Unmarshal(e.Data, &i); err != nil {
			return message{}, errShape
		}
		m, err := e.base(kind, i.ID)
		if err != nil {
			return m, err
		}
		_, m.own = incident.OwnPage(i.IncidentKey)
		m.report.Began = i.CreatedAt.UTC()
		m.report.Facts = incident.AlarmFacts{
			Title: i.Title, Service: i.Service.name(), Urgency: i.Urgency, Priority: i.Priority.name(), URL: i.HTMLURL,
		}
		for _, a := range i.Assignees {
			m.give(&a)
		}
		if p := i.EscalationPolicy; p != nil && p.ID != "" && kind == incident.AlarmTriggered {
			m.who = append(m.who, bot.Responder{ID: p.ID, Name: p.Summary, OnCall: true})
		}
		if kind == incident.AlarmResolved {
			m.who = nil // whoever has it need not come any more
		}
		return m, nil
	}
}

func annotated(e Event) (message, error) {
	var n Note
	if err := json.Unmarshal(e.Data, &n); err != nil {
		return message{}, errShape
	}
	m, err := e.base(incident.AlarmAnnotated, n.Incident.ID)
	m.own = incident.OwnNote(n.Content)
	m.report.Text, m.report.Facts.URL = ended(n.Content, n.Trimmed), n.Incident.HTMLURL
	return m, err
}

func published(e Event) (message, error) {
	var u StatusUpdate
	if err := json.Unmarshal(e.Data, &u); err != nil {
		return message{}, errShape
	}
	m, err := e.base(incident.AlarmPublished, u.Incident.ID)
	m.report.Text, m.report.Facts.URL = ended(u.Message, u.Trimmed), u.Incident.HTMLURL
	return m, err
}

func responder(kind incident.AlarmKind) func(Event) (message, error) {
	return func(e Event) (message, error) {
		var r Responder
		if err := json.Unmarshal(e.Data, &r); err != nil {
			return message{}, errShape
		}
		m, err := e.base(kind, r.Incident.ID)
		if err != nil {
			return m, err
		}
		m.report.Text, m.report.Facts.URL = r.Message, r.Incident.HTMLURL
		m.give(r.User)
		if p := r.EscalationPolicy; p != nil && p.ID != "" && r.User == nil {
			m.report.Who = append(m.report.Who, p.Summary)
			m.who = append(m.who, bot.Responder{ID: p.ID, Name: p.Summary, OnCall: true})
		}
		if kind == incident.AlarmAnswered && r.State != "" {
			m.report.Text = r.State
		}
		if r.State == "declined" {
			m.who = nil
		}
		return m, nil
	}
}

// give names somebody to whom the alarm was given.
func (m *message) give(to *Reference) {
	if to == nil || to.ID == "" {
		return
	}
	name := to.Summary
	if name == "" {
		name = to.ID
	}
	m.report.Who = append(m.report.Who, name)
	m.who = append(m.who, bot.Responder{ID: to.ID, Name: name})
}

func (r *Reference) name() string {
	if r == nil {
		return ""
	}
	return r.Summary
}

// ended marks a text whose end PagerDuty left out.
func ended(text string, trimmed bool) string {
	if trimmed {
		return text + " … (the rest is in PagerDuty)"
	}
	return text
}
