package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestDecide(t *testing.T) {
	w := incidenttest.Led(t)
	d := w.Do(ana, incident.MakeDecision{Text: "roll everything back"})
	seq := w.Incident.Head
	equal(t, "decisions", len(w.Incident.Log.Decisions), 1)
	equal(t, "seq", w.Incident.Log.Decisions[0].Seq, seq)
	equal(t, "line", w.LastLine(), "decided: roll everything back")
	equal(t, "card", incident.CardsOf(false, d.Events[0].Keys())[0], incident.Card("decision:"+incident.EntryID(seq)))
	equal(t, "a leader is not told to lead", d.Say.Args["leaderless"], any(false))
	w.MustRefuse(ana, incident.MakeDecision{Text: "roll everything back"}, incident.Conflict, "decide.twice")
	w.MustUndo(ana, incident.MakeDecision{Text: "and again"})

	e := w.MustRefuse(bob, incident.MakeDecision{Text: "at 14:05 we fail over"}, incident.Ask, "decide.not_leader")
	incidenttest.MustOffer(t, e.Choices, "note -- at 14:05 we fail over", "deadlock at 14:05 we fail over")
	refused(t, w, []refusal{
		{"nothing", incident.MakeDecision{Text: " "}, incident.Invalid, "decide.empty"},
		{"too long", incident.MakeDecision{Text: tooLong}, incident.Invalid, "refuse.long"},
	})
}

func TestDecideWhileNobodyLeads(t *testing.T) {
	w := incidenttest.New(t)
	d := w.Do(bob, incident.MakeDecision{Text: "fail over"})
	equal(t, "answer", words(t, d.Say), "Decided ("+incident.EntryID(w.Incident.Head)+"): fail over\nNobody leads: `lead me`.")
}
