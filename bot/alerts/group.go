package alerts

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

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
func group(m message) (list []told, bad, err error) {
	var payload struct {
		Alerts []json.RawMessage `json:"alerts"`
	}
	if err := json.Unmarshal(m.body, &payload); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errShape, err)
	}
	if len(payload.Alerts) == 0 {
		return nil, nil, fmt.Errorf("%w: it has no alerts", errShape)
	}
	for n, raw := range payload.Alerts {
		t, err := one(m, raw)
		if err != nil {
			if bad == nil {
				bad = fmt.Errorf("alerts[%d]: %w", n, err)
			}
			continue
		}
		list = append(list, t)
	}
	return list, bad, nil
}

func one(m message, raw []byte) (told, error) {
	var a alert
	if err := json.Unmarshal(raw, &a); err != nil {
		return told{}, fmt.Errorf("%w: %w", errShape, err)
	}
	switch {
	case a.Fingerprint == "":
		return told{}, fmt.Errorf("%w: it has no fingerprint", errShape)
	case a.StartsAt.IsZero():
		return told{}, fmt.Errorf("%w: it has no startsAt", errShape)
	case a.Status != "firing" && a.Status != "resolved":
		return told{}, fmt.Errorf("%w: the status is %q", errShape, a.Status)
	}
	t := told{report: incident.AlarmReport{
		// With its beginning, so that the same alert next week is another alarm.
		Ref:   incident.AlarmRef{Source: m.Name, ID: a.Fingerprint + "@" + strconv.FormatInt(a.StartsAt.Unix(), 10)},
		Kind:  incident.AlarmTriggered,
		At:    a.StartsAt.UTC(),
		Began: a.StartsAt.UTC(),
		Facts: incident.AlarmFacts{
			Title: first(a.Annotations["summary"], a.Labels["alertname"], a.Fingerprint), Service: first(a.Labels["service"], a.Labels["job"]),
			Urgency: a.Labels["severity"], Priority: a.Labels["priority"], URL: a.GeneratorURL,
		},
	}}
	if a.Status == "resolved" {
		t.ends(a.EndsAt, m.now)
	}
	return t, nil
}
