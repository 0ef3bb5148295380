package incident_test

import (
	"slices"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

// updated is a World with a leader and an update that went out, to Cleo as an
// executive and to Bob, who follows.
func updated(t *testing.T) (w *incidenttest.World, entry int64, tells []incident.Effect) {
	t.Helper()
	w = withBoss(t)
	w.Do(ana, incident.Lead{Who: ana})
	w.Do(bob, incident.Follow{On: true})
	w.Do(ana, incident.SendUpdate{Text: "we are looking"})
	return w, w.Incident.Log.Updates[0].Seq, sent(w.Advance(time.Minute)...)
}

func TestAnUpdateShowsWhoHasSeenIt(t *testing.T) {
	w, entry, tells := updated(t)
	id := incident.EntryID(entry)
	equal(t, "messages", len(tells), 2)
	equal(t, "to the executive", tells[0].People[0], cleo)
	incidenttest.MustOffer(t, tells[0].Choices, "update seen "+id, "update ask "+id)
	equal(t, "to others", tells[1].People[0], bob)
	equal(t, "their buttons", len(tells[1].Choices), 0)

	w.Do(cleo, incident.SeeUpdate{Entry: entry})
	u, _ := w.Incident.Log.Update(entry)
	equal(t, "seen by", u.Seen[0].By, cleo)
	w.MustRefuse(cleo, incident.SeeUpdate{Entry: entry}, incident.Conflict, "update_seen.twice")
	w.MustRefuse(cleo, incident.SeeUpdate{Entry: 1}, incident.NotFound, "update.not_sent")
	w.MustUndo(bob, incident.SeeUpdate{Entry: entry})
}

func TestAnUpdateGoesToWhomItWasShown(t *testing.T) {
	w := withBoss(t)
	w.Do(ana, incident.SendUpdate{Text: "we are looking"})
	w.Do(bob, incident.Follow{On: true})
	tells := sent(w.Advance(time.Minute)...)
	equal(t, "messages", len(tells), 1)
	equal(t, "to", len(tells[0].People), 1)
	equal(t, "to", tells[0].People[0], cleo)
}

func TestOneQuestionReachesTheLeaderAndOneAnswerComesBack(t *testing.T) {
	w, entry, _ := updated(t)
	ask := incident.AskAboutUpdate{Entry: entry, Text: "do we lose orders?"}
	d := w.Do(cleo, ask)
	question := w.Incident.Head
	equal(t, "told", d.Effects[0].People[0], ana)
	incidenttest.MustOffer(t, d.Effects[0].Choices, "update answer "+incident.EntryID(question))
	w.MustRefuse(cleo, ask, incident.Conflict, "update_ask.twice")
	w.MustRefuse(ana, ask, incident.Conflict, "update_ask.leader")
	w.MustRefuse(bob, incident.AskAboutUpdate{Entry: entry, Text: " "}, incident.Invalid, "update_ask.empty")
	w.MustRefuse(cleo, incident.Undo{}, incident.Conflict, "undo.permanent")

	w.MustRefuse(ana, incident.AnswerAboutUpdate{Entry: entry, Text: "no"}, incident.NotFound, "update_answer.unknown")
	d = w.Do(ana, incident.AnswerAboutUpdate{Entry: question, Text: "no, they wait"})
	equal(t, "answered", d.Effects[0].People[0], cleo)
	equal(t, "with the question", d.Effects[0].Say.Args["question"], any("do we lose orders?"))
	w.MustRefuse(bob, incident.AnswerAboutUpdate{Entry: question, Text: "yes"}, incident.Conflict, "update_answer.twice")
	for _, line := range []string{"asked about " + incident.EntryID(entry) + ": do we lose orders?", "answered " + incident.EntryID(question) + ": no, they wait"} {
		if !slices.Contains(w.Lines(), line) {
			t.Errorf("the timeline has no %q", line)
		}
	}
}

func TestAnUpdateIsPutOffOnTheRecord(t *testing.T) {
	w := incidenttest.Led(t) // sev1: every 30 minutes
	w.MustRefuse(ana, incident.SnoozeUpdate{}, incident.Conflict, "update_snooze.early")
	equal(t, "reminders", reminders(w.Advance(31*time.Minute)), 1)
	at := w.Now
	w.Do(ana, incident.SnoozeUpdate{})
	equal(t, "line", w.LastLine(), "put the update to stakeholders off")
	equal(t, "due", w.Due("update"), at.Add(10*time.Minute))
	w.MustRefuse(ana, incident.SnoozeUpdate{}, incident.Conflict, "update_snooze.twice")
	equal(t, "reminders", reminders(w.Advance(11*time.Minute)), 1)
	equal(t, "then as ever", w.Due("update"), at.Add(40*time.Minute))
	w.MustUndo(ana, incident.SnoozeUpdate{})
	w.Do(ana, incident.Mitigate{})
	w.MustRefuse(ana, incident.SnoozeUpdate{}, incident.Conflict, "update_snooze.none")
}
