package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestAPrivateCopyTakesOverTitleSeverityAndLeader(t *testing.T) {
	public := incidenttest.New(t)
	public.Do(bob, incident.Lead{Who: bob})
	public.Do(bob, incident.SetSeverity{Level: 3})
	public.Incident.Identity.Number = 3
	w := incidenttest.Empty(t)
	ask := w.MustRefuse(ana, incident.CopyPrivately{Of: public.Incident}, incident.Ask, "private.ask")
	equal(t, "button", ask.Choices[0].Line, public.Incident.Key()+" private")
	d := w.Do(ana, incident.CopyPrivately{Of: public.Incident, Confirmed: true})
	i := w.Incident
	equal(t, "private", i.Identity.Private, true)
	equal(t, "copy of", i.Identity.CopyOf, public.Incident.Identity.Number)
	equal(t, "title", i.Identity.Title, public.Incident.Identity.Title)
	equal(t, "channel", i.Identity.ChannelName, incident.ChannelName(i.Identity.Number, "", true))
	equal(t, "severity", i.Life.Severity, 3)
	equal(t, "leader", i.Leadership.Leader, bob)
	var invited []incident.PersonID
	for _, e := range d.Effects {
		if e.Kind == incident.Invite {
			invited = append(invited, e.People...)
		}
	}
	equal(t, "number invited", len(invited), 2)
	equal(t, "opener", invited[0], ana)
	equal(t, "leader", invited[1], bob)
	w.MustRefuse(ana, incident.Undo{}, incident.Conflict, "undo.permanent")

	w.Do(ana, incident.Resolve{})
	_, owed := w.Incident.RFODue(w.Policy)
	equal(t, "it owes the RFO", owed, true)
}

func TestAPublicIncidentEndsNeutrally(t *testing.T) {
	w := incidenttest.New(t)
	w.Do(ana, incident.SendUpdate{Text: "held"})
	d := w.Do(ana, incident.LeaveToPrivate{})
	equal(t, "status", w.Incident.Life.Status, incident.Cancelled)
	equal(t, "update", w.Incident.Log.Updates[0].State, incident.UpdateStopped)
	_, owed := w.Incident.RFODue(w.Policy)
	equal(t, "owes an RFO", owed, false)
	equal(t, "messages", len(d.Effects), 1)
	w.MustRefuse(ana, incident.Undo{}, incident.Conflict, "undo.permanent")
	w.MustRefuse(ana, incident.LeaveToPrivate{}, incident.Conflict, "refuse.status.cancelled")
	w.Do(ana, incident.Reopen{Reason: "it was not secret"})
	equal(t, "reopened", w.Incident.Life.Status, incident.Open)
}

func TestWhatCannotBeCopied(t *testing.T) {
	public := incidenttest.New(t)
	for name, c := range map[string]struct {
		who  incident.PersonID
		end  incident.Command
		code incident.Code
		says string
	}{
		"by a guest":   {guest, nil, incident.Forbidden, "refuse.guest"},
		"what is over": {ana, incident.Cancel{Reason: "a test"}, incident.Conflict, "private.over"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.end != nil {
				public.Do(ana, c.end)
			}
			incidenttest.Empty(t).MustRefuse(c.who, incident.CopyPrivately{Of: public.Incident, Confirmed: true}, c.code, c.says)
		})
	}
	private := incidenttest.Empty(t)
	private.Do(ana, incident.OpenIncident{Title: "Somebody has our keys", Private: true})
	incidenttest.Empty(t).MustRefuse(ana, incident.CopyPrivately{Of: private.Incident, Confirmed: true}, incident.Conflict, "private.already")
}
