package pagerin

import (
	"encoding/json"
	"errors"
	"time"
)

// errShape says that a signed body is not what PagerDuty documents.
var errShape = errors.New("this is not an event of PagerDuty's webhooks, version 3")

// Event is what a webhook tells. Data is of the type that ResourceType and its
// own type name.
type Event struct {
	ID           string          `json:"id"`
	Type         string          `json:"event_type"`
	ResourceType string          `json:"resource_type"`
	OccurredAt   time.Time       `json:"occurred_at"`
	Agent        *Reference      `json:"agent"`  // who did it; nil for PagerDuty itself
	Client       *Client         `json:"client"` // the app that did it for them
	Data         json.RawMessage `json:"data"`
}

// Client is an app that acted in PagerDuty.
type Client struct {
	Name string `json:"name"`
}

// Reference names something in PagerDuty. Summary is what people call it.
type Reference struct {
	HTMLURL string `json:"html_url"`
	ID      string `json:"id"`
	Self    string `json:"self"`
	Summary string `json:"summary"`
	Type    string `json:"type"`
}

// Incident is the data of most events: PagerDuty's incident as it was then.
type Incident struct {
	HTMLURL     string      `json:"html_url"`
	ID          string      `json:"id"`
	Type        string      `json:"type"`
	Number      int         `json:"number"`
	Status      string      `json:"status"`
	IncidentKey string      `json:"incident_key"`
	CreatedAt   time.Time   `json:"created_at"`
	Title       string      `json:"title"`
	Urgency     string      `json:"urgency"`
	Service     *Reference  `json:"service"`
	Assignees   []Reference `json:"assignees"`
	Rest
}

// Rest are the incident's fields that may be missing or null.
type Rest struct {
	EscalationPolicy *Reference `json:"escalation_policy"`
	Priority         *Reference `json:"priority"`
}

// Note is the data of incident.annotated.
type Note struct {
	ID       string    `json:"id"`
	Content  string    `json:"content"`
	Trimmed  bool      `json:"trimmed"` // PagerDuty left the end of a long one out
	Incident Reference `json:"incident"`
}

// StatusUpdate is the data of incident.status_update_published.
type StatusUpdate struct {
	ID       string    `json:"id"`
	Message  string    `json:"message"`
	Trimmed  bool      `json:"trimmed"`
	Incident Reference `json:"incident"`
}

// Responder is the data of incident.responder.added and .replied.
type Responder struct {
	Incident         Reference  `json:"incident"`
	User             *Reference `json:"user"`
	EscalationPolicy *Reference `json:"escalation_policy"`
	Message          string     `json:"message"`
	State            string     `json:"state"` // such as "pending", "accepted", "declined"
}

// decode reads the envelope. An event without an id or a type is no event.
func decode(body []byte) (Event, error) {
	var envelope struct {
		Event *Event `json:"event"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil || envelope.Event == nil {
		return Event{}, errShape
	}
	if e := *envelope.Event; e.ID != "" && e.Type != "" {
		return e, nil
	}
	return Event{}, errShape
}
