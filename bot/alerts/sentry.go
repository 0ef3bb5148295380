package alerts

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// The messages of Sentry's integration platform (docs.sentry.io, Integration
// Platform, Webhooks), as far as they are of use. Which one it is says the header
// Sentry-Hook-Resource.

type sentryMessage struct {
	Action string `json:"action"`
	Data   struct {
		Event       sentryEvent  `json:"event"` // of event_alert
		Rule        string       `json:"triggered_rule"`
		MetricAlert sentryMetric `json:"metric_alert"` // of metric_alert
		Title       string       `json:"description_title"`
		WebURL      string       `json:"web_url"`
		Issue       sentryIssue  `json:"issue"` // of issue
	} `json:"data"`
}

type sentryEvent struct {
	ID       string    `json:"event_id"`
	IssueID  looseText `json:"issue_id"`
	Title    string    `json:"title"`
	Culprit  string    `json:"culprit"`
	Level    string    `json:"level"`
	Datetime looseTime `json:"datetime"`
	WebURL   string    `json:"web_url"`
	// URL ends in /projects/ORGANISATION/PROJECT/events/…; the project itself is a number.
	URL string `json:"url"`
}

type sentryMetric struct {
	ID       looseText   `json:"id"`
	Started  looseTime   `json:"date_started"`
	Detected looseTime   `json:"date_detected"`
	Closed   looseTime   `json:"date_closed"`
	Projects []looseText `json:"projects"`
	Rule     struct {
		Name string `json:"name"`
	} `json:"alert_rule"`
}

type sentryIssue struct {
	ID        looseText `json:"id"`
	Title     string    `json:"title"`
	Culprit   string    `json:"culprit"`
	Level     string    `json:"level"`
	Priority  string    `json:"priority"`
	FirstSeen looseTime `json:"firstSeen"`
	WebURL    string    `json:"web_url"`
	Permalink string    `json:"permalink"`
	Project   struct {
		Slug string `json:"slug"`
	} `json:"project"`
}

// looseText is an id, which Sentry writes as a string or as a number.
type looseText string

// UnmarshalJSON takes both.
func (t *looseText) UnmarshalJSON(raw []byte) error {
	var n json.Number
	if err := json.Unmarshal(raw, &n); err == nil {
		*t = looseText(n)
		return nil
	}
	var s string
	err := json.Unmarshal(raw, &s)
	*t = looseText(s)
	return err
}

// looseTime is a time, zero where Sentry gives none or another form: an alarm is
// not lost for its time.
type looseTime struct{ time.Time }

// UnmarshalJSON takes anything.
func (t *looseTime) UnmarshalJSON(raw []byte) error {
	if json.Unmarshal(raw, &t.Time) != nil {
		t.Time = time.Time{}
	}
	return nil
}

// sentryProject is the project in the address of an event,
// …/projects/ORGANISATION/PROJECT/events/….
func sentryProject(address string) string {
	_, rest, ok := strings.Cut(address, "/projects/")
	if parts := strings.Split(rest, "/"); ok && len(parts) > 2 {
		return parts[1]
	}
	return ""
}

// sentry reads a message of Sentry's. Of resources that are no alarms nothing is
// read, and nothing is wrong with them.
func sentry(m message) (list []told, bad, err error) {
	var s sentryMessage
	resource := m.header.Get("Sentry-Hook-Resource")
	read, known := map[string]func(sentryMessage, message) (told, bool, error){
		"event_alert": sentryEventAlert, "metric_alert": sentryMetricAlert, "issue": sentryIssueChange,
	}[resource]
	if resource == "" {
		return nil, nil, fmt.Errorf("%w: the header Sentry-Hook-Resource is missing", errShape)
	}
	if !known {
		return nil, nil, nil
	}
	if err := json.Unmarshal(m.body, &s); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errShape, err)
	}
	t, use, err := read(s, m)
	if err != nil || !use {
		return nil, nil, err
	}
	t.report.Ref.Source = m.Name
	return []told{t}, nil, nil
}

// sentryEventAlert is an issue alert: its rule found an event.
func sentryEventAlert(s sentryMessage, m message) (told, bool, error) {
	e := s.Data.Event
	if e.IssueID == "" {
		return told{}, false, fmt.Errorf("%w: data.event has no issue_id", errShape)
	}
	t := told{recurs: true, once: e.ID, report: incident.AlarmReport{
		Ref: incident.AlarmRef{ID: string(e.IssueID)}, Kind: incident.AlarmTriggered,
		Facts: incident.AlarmFacts{
			Title: first(e.Title, e.Culprit, s.Data.Rule, "Sentry issue "+string(e.IssueID)), Service: sentryProject(e.URL), Urgency: e.Level, URL: e.WebURL,
		},
	}}
	t.began(e.Datetime.Time, m.now)
	return t, true, nil
}

// sentryMetricAlert is a threshold that was crossed, or is not any more.
func sentryMetricAlert(s sentryMessage, m message) (told, bool, error) {
	a := s.Data.MetricAlert
	if a.ID == "" {
		return told{}, false, fmt.Errorf("%w: data.metric_alert has no id", errShape)
	}
	project := ""
	if len(a.Projects) > 0 {
		project = string(a.Projects[0])
	}
	t := told{recurs: true, report: incident.AlarmReport{
		Ref: incident.AlarmRef{ID: "metric:" + string(a.ID)}, Kind: incident.AlarmTriggered, Began: a.Started.UTC(),
		Facts: incident.AlarmFacts{Title: first(a.Rule.Name, s.Data.Title, "Sentry metric alert "+string(a.ID)), Service: project, Urgency: s.Action, URL: s.Data.WebURL},
	}}
	switch s.Action {
	case "critical", "warning":
		t.began(latest(a.Detected.Time, a.Started.Time), m.now)
	case "resolved":
		t.report.Facts.Urgency = ""
		t.ends(a.Closed.Time, m.now)
	default:
		return told{}, false, fmt.Errorf("%w: the action of a metric alert is %q", errShape, s.Action)
	}
	return t, true, nil
}

// sentryIssueChange is an issue that was made or changed. A new one is an alarm
// unless Sentry itself gives it no high priority: every new issue would be noise.
func sentryIssueChange(s sentryMessage, m message) (told, bool, error) {
	i := s.Data.Issue
	if i.ID == "" {
		return told{}, false, fmt.Errorf("%w: data.issue has no id", errShape)
	}
	t := told{recurs: true, report: incident.AlarmReport{
		Ref: incident.AlarmRef{ID: string(i.ID)}, Kind: incident.AlarmTriggered,
		Facts: incident.AlarmFacts{
			Title: first(i.Title, i.Culprit, "Sentry issue "+string(i.ID)), Service: i.Project.Slug, Urgency: i.Level, Priority: i.Priority, URL: first(i.WebURL, i.Permalink),
		},
	}}
	switch s.Action {
	case "created":
		t.began(i.FirstSeen.Time, m.now)
		return t, i.Priority == "" || i.Priority == "high", nil
	case "unresolved":
		t.began(time.Time{}, m.now)
		return t, i.Priority == "" || i.Priority == "high", nil
	case "resolved":
		t.ends(time.Time{}, m.now)
		return t, true, nil
	case "":
		return told{}, false, fmt.Errorf("%w: it has no action", errShape)
	}
	return told{}, false, nil // assigned, archived: no matter of an alarm
}
