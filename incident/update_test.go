package incident_test

import (
	"slices"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

// withBoss is a World whose policy names Cleo as an executive.
func withBoss(t *testing.T) *incidenttest.World {
	return incidenttest.New(t, incidenttest.WithPolicy(func(p *incident.Policy) { p.Executives = []incident.PersonID{cleo} }))
}

// sent are the direct messages among the effects of decisions.
func sent(decisions ...incident.Decision) []incident.Effect {
	var tells []incident.Effect
	for _, d := range decisions {
		for _, e := range d.Effects {
			if e.Kind == incident.Tell && e.Say.ID == "update_send.tell" {
				tells = append(tells, e)
			}
		}
	}
	return tells
}

func TestUpdateIsHeldAndThenGoesOut(t *testing.T) {
	w := withBoss(t)
	at := w.Now
	d := w.Do(ana, incident.SendUpdate{Text: "we are looking"})
	entry := w.Incident.Head
	equal(t, "names itself", w.Incident.Log.Updates[0].Seq, entry)
	equal(t, "due", w.Due("update.send"), at.Add(20*time.Second))
	equal(t, "state", w.Incident.Log.Updates[0].State, incident.UpdateHeld)
	equal(t, "shown audience", d.Say.Args["audience"].([]incident.Args)[0]["who"], any(cleo))
	id := incident.EntryID(entry)
	incidenttest.MustOffer(t, d.Choices, "update send "+id, "update edit "+id, "update stop "+id)
	equal(t, "messages before its time", len(sent(w.Advance(10*time.Second)...)), 0)
	equal(t, "nothing on the timeline yet", slices.Contains(w.Lines(), "update: we are looking"), false)

	tells := sent(w.Advance(10 * time.Second)...)
	equal(t, "messages", len(tells), 1)
	equal(t, "text", tells[0].Say.Args["text"].(string), "we are looking")
	equal(t, "who wrote it", tells[0].Say.Args["by"].(incident.PersonID), ana)
	equal(t, "state", w.Incident.Log.Updates[0].State, incident.UpdateSent)
	equal(t, "on the timeline", slices.Contains(w.Lines(), "update: we are looking"), true)
	equal(t, "messages later", len(sent(w.Advance(time.Hour)...)), 0)
	w.MustRefuse(ana, incident.Undo{}, incident.Conflict, "undo.nothing")
}

func TestUpdateWrittenAgainTakesThePlaceOfTheHeldOne(t *testing.T) {
	w := withBoss(t)
	w.Do(ana, incident.SendUpdate{Text: "we are loking"})
	first := w.Incident.Log.Updates[0].ID()
	d := w.Do(ana, incident.SendUpdate{Text: "we are looking"})
	equal(t, "replaced", d.Say.Args["replaced"].(string), first)
	w.Do(bob, incident.SendUpdate{Text: "customers call"}) // another person's own
	tells := sent(w.Advance(time.Minute)...)
	equal(t, "messages", len(tells), 2)
	equal(t, "first", tells[0].Say.Args["text"].(string), "we are looking")
	equal(t, "second", tells[1].Say.Args["text"].(string), "customers call")
	last, _ := w.Incident.Log.LastUpdate()
	equal(t, "last", last.Text, "customers call")
}

func TestUpdateUndoneBeforeItsTimeDoesNotGoOut(t *testing.T) {
	w := withBoss(t)
	w.MustUndo(ana, incident.SendUpdate{Text: "we are looking"})
	equal(t, "messages", len(sent(w.Advance(time.Minute)...)), 0)
}

func TestUpdateAudience(t *testing.T) {
	for _, test := range []struct {
		name      string
		private   bool
		followers []incident.PersonID
		want      []incident.PersonID
	}{
		{"executives", false, nil, []incident.PersonID{cleo}},
		{"and followers, each once", false, []incident.PersonID{bob, cleo}, []incident.PersonID{cleo, bob}},
		{"nobody for a private one", true, []incident.PersonID{bob}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := incidenttest.Policy()
			p.Executives = []incident.PersonID{cleo}
			i := &incident.Incident{
				Identity: incident.Identity{Private: test.private}, Board: incident.Board{Followers: test.followers},
			}
			if got := i.Audience(p); !slices.Equal(got, test.want) {
				t.Errorf("the audience is %v; it should be %v", got, test.want)
			}
			equal(t, "the policy's own list", len(p.Executives), 1)
		})
	}
}

func TestUpdateOfAPrivateIncidentIsToldToNobody(t *testing.T) {
	w := incidenttest.Empty(t, incidenttest.WithPolicy(func(p *incident.Policy) { p.Executives = []incident.PersonID{cleo} }))
	w.Do(ana, incident.OpenIncident{Title: "Salaries are public", Private: true})
	w.Do(ana, incident.SendUpdate{Text: "we are looking"})
	equal(t, "messages", len(sent(w.Advance(time.Minute)...)), 0)
	equal(t, "state", w.Incident.Log.Updates[0].State, incident.UpdateSent)
}

func TestUpdateOfADrillSaysSo(t *testing.T) {
	w := incidenttest.Empty(t, incidenttest.WithPolicy(func(p *incident.Policy) { p.Executives = []incident.PersonID{cleo} }))
	w.Do(ana, incident.OpenIncident{Title: "Practice", Drill: true})
	w.Do(ana, incident.SendUpdate{Text: "all servers are gone"})
	tells := sent(w.Advance(time.Minute)...)
	equal(t, "messages", len(tells), 1)
	equal(t, "marked", tells[0].Say.Args["drill"].(bool), true)
}

func TestUpdateNeedsAText(t *testing.T) {
	refused(t, incidenttest.New(t), []refusal{
		{"nothing", incident.SendUpdate{Text: " "}, incident.Invalid, "update.empty"},
		{"long", incident.SendUpdate{Text: tooLong}, incident.Invalid, "refuse.long"},
	})
}
