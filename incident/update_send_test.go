package incident_test

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

func TestUpdateSendDoesNotWait(t *testing.T) {
	w := withBoss(t)
	w.Do(ana, incident.SendUpdate{Text: "we are looking"})
	entry := w.Incident.Log.Updates[0].Seq
	now := w.Now
	tells := sent(w.Do(bob, incident.SendNow{Entry: entry}))
	equal(t, "messages", len(tells), 1)
	equal(t, "who wrote it", tells[0].Say.Args["by"].(incident.PersonID), ana)
	equal(t, "sent at", w.Incident.Log.Updates[0].Sent, now)
	equal(t, "messages of the clock", len(sent(w.Advance(time.Minute)...)), 0)
	e := w.MustRefuse(bob, incident.Undo{}, incident.Conflict, "undo.permanent")
	equal(t, "instead", e.Say.Args["instead"].(incident.Say).ID, "instead.update_send")
	w.MustRefuse(ana, incident.Undo{}, incident.Conflict, "undo.superseded")
	w.MustRefuse(ana, incident.SendNow{Entry: entry}, incident.Conflict, "update.sent_already")
	w.MustRefuse(ana, incident.StopUpdate{Entry: entry}, incident.Conflict, "update.sent_already")
	w.MustRefuse(ana, incident.SendNow{Entry: 1}, incident.NotFound, "update.unknown")
}
