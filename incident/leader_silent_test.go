package incident_test

import (
	"slices"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestASilentLeaderIsAskedAfterOnce(t *testing.T) {
	w := incidenttest.Led(t) // by Ana
	w.Do(bob, incident.AddNote{Text: "the queue is full"})
	led := w.Incident.Leadership.Terms[0].From
	equal(t, "due", w.Due("leader.silent"), led.Add(20*time.Minute))

	fired := w.Advance(2 * time.Hour)
	var asked []incident.Effect
	for _, d := range fired {
		for _, e := range d.Effects {
			if e.Say.ID == "leader_silent.ask" {
				asked = append(asked, e)
			}
		}
	}
	equal(t, "asked", len(asked), 1)
	incidenttest.MustOffer(t, asked[0].Choices, "lead me", "handover <@bob>", "lead me")
	if lines := w.Lines(); !slices.Contains(lines, "asked whether Ana still leads") {
		t.Errorf("the timeline is %q", lines)
	}

	d := w.Do(ana, incident.Lead{Who: ana}) // by the button
	equal(t, "said", d.Say.ID, "leader_silent.here")
	w.MustRefuse(ana, incident.Lead{Who: ana}, incident.Conflict, "lead.already")
	equal(t, "a new silence", w.Due("leader.silent"), w.Incident.Trace.Heard[ana].Last.Add(20*time.Minute))
}

func TestALeaderIsThereByWhateverTheyDo(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(*incidenttest.World)
		want bool // asked within 21 minutes of having taken the lead
	}{
		{"nothing", nil, true},
		{"a command", func(w *incidenttest.World) { w.Do(ana, incident.AddNote{Text: "looking"}) }, false},
		{"another's command", func(w *incidenttest.World) { w.Do(bob, incident.AddNote{Text: "looking"}) }, true},
		{"a message in the channel", func(w *incidenttest.World) {
			at := w.Now
			w.Policy.Around.Seen = func(incident.ID) map[incident.PersonID]incident.Presence {
				return map[incident.PersonID]incident.Presence{ana: {Last: at, Times: 1}}
			}
		}, false},
		{"the lead passes on", func(w *incidenttest.World) { w.Do(bob, incident.Lead{Who: bob, Confirmed: true}) }, false},
		{"somebody is asked to take over", func(w *incidenttest.World) { w.Do(ana, incident.Handover{To: bob}) }, false},
		{"users are well", func(w *incidenttest.World) { w.Do(bob, incident.Mitigate{}) }, false},
		{"it is mild", func(w *incidenttest.World) { w.Do(bob, incident.SetSeverity{Level: 3}) }, false},
		{"the clock is off", func(w *incidenttest.World) { w.Policy.Clocks.SilentLeader = 0 }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := incidenttest.Led(t)
			w.Advance(10 * time.Minute)
			if tt.do != nil {
				tt.do(w)
			}
			if got := slices.Contains(posted(w.Advance(11*time.Minute)), "leader_silent.ask"); got != tt.want {
				t.Errorf("asked: %v", got)
			}
		})
	}
}
