package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

func TestTaskAlikeAsks(t *testing.T) {
	for _, tt := range []struct {
		name, text, asks string // asks "": added at once
		owner            incident.PersonID
		lines            []string
	}{
		{name: "same words", text: "Look at the queue", asks: "task_add.alike", lines: []string{"task join T4", "task replace T4 Look at the queue", "task Look at the queue"}},
		{name: "other signs and order", text: "the queue: look at!", asks: "task_add.alike", lines: []string{"task join T4", "task replace T4 the queue: look at!", "task the queue: look at!"}},
		{name: "four of five words", text: "look at the queue now", asks: "task_add.alike", lines: []string{"task join T4", "task replace T4 look at the queue now", "task look at the queue now"}},
		{name: "another ending", text: "looking at queues", asks: "task_add.alike", lines: []string{"task join T4", "task replace T4 looking at queues", "task looking at queues"}},
		{name: "without the little words", text: "look into queue", asks: "task_add.alike", lines: []string{"task join T4", "task replace T4 look into queue", "task look into queue"}},
		{name: "another host", text: "look at queue2"},
		{name: "nothing but little words", text: "at the"},
		{name: "three of four words", text: "look at the index"},
		{name: "nothing but signs", text: "???"},
		{
			name: "one that nobody has", text: "find the surface of the bleeding", owner: cleo, asks: "task_add.alike",
			lines: []string{"task join T1", "task replace T1 <@cleo> find the surface of the bleeding", "task <@cleo> find the surface of the bleeding"},
		},
		{name: "done already", text: "roll back every related service"},
		{name: "a service that somebody has", text: "restart cart", asks: "task_add.service", lines: []string{"task join T5", "task replace T5 restart cart", "task restart cart"}},
		{name: "a service that one has oneself", text: "restart cart", owner: cleo},
		{name: "a service as part of a word", text: "restart the cartographer"},
		{name: "a service that is being rolled back", text: "restart (payments), twice", asks: "task_add.rolling", lines: []string{"task restart (payments), twice"}},
		{name: "by whoever rolls it back", text: "restart payments", owner: bob},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := incidenttest.New(t, incidenttest.WithPolicy(func(p *incident.Policy) { p.Services = []incident.ServicePolicy{{Name: "cart"}} }))
			w.Do(ana, incident.AddTask{Text: "look at the queue", Owner: bob})
			w.Do(ana, incident.AddTask{Text: "ask who changed cart", Owner: cleo})
			w.Do(ana, incident.FinishTask{Number: 2})
			w.Do(bob, incident.RollBack{Service: "payments", Confirmed: true})
			c := incident.AddTask{Text: tt.text, Owner: tt.owner}
			if tt.asks == "" {
				w.Do(ana, c)
				return
			}
			e := w.MustRefuse(ana, c, incident.Ask, tt.asks)
			incidenttest.MustOffer(t, e.Choices, tt.lines...)
			equal(t, "the last button means it", e.Choices[len(e.Choices)-1].Confirmed, true)
			c.Confirmed = true
			w.Do(ana, c)
			equal(t, "tasks", len(w.Incident.Board.Tasks), 6)
		})
	}
}
