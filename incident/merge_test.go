package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestMergePointsToTheOther(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.SendUpdate{Text: "we are looking"})
	d := w.Do(ana, incident.Merge{Into: incident.Brief{ID: "0190-9", Number: 9, Status: incident.Open}, Confirmed: true})
	equal(t, "status", w.Incident.Life.Status, incident.Merged)
	equal(t, "merged to", w.Incident.Life.MergedTo, incident.ID("0190-9"))
	equal(t, "messages", len(d.Effects), 1)
	equal(t, "kind", d.Effects[0].Kind, incident.Post)
	equal(t, "pointer", d.Effects[0].Say.Args["into"].(string), "INC-9")
	equal(t, "held update", w.Incident.Log.Updates[0].State, incident.UpdateStopped)
	equal(t, "line", w.LastLine(), "goes on in INC-9")
	e := w.MustRefuse(ana, incident.Undo{}, incident.Conflict, "undo.permanent")
	equal(t, "instead", e.Say.Args["instead"].(incident.Say).ID, "instead.merge")
	w.MustRefuse(ana, incident.AddTask{Text: "more"}, incident.Conflict, "refuse.status.merged")
}

func TestMergeIntoItselfIsRefused(t *testing.T) {
	w := incidenttest.New(t)
	refused(t, w, []refusal{
		{"by id", incident.Merge{Into: incident.Brief{ID: w.Incident.ID, Number: 9}}, incident.Invalid, "merge.itself"},
		{"by number", incident.Merge{Into: incident.Brief{ID: "0190-9", Number: 7}}, incident.Invalid, "merge.itself"},
	})
}

func TestMergeLooksAtTheOther(t *testing.T) {
	w := incidenttest.New(t)
	other := incident.Brief{ID: "0190-9", Number: 9, Title: "Cart", Status: incident.Open}
	over, drill := other, other
	over.Status, drill.Drill = incident.Cancelled, true
	refused(t, w, []refusal{
		{"over", incident.Merge{Into: over, Confirmed: true}, incident.Conflict, "merge.over"},
		{"a drill", incident.Merge{Into: drill, Confirmed: true}, incident.Conflict, "merge.drill"},
		{"not asked", incident.Merge{Into: other}, incident.Ask, "merge.ask"},
	})
}
