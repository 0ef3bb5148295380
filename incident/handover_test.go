package incident_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestHandoverCarriesWhatTheNewLeaderNeeds(t *testing.T) {
	w := incidenttest.Led(t)
	w.Do(ana, incident.AssignTask{Number: 1, Who: cleo})
	w.Do(ana, incident.FinishTask{Number: 2})
	w.Do(ana, incident.MakeDecision{Text: "fail over"})
	w.Do(ana, incident.MakeDecision{Text: "roll everything back"})
	d := w.Do(ana, incident.Handover{To: bob})
	equal(t, "leader until accepted", w.Incident.Leadership.Leader, ana)
	equal(t, "line", w.LastLine(), "hands the lead over to Bob")
	incidenttest.MustOffer(t, d.Effects[0].Choices, "lead accept", "lead decline")
	equal(t, "the channel hears", words(t, d.Effects[0].Say), strings.Join([]string{
		"@Bob, @Ana hands the lead of INC-7 over to you. @Ana leads until you accept.",
		"Open tasks:",
		"• T1 Find the surface of the bleeding — @Cleo",
		"• T3 Look into the impact and talk to customer success — nobody yet",
		"Last decision: roll everything back",
		"The next update to the stakeholders is due 14:30.",
	}, "\n"))
	w.Do(bob, incident.AcceptLead{})
	equal(t, "line", w.LastLine(), "Bob leads, after Ana")
}

func TestHandoverSaysThatAnUpdateIsOverdue(t *testing.T) {
	w := incidenttest.Led(t)
	w.Now = clock(14, 45)
	d := w.Do(ana, incident.Handover{To: bob})
	equal(t, "overdue", d.Effects[0].Say.Args["overdue"], any(true))
}

func TestHandoverIsTheLeaders(t *testing.T) {
	w := incidenttest.Led(t)
	w.MustRefuse(bob, incident.Handover{To: cleo}, incident.Forbidden, "handover.not_leader")
	w.MustRefuse(bob, incident.Handover{To: bob}, incident.Forbidden, "handover.not_leader")
	w.MustUndo(ana, incident.Handover{To: bob})
	refused(t, w, []refusal{
		{"to oneself", incident.Handover{To: ana}, incident.Invalid, "handover.self"},
		{"to nobody", incident.Handover{}, incident.Invalid, "handover.nobody"},
		{"to an app", incident.Handover{To: incidenttest.Robot}, incident.Invalid, "refuse.person.bot"},
	})
}

func TestHandoverWithoutALeaderIsAnybodys(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(cleo, incident.Handover{To: bob})
	equal(t, "named", w.Incident.Leadership.Named, bob)
	w.Do(cleo, incident.Handover{To: cleo})
	equal(t, "leader", w.Incident.Leadership.Leader, cleo)
}
