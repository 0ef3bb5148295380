package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestMergePointsToTheOther(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.SendUpdate{Text: "we are looking"})
	d := w.Do(ana, incident.Merge{Into: "0190-9", Number: 9})
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
		{"by id", incident.Merge{Into: w.Incident.ID, Number: 9}, incident.Invalid, "merge.itself"},
		{"by number", incident.Merge{Into: "0190-9", Number: 7}, incident.Invalid, "merge.itself"},
	})
}
