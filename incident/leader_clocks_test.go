package incident_test

import (
	"slices"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

// posted are the texts that clocks put into the channel.
func posted(fired []incident.Decision) []string {
	var ids []string
	for _, d := range fired {
		for _, e := range d.Effects {
			if e.Kind == incident.Post {
				ids = append(ids, e.Say.ID)
			}
		}
	}
	return ids
}

func TestLeaderClocks(t *testing.T) {
	lead := func(who incident.PersonID) incident.Command { return incident.Lead{Who: who} }
	for _, tt := range []struct {
		name   string
		before func(*incidenttest.World)
		want   []string // within 19 minutes
	}{
		{"nobody leads", nil, []string{"leader_clocks.ask", "leader_clocks.nominate", "lead.remind"}},
		{"somebody leads at once", func(w *incidenttest.World) { w.Do(ana, lead(ana)) }, nil},
		{"somebody is named and silent", func(w *incidenttest.World) { w.Do(ana, lead(bob)) }, []string{"lead.remind"}},
		{"the opener said no", func(w *incidenttest.World) {
			w.Do(bob, lead(ana))
			w.Do(ana, incident.DeclineLead{})
		}, []string{"leader_clocks.ask", "leader_clocks.nominate", "lead.remind"}},
		{"everybody said no", func(w *incidenttest.World) {
			w.Do(bob, lead(ana))
			w.Do(ana, incident.DeclineLead{})
			w.Do(ana, lead(bob))
			w.Do(bob, incident.DeclineLead{})
		}, []string{"leader_clocks.ask"}},
		{"users are well", func(w *incidenttest.World) { w.Do(ana, incident.Mitigate{}) }, nil},
		{"it is over", func(w *incidenttest.World) {
			w.Do(ana, lead(bob))
			w.Do(ana, incident.Resolve{})
		}, nil},
		{"not configured", func(w *incidenttest.World) { w.Policy.Clocks = incident.Clocks{} }, nil},
		{"the lead was taken back", func(w *incidenttest.World) {
			w.Do(ana, lead(ana))
			w.Do(ana, incident.Undo{})
		}, []string{"leader_clocks.ask", "leader_clocks.nominate", "lead.remind"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := incidenttest.New(t)
			if tt.before != nil {
				tt.before(w)
			}
			if got := posted(w.Advance(19 * time.Minute)); !slices.Equal(got, tt.want) {
				t.Errorf("in 19 minutes the channel hears %v; it should be %v", got, tt.want)
			}
		})
	}
}

func TestLeaderClocksSpeakAtTheirMoment(t *testing.T) {
	w := incidenttest.New(t)
	equal(t, "ask", w.Due("leader.ask"), clock(14, 2))
	equal(t, "nominate", w.Due("leader.nominate"), clock(14, 5))
	fired := w.Advance(3 * time.Minute)
	incidenttest.MustOffer(t, fired[0].Effects[0].Choices, "lead me")
	equal(t, "ask", w.Due("leader.ask"), time.Time{})

	fired = w.Advance(3 * time.Minute)
	incidenttest.MustOffer(t, fired[0].Effects[0].Choices, "lead accept", "lead decline", "lead me")
	equal(t, "nobody leads without having said so", w.Incident.Leadership.Leader, incident.System)
	equal(t, "named", w.Incident.Leadership.Named, ana)
	equal(t, "line", w.LastLine(), "nobody led, so it automatically asked Ana to lead")
	equal(t, "remind", w.Due("leader.accept"), clock(14, 8))
	w.Do(ana, incident.AcceptLead{})
	equal(t, "remind", w.Due("leader.accept"), time.Time{})
}

func TestLeaderClocksLookAgain(t *testing.T) {
	w := incidenttest.Led(t)
	for _, kind := range []string{"leader.ask", "leader.nominate", "leader.accept"} {
		d := w.Do(incident.System, incident.Fire{Due: incident.Due{Kind: kind, At: w.Now}})
		equal(t, kind+": events", len(d.Events), 0)
		equal(t, kind+": effects", len(d.Effects), 0)
	}
	w.MustRefuse(bob, incident.Fire{Due: incident.Due{Kind: "leader.ask"}}, incident.Forbidden, "refuse.verb")
	w.MustRefuse(incident.System, incident.Fire{Due: incident.Due{Kind: "tea"}}, incident.Newer, "refuse.clock")
}

func TestLeaderClocksNameNobodyForAMachine(t *testing.T) {
	w := incidenttest.Empty(t)
	w.Do(incident.System, incident.OpenIncident{Title: "alert"})
	if got := posted(w.Advance(20 * time.Minute)); !slices.Equal(got, []string{"leader_clocks.ask"}) {
		t.Errorf("the channel hears %v", got)
	}
}

// Who is nominated: whoever is on call, else who has done most, else who opened it.
func TestTheNomineeIsWhoeverKnowsMost(t *testing.T) {
	onCall := func(people ...incident.PersonID) func(*incident.Policy) {
		return func(p *incident.Policy) {
			p.Around.OnCall = func(services []string) []incident.PersonID {
				if slices.Contains(services, "checkout") || slices.Equal(services, []string{""}) {
					return people
				}
				return nil
			}
		}
	}
	seen := func(times int) func(*incident.Policy) {
		return func(p *incident.Policy) {
			p.Around.Seen = func(incident.ID) map[incident.PersonID]incident.Presence {
				return map[incident.PersonID]incident.Presence{cleo: {Last: clock(14, 1), Times: times}}
			}
		}
	}
	for _, tt := range []struct {
		name    string
		policy  func(*incident.Policy)
		private bool
		before  func(*incidenttest.World)
		want    incident.PersonID
		why     string
	}{
		{"only the opener is there", nil, false, nil, ana, "opened"},
		{"somebody else does more", nil, false, func(w *incidenttest.World) {
			w.Do(bob, incident.AddNote{Text: "the queue is full"})
			w.Do(bob, incident.AddNote{Text: "it grows"})
		}, bob, "active"},
		{"somebody else writes more", seen(2), false, nil, cleo, "active"},
		{"the opener does as much", seen(1), false, nil, ana, "opened"},
		{"somebody is on call", onCall(cleo), false, nil, cleo, "oncall"},
		{"on call for the service", onCall(bob, cleo), false, func(w *incidenttest.World) {
			w.Do(ana, incident.RateService{Name: "checkout", State: incident.Bleeding, Confirmed: true})
		}, bob, "oncall"},
		{"who is on call said no", onCall(bob, cleo), false, func(w *incidenttest.World) {
			w.Do(ana, incident.Lead{Who: bob})
			w.Do(bob, incident.DeclineLead{})
		}, cleo, "oncall"},
		{"a private incident brings nobody in", onCall(cleo), true, nil, ana, "opened"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := incidenttest.Empty(t, incidenttest.WithPolicy(func(p *incident.Policy) {
				if tt.policy != nil {
					tt.policy(p)
				}
			}))
			w.Do(ana, incident.OpenIncident{Title: "Checkout is down", Private: tt.private})
			if tt.before != nil {
				tt.before(w)
			}
			fired := w.Advance(5 * time.Minute)
			last := fired[len(fired)-1]
			equal(t, "nominee", w.Incident.Leadership.Named, tt.want)
			post := last.Effects[len(last.Effects)-1]
			equal(t, "why", post.Say.Args["why"], any(tt.why))
			equal(t, "invited", len(last.Effects) == 2, tt.why == "oncall")
			equal(t, "line", w.LastLine(), "nobody led, so it automatically asked "+incidenttest.Names{}.Name(tt.want)+" to lead")
		})
	}
}

// Rollcall did not run for three days: both clocks have come, and one message will do.
func TestAfterADowntimeWhoeverIsNamedIsNotLookedForFirst(t *testing.T) {
	w := incidenttest.New(t)
	w.Now = w.Now.Add(72 * time.Hour)
	var said []string
	for _, kind := range []string{"leader.ask", "leader.nominate", "leader.ask"} {
		d := w.Do(incident.System, incident.Fire{Due: incident.Due{Kind: kind, At: w.Now}})
		said = append(said, posted([]incident.Decision{d})...)
	}
	if !slices.Equal(said, []string{"leader_clocks.nominate"}) {
		t.Errorf("after three days the channel hears %v", said)
	}
}
