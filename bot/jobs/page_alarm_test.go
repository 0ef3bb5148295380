package jobs_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot/playground/pagerfake"
	"github.com/rollcall-bot/rollcall/incident"
)

// alarm has one go off in PagerDuty, which the incident knows of.
func (p *paged) alarm() {
	p.t.Helper()
	id, err := p.account.Trigger(p.service, "Checkout errors", "alarm")
	if err != nil {
		p.t.Fatal(err)
	}
	report := incident.AlarmReport{
		Ref: incident.AlarmRef{Source: "pagerduty", ID: id}, Kind: incident.AlarmTriggered, At: p.clock.Now(),
		Facts: incident.AlarmFacts{Title: "Checkout errors"},
	}
	if err := p.bot.Do(p.t.Context(), p.id, report.Command()); err != nil {
		p.t.Fatal(err)
	}
}

// TestWhatMattersIsNotedOnTheAlarmOnce has every reply to a note be lost once.
func TestWhatMattersIsNotedOnTheAlarmOnce(t *testing.T) {
	p := newPaged(t)
	p.alarm()
	for _, line := range []string{"note nothing for them", "decide roll back", "mitigated the old version"} {
		p.account.Inject(pagerfake.Fault{Method: "POST /incidents/{id}/notes", Kind: pagerfake.LostReply, Times: 1})
		p.does(p.ana, p.channel(), line)
		p.settled(p.id)
	}
	p.does(p.ana, p.channel(), "resolve it holds")
	p.settled(p.id)
	i := p.account.Incidents()[0]
	var notes []string
	for _, n := range i.Notes {
		notes = append(notes, n.Content)
	}
	all := strings.Join(notes, "\n")
	if len(notes) != 2 || !strings.Contains(all, ": decided: roll back (ana)") || !strings.Contains(all, ": mitigated: the old version (ana)") ||
		i.Resolution != "Rollcall INC-1: over: it holds" {
		t.Errorf("%q, over as %q", all, i.Resolution)
	}
}

func TestLeaderAcknowledgesTheAlarmInTheirOwnName(t *testing.T) {
	p := newPaged(t)
	p.alarm()
	p.does(p.ana, p.channel(), "lead me") // PagerDuty does not know Ana
	p.settled(p.id)
	if s := p.account.Incidents()[0].Status; s != pagerfake.Triggered {
		t.Errorf("taken by nobody, and it is %s", s)
	}
	p.once("has nobody with the e-mail address of")
	p.account.Inject(pagerfake.Fault{Method: "PUT /incidents", Kind: pagerfake.LostReply, Times: 1})
	p.does(p.ana, p.channel(), "lead <@"+p.bob+">")
	p.does(p.bob, p.channel(), "lead accept")
	p.settled(p.id)
	if i := p.account.Incidents()[0]; i.Status != pagerfake.Acknowledged || i.AckedBy != p.bobThere || p.account.Done("PUT /incidents") != 1 {
		t.Errorf("%s by %s", i.Status, i.AckedBy)
	}
}
