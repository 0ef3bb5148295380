package incident_test

import (
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// report is a report of the alarm that these tests are about.
func report(kind incident.AlarmKind, at time.Time) incident.AlarmReport {
	return incident.AlarmReport{
		Ref: incident.AlarmRef{Source: "pagerduty", ID: "PGR0VU2"}, Kind: kind, At: at, Began: clock(13, 50),
		Facts: incident.AlarmFacts{
			Title: "Checkout fails", Service: "checkout-api", Urgency: "high", Priority: "P1", URL: "https://example.pagerduty.com/incidents/PGR0VU2",
		},
		By: "Ana Meyer", Who: []string{"Bob Stone"}, Text: "queue is full",
	}
}

func init() {
	samples = append(samples,
		incident.AlarmRaised{AlarmReport: ahead(report(incident.AlarmTriggered, clock(13, 50))), Asked: true},
		incident.AlarmCleared{AlarmReport: ahead(report(incident.AlarmResolved, clock(14, 20))), Asked: true},
		incident.AlarmNoted{AlarmReport: ahead(report(incident.AlarmAnnotated, clock(14, 5)))},
		incident.AlarmAttached{Ref: report(incident.AlarmTriggered, clock(13, 50)).Ref, Title: "Checkout fails"},
		incident.PeopleMissed{Source: "pagerduty", Names: []string{"Ana Meyer"}},
		incident.AlarmLeft{Who: ana},
	)
	some := func(c chance, kinds ...incident.AlarmKind) incident.AlarmReport {
		r := report(pick(c, "alarm", kinds...), c.w.Now)
		if at := c.at(); !at.IsZero() {
			r.At = at
		}
		r.Began = c.at()
		r.Ref.ID = pick(c, "ref", "PGR0VU2", "PGR0VU3", "")
		r.Text, r.Facts.Title = c.text(), c.text()
		return r
	}
	commands["alarm_raise"] = func(c chance) incident.Command {
		return incident.RaiseAlarm{Report: some(c, incident.AlarmTriggered, incident.AlarmReopened)}
	}
	commands["alarm_clear"] = func(c chance) incident.Command {
		return incident.ClearAlarm{Report: some(c, incident.AlarmResolved)}
	}
	commands["alarm_note"] = func(c chance) incident.Command {
		return incident.NoteAlarm{Report: some(c, incident.AlarmAcked, incident.AlarmAnnotated, incident.AlarmReassigned, "odd")}
	}
	commands["alarm_attach"] = func(c chance) incident.Command {
		return incident.AttachAlarm{Ref: some(c, incident.AlarmTriggered).Ref, Title: c.text()}
	}
	rare["follow_service"] = func(c chance) incident.Command {
		return incident.FollowService{Name: c.service(), On: c.yes(), Follows: c.yes()}
	}
	rare["alarm_ignore"] = func(c chance) incident.Command { return incident.IgnoreAlarm{Title: c.text()} }
	commands["alarm_unacked"] = func(c chance) incident.Command { return incident.LeaveUnacked{Who: c.who()} }
	commands["alarm_people"] = func(c chance) incident.Command {
		return incident.MissPeople{Source: "pagerduty", Names: []string{c.text(), "Ana Meyer"}}
	}
}

func ahead(r incident.AlarmReport) incident.AlarmReport {
	r.Ahead = true
	return r
}
