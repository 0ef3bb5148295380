package incident_test

import (
	"slices"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

// noted is a World with a note, and the note's entry.
func noted(t *testing.T) (*incidenttest.World, int64) {
	w := incidenttest.New(t)
	w.Do(ana, incident.AddNote{Text: "queue is ful"})
	return w, w.Incident.Head
}

func TestEditKeepsTheOriginal(t *testing.T) {
	w, entry := noted(t)
	w.Do(bob, incident.EditEntry{Entry: entry, Text: "queue is full"})
	w.Do(ana, incident.EditEntry{Entry: entry, Text: "queue was full"})
	equal(t, "shown", slices.Contains(w.Lines(), "queue was full"), true)
	equal(t, "former wordings shown", slices.Contains(w.Lines(), "queue is ful") || slices.Contains(w.Lines(), "queue is full"), false)
	equal(t, "original", w.Records[entry-1].Event.(incident.Noted).Text, "queue is ful")
	edits := w.Incident.Log.Edits[entry]
	equal(t, "edits", len(edits), 2)
	equal(t, "first editor", edits[0].By, bob)
	equal(t, "lines", len(w.Lines()), len(slices.Compact(w.Lines())))
	w.MustUndo(bob, incident.EditEntry{Entry: entry, Text: "queue"})
}

func TestEditTakesAnyLineButNoOther(t *testing.T) {
	w, entry := noted(t)
	w.Do(ana, incident.EditEntry{Entry: 1, Text: "opened, in other words"})
	w.Do(ana, incident.EditEntry{Entry: entry, Text: "queue is full"})
	edit := w.Incident.Head
	refused(t, w, []refusal{
		{"no text", incident.EditEntry{Entry: entry}, incident.Invalid, "timeline_edit.empty"},
		{"long text", incident.EditEntry{Entry: entry, Text: tooLong}, incident.Invalid, "refuse.long"},
		{"no such entry", incident.EditEntry{Entry: 999, Text: "x"}, incident.NotFound, "timeline_edit.unknown"},
		{"no entry", incident.EditEntry{Text: "x"}, incident.NotFound, "timeline_edit.unknown"},
		{"a negative entry", incident.EditEntry{Entry: -4, Text: "x"}, incident.NotFound, "timeline_edit.unknown"},
		{"an edit", incident.EditEntry{Entry: edit, Text: "x"}, incident.NotFound, "timeline_edit.no_line"},
	})
}

func TestEditOfWhatWasTakenBackIsRefused(t *testing.T) {
	w, entry := noted(t)
	w.Do(ana, incident.Undo{})
	w.MustRefuse(bob, incident.EditEntry{Entry: entry, Text: "x"}, incident.Conflict, "timeline_edit.undone")
}

func TestEditOfAnIncidentThatIsOver(t *testing.T) {
	w, entry := noted(t)
	w.Do(ana, incident.Cancel{Reason: "a test"})
	w.Do(ana, incident.EditEntry{Entry: entry, Text: "nothing was wrong"})
	equal(t, "shown", slices.Contains(w.Lines(), "nothing was wrong"), true)
}

func TestEditOfADecisionRewordsItEverywhere(t *testing.T) {
	w := incidenttest.Led(t)
	w.Do(ana, incident.MakeDecision{Text: "roll back everthing"})
	entry := w.Incident.Head
	w.Do(bob, incident.EditEntry{Entry: entry, Text: "roll back everything"})
	equal(t, "decision", w.Incident.Log.Decisions[0].Text, "roll back everything")
	keys := w.Records[len(w.Records)-1].Event.Keys()
	card := incident.Card("decision:" + incident.EntryID(entry))
	equal(t, "its card is drawn again", slices.Contains(incident.CardsOf(false, keys), card), true)
	w.MustRefuse(ana, incident.Undo{}, incident.Conflict, "undo.superseded")
	w.Do(bob, incident.Undo{})
	equal(t, "decision after undo", w.Incident.Log.Decisions[0].Text, "roll back everthing")
}
