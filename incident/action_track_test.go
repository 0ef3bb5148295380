package incident_test

import (
	"fmt"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

const issueLink = "https://github.example.org/acme/shop/issues/1"

// trackedIn is a World whose actions get issues.
func trackedIn(t *testing.T, open incident.OpenIncident) *incidenttest.World {
	w := incidenttest.Empty(t, incidenttest.WithPolicy(func(p *incident.Policy) { p.Around.Tracker = true }))
	open.Title = "Checkout is down"
	w.Do(ana, open)
	return w
}

// tracked are the numbers of the actions that a decision hands to the tracker.
func tracked(d incident.Decision) string {
	numbers := []int{}
	for _, e := range d.Effects {
		if e.Kind == incident.Track {
			numbers = append(numbers, e.Number)
		}
	}
	return fmt.Sprint(numbers)
}

func TestWhateverBecomesOfAnActionIsTracked(t *testing.T) {
	w := trackedIn(t, incident.OpenIncident{})
	equal(t, "added", tracked(w.Do(ana, action("alert on the age"))), "[1]")
	equal(t, "taken back", tracked(w.Do(ana, incident.Undo{})), "[1]")
	w.Do(ana, action("alert on the age"))
	d := w.Do(incident.System, incident.TrackAction{Number: 2, Link: issueLink})
	equal(t, "the link itself", tracked(d), "[]")
	a, _ := w.Incident.Review.Action(2)
	equal(t, "link", a.Tracker, issueLink)
	equal(t, "line", w.LastLine(), "action A2 has an issue: "+issueLink)
	w.MustRefuse(incident.System, incident.TrackAction{Number: 2, Link: issueLink}, incident.Conflict, "action_track.known")
	for _, c := range []struct { // in this order: an action is escalated to somebody else than its owner
		name string
		incident.Command
	}{
		{"moved", incident.MoveAction{Number: 2, Due: day(20), Reason: "x"}},
		{"given", incident.AssignAction{Number: 2, Who: cleo}},
		{"escalated", incident.EscalateAction{Number: 2, Who: bob, Due: day(25)}},
	} {
		equal(t, c.name, tracked(w.Do(ana, c.Command)), "[2]")
	}
	equal(t, "done", tracked(w.Do(bob, incident.FinishAction{Number: 2})), "[2]")
	equal(t, "not done", tracked(w.Do(bob, incident.Undo{})), "[2]")
	equal(t, "dropped", tracked(w.Do(bob, incident.DropAction{Number: 2, Reason: "no use"})), "[2]")
	equal(t, "something else", tracked(w.Do(bob, incident.AddNote{Text: "lunch"})), "[]")
}

func TestThatAnIssueWasMadeKeepsNobodyFromUndoing(t *testing.T) {
	w := trackedIn(t, incident.OpenIncident{})
	w.Do(ana, action("alert on the age"))
	w.Do(incident.System, incident.TrackAction{Number: 1, Link: issueLink})
	w.Do(ana, incident.Undo{})
	equal(t, "actions", len(w.Incident.Review.Actions), 0)
	w.MustRefuse(incident.System, incident.TrackAction{Number: 1, Link: issueLink}, incident.Conflict, "action_track.known")
}

func TestTwoActionsOfOneCommandAreTrackedEachOnce(t *testing.T) {
	w := trackedIn(t, incident.OpenIncident{})
	for range incident.MaxActions {
		w.Do(ana, action("x"))
	}
	c := action("in its place")
	c.Replace = 1
	equal(t, "both", tracked(w.Do(ana, c)), "[1 4]")
}

func TestWhatIsNotTracked(t *testing.T) {
	for name, open := range map[string]incident.OpenIncident{"private": {Private: true}, "a drill": {Drill: true}} {
		w := trackedIn(t, open)
		equal(t, name, tracked(w.Do(ana, action("alert on the age"))), "[]")
		equal(t, name+", done", tracked(w.Do(bob, incident.FinishAction{Number: 1})), "[]")
	}
	w := trackedIn(t, incident.OpenIncident{})
	given := action("alert on the age")
	given.Tracker = "https://tracker.example.org/1"
	equal(t, "with a link of its own", tracked(w.Do(ana, given)), "[]")
	equal(t, "and done", tracked(w.Do(bob, incident.FinishAction{Number: 1})), "[]")
	w.MustRefuse(incident.System, incident.TrackAction{Number: 1, Link: issueLink}, incident.Conflict, "action_track.known")
	equal(t, "without a tracker", tracked(incidenttest.New(t).Do(ana, action("x"))), "[]")
	w.MustRefuse(ana, incident.TrackAction{Number: 1, Link: issueLink}, incident.Forbidden, "refuse.verb")
}

func TestAnIssueThatWasClosedIsAnActionThatIsDone(t *testing.T) {
	w := trackedIn(t, incident.OpenIncident{})
	w.Do(ana, action("alert on the age"))
	d := w.Do(incident.System, incident.TrackAction{Number: 1, Link: issueLink, Closed: true})
	a, _ := w.Incident.Review.Action(1)
	equal(t, "state", a.State, incident.ActionDone)
	equal(t, "link", a.Tracker, issueLink)
	equal(t, "line", w.LastLine(), "action A1 done: its issue was closed")
	equal(t, "written there", tracked(d), "[1]")
	w.MustRefuse(incident.System, incident.TrackAction{Number: 1, Link: issueLink, Closed: true}, incident.Conflict, "action_track.known")
}

func TestATrackerThatDoesNotTakeActionsIsToldOfOnce(t *testing.T) {
	w := trackedIn(t, incident.OpenIncident{})
	w.Do(ana, action("alert on the age"))
	w.Do(ana, action("limit the queue"))
	failed := incident.TrackAction{Number: 1, Reason: "GitHub answered 404.", Final: true}
	d := w.Do(incident.System, failed)
	equal(t, "told", d.Effects[0].Say.ID, "action_track.failed")
	failed.Number = 2
	w.MustRefuse(incident.System, failed, incident.Conflict, "action_track.known")
	w.Do(incident.System, incident.TrackAction{Number: 1, Link: issueLink})
	w.Do(incident.System, failed)
}
