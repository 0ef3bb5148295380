package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestLeadTakenLeadsAtOnce(t *testing.T) {
	w := incidenttest.New(t)
	d := w.Do(bob, incident.Lead{Who: bob})
	equal(t, "leader", w.Incident.Leadership.Leader, bob)
	equal(t, "messages in the channel", len(d.Effects), 0)
	equal(t, "line", w.LastLine(), "Bob leads")
	for _, name := range []incident.StampName{incident.LeaderNamed, incident.LeaderAccepted} {
		p, ok := w.Incident.Stamps.Last(name)
		equal(t, string(name)+" is there", ok, true)
		equal(t, string(name)+" is of", p.Quality, incident.Auto)
	}
	equal(t, "answer", words(t, d.Say), "You lead INC-7. Nobody has T1, T2, T3 yet: `task assign T1 @user`, and `tasks confirm` when the list is right. Who found it first?")
}

func TestLeadAsksBeforeTakingOver(t *testing.T) {
	w := incidenttest.Led(t)
	e := w.MustRefuse(bob, incident.Lead{Who: bob}, incident.Ask, "lead.taken")
	incidenttest.MustOffer(t, e.Choices, "lead me")
	equal(t, "the button means it", e.Choices[0].Confirmed, true)
	equal(t, "leader", w.Incident.Leadership.Leader, ana)

	d := w.Do(bob, incident.Lead{Who: bob, Confirmed: true})
	equal(t, "leader", w.Incident.Leadership.Leader, bob)
	equal(t, "line", w.LastLine(), "Bob leads, after Ana")
	equal(t, "effect", d.Effects[0].Kind, incident.Post)
	equal(t, "the channel hears", words(t, d.Effects[0].Say), "@Bob leads INC-7 now, after @Ana.")
	equal(t, "terms", len(w.Incident.Leadership.Terms), 2)
	p, _ := w.Incident.Stamps.Last(incident.LeaderAccepted)
	equal(t, "first leader's stamp stays", p.By, ana)
}

func TestLeadNamedLeadsOnceAccepted(t *testing.T) {
	w := incidenttest.Led(t)
	d := w.Do(cleo, incident.Lead{Who: bob})
	equal(t, "leader meanwhile", w.Incident.Leadership.Leader, ana)
	equal(t, "named", w.Incident.Leadership.Named, bob)
	equal(t, "named by", w.Incident.Leadership.NamedBy, cleo)
	equal(t, "line", w.LastLine(), "asked Bob to lead")
	equal(t, "effects", len(d.Effects), 1)
	incidenttest.MustOffer(t, d.Effects[0].Choices, "lead accept", "lead decline")
	equal(t, "question", words(t, d.Effects[0].Say), "@Bob, @Cleo asks you to lead INC-7. @Ana leads until you accept.")

	w.MustRefuse(ana, incident.Lead{Who: bob}, incident.Conflict, "lead.asked_already")
	w.Do(bob, incident.Lead{Who: bob}) // "lead me" is a way to accept
	equal(t, "leader", w.Incident.Leadership.Leader, bob)
	equal(t, "named", w.Incident.Leadership.Named, incident.System)
}

func TestLeadInvitesWhoIsNotInTheChannel(t *testing.T) {
	w := incidenttest.New(t)
	away := w.People[bob]
	away.InChannel = false
	w.People[bob] = away
	d := w.Do(ana, incident.Lead{Who: bob})
	equal(t, "first effect", d.Effects[0].Kind, incident.Invite)
	equal(t, "invited", d.Effects[0].People[0], bob)
	equal(t, "second effect", d.Effects[1].Kind, incident.Post)
}

func TestLeadNamingAnotherReplacesTheFirst(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.Lead{Who: bob})
	d := w.Do(ana, incident.Lead{Who: cleo})
	equal(t, "named", w.Incident.Leadership.Named, cleo)
	equal(t, "answer", words(t, d.Say), "@Cleo is asked to lead INC-7, instead of @Bob; nobody leads until it is accepted.")
	w.MustRefuse(bob, incident.AcceptLead{}, incident.Forbidden, "lead_accept.other")
}

func TestLeadRefusals(t *testing.T) {
	refused(t, incidenttest.Led(t), []refusal{
		{"oneself twice", incident.Lead{Who: ana}, incident.Conflict, "lead.already"},
		{"nobody", incident.Lead{}, incident.Invalid, "lead.nobody"},
		{"an app", incident.Lead{Who: incidenttest.Robot}, incident.Invalid, "refuse.person.bot"},
		{"somebody who left", incident.Lead{Who: incidenttest.Gone}, incident.Invalid, "refuse.person.inactive"},
		{"a stranger", incident.Lead{Who: incidenttest.Nobody}, incident.NotFound, "refuse.person.unknown"},
	})
	w := incidenttest.Led(t)
	w.MustRefuse(bob, incident.Lead{Who: ana}, incident.Conflict, "lead.already")
	w.Do(ana, incident.Resolve{})
	w.MustRefuse(bob, incident.Lead{Who: bob}, incident.Conflict, "refuse.status.resolved")
}

func TestLeadIsUndone(t *testing.T) {
	w := incidenttest.Led(t)
	w.MustUndo(bob, incident.Lead{Who: bob, Confirmed: true})
	w.MustUndo(ana, incident.Lead{Who: bob})
	equal(t, "leader", w.Incident.Leadership.Leader, ana)
}

func TestWhoeverTakesTheLeadIsBroughtIntoTheChannel(t *testing.T) {
	w := incidenttest.New(t)
	outside := w.People[bob]
	outside.InChannel = false
	w.People[bob] = outside
	d := w.Do(bob, incident.Lead{Who: bob})
	if len(d.Effects) == 0 || d.Effects[0].Kind != incident.Invite || d.Effects[0].People[0] != bob {
		t.Fatalf("effects are %+v", d.Effects)
	}
}
