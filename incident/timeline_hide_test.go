package incident_test

import (
	"slices"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
)

func TestHideTakesALineOffAndKeepsTheEvent(t *testing.T) {
	w, entry := noted(t)
	before := len(w.Lines())
	w.Do(bob, incident.HideEntry{Entry: entry, Reason: "a password"})
	equal(t, "lines", len(w.Lines()), before-1)
	equal(t, "original", w.Records[entry-1].Event.(incident.Noted).Text, "queue is ful")
	equal(t, "reason", w.Incident.Log.Hidden[entry].Text, "a password")
	e := w.MustRefuse(ana, incident.HideEntry{Entry: entry, Reason: "again"}, incident.Conflict, "timeline_hide.twice")
	equal(t, "who was first", e.Say.Args["by"].(incident.PersonID), bob)
}

func TestHiddenLineIsShownAgainInOtherWords(t *testing.T) {
	w, entry := noted(t)
	w.Do(bob, incident.HideEntry{Entry: entry, Reason: "a password"})
	d := w.Do(ana, incident.EditEntry{Entry: entry, Text: "queue is full"})
	equal(t, "said to be shown", d.Say.Args["shown"].(bool), true)
	equal(t, "shown", slices.Contains(w.Lines(), "queue is full"), true)
	w.MustUndo(ana, incident.HideEntry{Entry: entry, Reason: "again"})
}

func TestHideIsRefused(t *testing.T) {
	w, entry := noted(t)
	refused(t, w, []refusal{
		{"no reason", incident.HideEntry{Entry: entry}, incident.Invalid, "timeline_hide.no_reason"},
		{"long reason", incident.HideEntry{Entry: entry, Reason: tooLong}, incident.Invalid, "refuse.long"},
		{"no such entry", incident.HideEntry{Entry: 999, Reason: "x"}, incident.NotFound, "timeline_edit.unknown"},
	})
}
