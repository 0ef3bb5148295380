package incident_test

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

func TestUpdateStopKeepsItIn(t *testing.T) {
	w := withBoss(t)
	w.Do(ana, incident.SendUpdate{Text: "we are looking"})
	entry := w.Incident.Log.Updates[0].Seq
	d := w.Do(bob, incident.StopUpdate{Entry: entry})
	equal(t, "the text is given back", d.Say.Args["text"].(string), "we are looking")
	equal(t, "clock", w.Due("update.send"), time.Time{})
	equal(t, "messages", len(sent(w.Advance(time.Minute)...)), 0)
	w.MustRefuse(ana, incident.SendNow{Entry: entry}, incident.Conflict, "update.stopped_already")
	w.MustRefuse(ana, incident.StopUpdate{Entry: entry}, incident.Conflict, "update.stopped_already")
	w.MustRefuse(ana, incident.StopUpdate{Entry: 999}, incident.NotFound, "update.unknown")
}

func TestUpdateStopUndoneHoldsItAgain(t *testing.T) {
	w := withBoss(t)
	w.Do(ana, incident.SendUpdate{Text: "we are looking"})
	w.MustUndo(bob, incident.StopUpdate{Entry: w.Incident.Log.Updates[0].Seq})
	equal(t, "messages", len(sent(w.Advance(time.Minute)...)), 1)
}
