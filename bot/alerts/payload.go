package alerts

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// errShape says that a body is not what its source documents.
var errShape = errors.New("this is not the payload that this source documents")

// alert is one of Alertmanager's webhook (version 4), whose shape Grafana's
// unified alerting shares.
type alert struct {
	Status       string            `json:"status"`
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations"`
	StartsAt     time.Time         `json:"startsAt"`
	EndsAt       time.Time         `json:"endsAt"`
	GeneratorURL string            `json:"generatorURL"`
	Fingerprint  string            `json:"fingerprint"`
}

// group reads a payload of several alerts.
func group(source string) func([]byte) ([]incident.AlarmReport, int, error) {
	return func(body []byte) (reports []incident.AlarmReport, bad int, err error) {
		var payload struct {
			Alerts []json.RawMessage `json:"alerts"`
		}
		if json.Unmarshal(body, &payload) != nil || len(payload.Alerts) == 0 {
			return nil, 0, errShape
		}
		for _, raw := range payload.Alerts {
			var a alert
			rep, ok := incident.AlarmReport{}, json.Unmarshal(raw, &a) == nil
			if ok {
				rep, ok = a.report(source)
			}
			if !ok {
				bad++
				continue
			}
			reports = append(reports, rep)
		}
		return reports, bad, nil
	}
}

func (a alert) report(source string) (incident.AlarmReport, bool) {
	rep := incident.AlarmReport{
		Ref:   incident.AlarmRef{Source: source, ID: a.Fingerprint + "@" + strconv.FormatInt(a.StartsAt.Unix(), 10)},
		Kind:  incident.AlarmTriggered,
		At:    a.StartsAt.UTC(),
		Began: a.StartsAt.UTC(),
		Facts: incident.AlarmFacts{
			Title: first(a.Annotations["summary"], a.Labels["alertname"]), Service: first(a.Labels["service"], a.Labels["job"]),
			Urgency: a.Labels["severity"], Priority: a.Labels["priority"], URL: a.GeneratorURL,
		},
	}
	if a.Status == "resolved" {
		rep.Kind, rep.At = incident.AlarmResolved, a.EndsAt.UTC()
	}
	known := a.Status == "firing" || a.Status == "resolved"
	return rep, known && a.Fingerprint != "" && !a.StartsAt.IsZero() && !rep.At.IsZero()
}

// generic reads the document of docs/alerts.md.
func generic(body []byte) ([]incident.AlarmReport, int, error) {
	var g struct {
		ID       string    `json:"id"`
		State    string    `json:"state"` // "firing" or "resolved"
		Title    string    `json:"title"`
		Service  string    `json:"service"`
		Severity string    `json:"severity"`
		URL      string    `json:"url"`
		Time     time.Time `json:"time"` // of what State says
	}
	if json.Unmarshal(body, &g) != nil || g.ID == "" || g.Time.IsZero() {
		return nil, 0, errShape
	}
	rep := incident.AlarmReport{
		Ref: incident.AlarmRef{Source: "generic", ID: g.ID}, At: g.Time.UTC(),
		Facts: incident.AlarmFacts{Title: g.Title, Service: g.Service, Urgency: g.Severity, URL: g.URL},
	}
	switch {
	case g.State == "firing" && g.Title != "":
		rep.Kind, rep.Began = incident.AlarmTriggered, rep.At
	case g.State == "resolved":
		rep.Kind = incident.AlarmResolved
	default:
		return nil, 0, errShape
	}
	return []incident.AlarmReport{rep}, 0, nil
}

// first is the first word that is there.
func first(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}
