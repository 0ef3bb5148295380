package rfo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
	"github.com/rollcall-bot/rollcall/rfo"
)

func TestIssueSaysWhatTheActionIs(t *testing.T) {
	w := incidenttest.Empty(t)
	w.Do(incidenttest.Ana, incident.OpenIncident{Title: "Checkout <b>is</b> down"})
	w.Do(incidenttest.Ana, incident.AddAction{
		Who: incidenttest.Bob, Due: incident.Civil{Year: 2026, Month: time.March, Day: 18}, Kind: incident.Detects,
		Text: "alert @all on #12 <@" + string(incidenttest.Bob) + "> <!-- x -->", DoneWhen: "it *fired* once",
	})
	a, _ := w.Incident.Review.Action(1)
	title, text := rfo.Issue(w.Incident, a, incidenttest.Names{}, "https://rollcall.example.org")
	if strings.ContainsAny(title, "\n") || !strings.HasPrefix(title, "INC-7 A1: alert @") && !strings.HasPrefix(title, "INC-1 A1: alert @") || strings.Contains(title, "@all") || strings.Contains(title, "#12") {
		t.Errorf("title %q", title)
	}
	for _, want := range []string{"- **Done when:** it \\*fired\\* once\n", "- **Due:** 2026-03-18\n", "- **For:** Bob\n", "- **Kind:** detect\n", "](https://rollcall.example.org/incidents/INC-", "action done A1"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	for _, odd := range []string{"@all", "#12", "<b>", "<!--", "<@"} {
		if strings.Contains(text, odd) {
			t.Errorf("%q stands in\n%s", odd, text)
		}
	}
	w.Do(incidenttest.Bob, incident.DropAction{Number: 1, Reason: "no *use*"})
	a, _ = w.Incident.Review.Action(1)
	if _, text = rfo.Issue(w.Incident, a, incidenttest.Names{}, ""); !strings.Contains(text, "- **Dropped:** no \\*use\\*\n") || strings.Contains(text, "action done") || strings.Contains(text, "](") {
		t.Error(text)
	}
}
