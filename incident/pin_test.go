package incident_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func pinned(text string) incident.PinMessage {
	return incident.PinMessage{
		Message: "C1:1", Author: cleo, Text: text, Link: "https://example.slack.com/archives/C1/p1", At: clock(13, 50),
	}
}

func TestPin(t *testing.T) {
	w := incidenttest.New(t)
	w.Now = clock(14, 30)
	d := w.Do(bob, pinned("the queue is <b> full, <@ana>"))
	id := incident.EntryID(w.Incident.Head)
	equal(t, "answer", words(t, d.Say), "On the timeline of INC-7 as "+id+" at 13:50: @Cleo wrote: the queue is <b> full, @Ana")
	equal(t, "it stands at its own time", w.Lines()[0], "@Cleo wrote: the queue is <b> full, @Ana")
	equal(t, "link", incident.Permalink(w.Records[len(w.Records)-1]), "https://example.slack.com/archives/C1/p1")
	refused(t, w, []refusal{
		{"twice", pinned("again"), incident.Conflict, "pin.twice"},
		{"nothing", incident.PinMessage{Message: "C1:2", At: clock(14, 0)}, incident.Invalid, "pin.empty"},
		{"too long", incident.PinMessage{Message: "C1:2", Text: tooLong, At: clock(14, 0)}, incident.Invalid, "refuse.long"},
		{"ahead", incident.PinMessage{Message: "C1:2", Text: "x", At: clock(15, 0)}, incident.Invalid, "refuse.future"},
	})
	w.MustUndo(bob, incident.PinMessage{Message: "C1:3", From: "Grafana", Text: "disk full", At: clock(14, 1)})
}

func TestAMessageFollowsItsAuthor(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(bob, pinned("the queue is ful"))
	entry := w.Incident.Head
	follow := incident.FollowPin{Message: "C1:1", Entry: entry, Text: "the queue is full"}
	w.Do(incident.System, follow)
	equal(t, "edited", strings.Join(w.Lines(), "; "), "@Cleo wrote: the queue is full; "+strings.Join(w.Lines()[1:], "; "))
	head := w.Incident.Head
	w.Do(incident.System, follow)
	equal(t, "told twice", w.Incident.Head, head)
	if e, ok := w.Records[entry-1].Event.(incident.MessagePinned); !ok || e.Text != "the queue is ful" {
		t.Errorf("the original is %+v", w.Records[entry-1].Event)
	}
	w.Do(incident.System, incident.FollowPin{Message: "C1:1", Entry: entry, Deleted: true})
	if strings.Contains(strings.Join(w.Lines(), "\n"), "queue") {
		t.Errorf("a deleted message is shown: %q", w.Lines())
	}
	equal(t, "why", w.Incident.Log.Hidden[entry].Text, "the message was deleted")
	if _, err := w.Try(ana, incident.FollowPin{Message: "C1:1"}); err == nil {
		t.Error("a person may say what a message reads")
	}
}

func TestUnpin(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(bob, pinned("the queue is full"))
	entry := w.Incident.Head
	w.MustUndo(bob, incident.UnpinMessage{Message: "C1:1"})
	d := w.Do(bob, incident.UnpinMessage{Message: "C1:1"})
	equal(t, "answer", words(t, d.Say), incident.EntryID(entry)+" is off the timeline of INC-7. Pin the message again to bring it back.")
	refused(t, w, []refusal{{"not there", incident.UnpinMessage{Message: "C1:1"}, incident.NotFound, "unpin.not"}})
	w.Do(ana, pinned("the queue is full"))
	equal(t, "once", strings.Count(strings.Join(w.Lines(), "\n"), "queue is full"), 1)
}
