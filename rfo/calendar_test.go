package rfo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	. "github.com/rollcall-bot/rollcall/incident/incidenttest"
	"github.com/rollcall-bot/rollcall/rfo"
)

// TestOverTheTurnOfTheYearAndOfTheClocks: lengths come from UTC, and every row says
// which day and which of two equal hours it was.
func TestOverTheTurnOfTheYearAndOfTheClocks(t *testing.T) {
	for _, c := range []struct {
		name, zone string
		start      time.Time
		well, over time.Duration
		figures    map[string]string // by the metric's id
		rows       []string
	}{
		{
			"the turn of the year", "Australia/Sydney", time.Date(2026, 12, 31, 23, 50, 0, 0, time.UTC), 25 * time.Minute, 26 * time.Hour,
			map[string]string{"time_to_detect": "10 min", "time_to_mitigate": "45 min", "time_to_resolve": "26 h 20 min", "impact_duration": "45 min"},
			[]string{"| 2026-12-31 23:30 | 2027-01-01 10:30 |", "| 2026-12-31 23:50:00 | 2027-01-01 10:50:00 |", "| 2027-01-01 00:15 | 11:15 |", "| 2027-01-02 01:50 | 12:50 |"},
		},
		{
			"the hour that comes twice", "Europe/Berlin", time.Date(2026, 10, 25, 0, 45, 0, 0, time.UTC), 30 * time.Minute, 3 * time.Hour,
			map[string]string{"time_to_detect": "10 min", "time_to_mitigate": "50 min", "time_to_resolve": "3 h 20 min", "impact_duration": "50 min"},
			[]string{"| 2026-10-25 00:25 | 02:25 CEST |", "| 2026-10-25 00:45:00 | 02:45:00 CEST |", "| 2026-10-25 01:15 | 02:15 CET |", "| 2026-10-25 03:45 | 04:45 CET |"},
		},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		w := Empty(t)
		quiet(w)
		w.Now = c.start
		w.Do(Ana, incident.OpenIncident{Title: "Invoices are not sent", Severity: 3, Call: incident.Call{URL: "https://meet.example.org/7", Provider: "static"}})
		w.Do(Ana, incident.SetStarted{At: c.start.Add(-20 * time.Minute)})
		w.Do(Ana, incident.SetDetected{Source: "alert", At: c.start.Add(-10 * time.Minute)})
		w.Now = c.start.Add(c.well)
		w.Do(Ana, incident.Mitigate{})
		w.Now = c.start.Add(c.over)
		w.Do(Ana, incident.Resolve{})
		d := rfo.Build(w.Incident, w.Records, staff, rfo.Options{TeamZone: zone})
		for id, want := range c.figures {
			if m, _ := d.Speed.Metric(id); m.Value.Text != want {
				t.Errorf("%s: %s is %q, not %q", c.name, id, m.Value.Text, want)
			}
		}
		md := string(rfo.Markdown(d))
		for _, row := range c.rows {
			if !strings.Contains(md, row) {
				t.Errorf("%s: no row %q in\n%s", c.name, row, md)
			}
		}
		if p := d.Speed.Phases; time.Duration(p.Total) != c.over+20*time.Minute || p.OutOfOrder {
			t.Errorf("%s: the phases take %s", c.name, p.Total)
		}
	}
}
