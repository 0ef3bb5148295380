package bot_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// TestForgedRollbackButtonsRunNothing presses the button that runs a rollback hook as payloads that somebody made up: by
// others, from elsewhere, with another incident or service written beside its id. What runs is what was offered, for whom
// it was offered to, and nothing else.
func TestForgedRollbackButtonsRunNothing(t *testing.T) {
	w := newWorld(t, func(p *incident.Policy) {
		p.Services = []incident.ServicePolicy{{Name: "checkout", Hook: incident.HookWebhook}, {Name: "payments", Hook: incident.HookCommand}}
	})
	w.bot.RollbackBy = []string{"U1", "U2"}
	w.write(func(tx *storage.Tx) error {
		_, err := tx.UpsertPerson(storage.Person{SlackID: "U7", TeamID: "T2", Name: "alien"})
		return err
	})
	one, two := w.open("U1", "open Checkout is down", "C1"), w.open("U2", "open private layoffs", "C2")
	offer := button(t, w.does("U1", "C1", "rollback checkout"), "Run rollback").Offer
	hidden := button(t, w.does("U2", "C2", "rollback payments"), "Run rollback").Offer
	send := func(team, user, channel, offer, text string, id incident.ID) bot.Answer {
		return w.bot.Handle(t.Context(), bot.Request{
			Delivery: bot.Delivery{Source: "test", ID: fmt.Sprint(w.last.Add(1))}, From: bot.From{Team: team, User: user, Channel: channel},
			Surface: "button", Offer: offer, Text: text, Marked: text != "", Incident: id, Confirmed: true,
		})
	}
	runs := func() (all []string) {
		for _, id := range []incident.ID{one.ID, two.ID} {
			for _, r := range w.incident(id).Board.HookRuns {
				all = append(all, incident.Key(w.incident(id).Identity.Number)+" "+r.Service)
			}
		}
		return all
	}
	for name, a := range map[string]bot.Answer{
		"by another who may":                     send("T1", "U2", "C1", offer, "", ""),
		"by somebody who may not":                send("T1", "U3", "C1", offer, "", ""),
		"by a guest":                             send("T1", "U4", "C1", offer, "", ""),
		"by somebody deactivated":                send("T1", "U5", "C1", offer, "", ""),
		"by nobody":                              send("T1", "U404", "C1", offer, "", ""),
		"from another workspace":                 send("T2", "U7", "C1", offer, "", ""),
		"a hidden incident's, by who may":        send("T1", "U1", "C1", hidden, "", ""),
		"a hidden incident's, from its channel":  send("T1", "U1", "C2", hidden, "", two.ID),
		"another's, with one's own incident":     send("T1", "U2", "C2", offer, "rollback payments", two.ID),
		"an offer that is none":                  send("T1", "U1", "C1", "00000000-0000-7000-8000-ffffffffffff", "", ""),
		"no offer, but the words of another's":   send("T1", "U1", "C1", "", "rollback payments", two.ID),
		"no offer, but words and a made-up bond": send("T1", "U1", "C1", "", "rollback checkout run", one.ID),
	} {
		if a.Kind != bot.Refused && a.Kind != bot.Asked {
			t.Errorf("%s it is answered (%s): %s", name, a.Kind, a.Text)
		}
	}
	if got := runs(); len(got) > 0 {
		t.Fatalf("what ran: %v", got)
	}
	// The words beside an offer are not listened to: what runs is what was offered, where it was offered.
	if a := send("T1", "U1", "C2", offer, "rollback payments", two.ID); a.Kind != bot.Done {
		t.Errorf("whoever it is for is answered (%s): %s", a.Kind, a.Text)
	}
	if got := fmt.Sprint(runs()); got != "[INC-1 checkout]" {
		t.Errorf("what ran: %s", got)
	}
	// Used, and for another run of the same service: nothing more happens.
	if a := send("T1", "U1", "C1", offer, "", ""); a.Kind != bot.Refused {
		t.Errorf("once more it is answered (%s): %s", a.Kind, a.Text)
	}
	w.clock.Advance(11 * time.Minute)
	if a := send("T1", "U2", "C2", hidden, "", ""); a.Kind != bot.Refused {
		t.Errorf("too late it is answered (%s): %s", a.Kind, a.Text)
	}
	if got := fmt.Sprint(runs()); got != "[INC-1 checkout]" {
		t.Errorf("what ran: %s", got)
	}
}
