package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// paging lets a world page: two services, of which one is paged at opening.
func paging(p *incident.Policy) {
	p.Paging = incident.PagingPolicy{On: true, Phones: []incident.Phone{{Name: "Payments", Number: "+34 600 000 000"}}}
	p.Services = []incident.ServicePolicy{{Name: "checkout", PageOnOpen: true}, {Name: "cart"}}
}

func labels(a bot.Answer) string {
	var list []string
	for _, b := range a.Buttons {
		list = append(list, b.Label)
	}
	return strings.Join(list, " | ")
}

func TestPageAnswersBeforeAnybodyIsReached(t *testing.T) {
	w := newWorld(t, paging)
	inc := w.open("U1", "open Checkout is down", "C7")
	a := w.does("U1", "C7", "page <@U2> the queue is full")
	if !strings.Contains(a.Text, "Paging <@U2> about INC-1") || !strings.Contains(a.Text, "cannot be taken back") {
		t.Error(a.Text)
	}
	w.does("U1", "C7", "page cart")
	w.does("U1", "C7", "page on-call come")
	pages := w.incident(inc.ID).Board.Pages
	if len(pages) != 3 || pages[0].Text != "the queue is full" || pages[1].Service != "cart" || pages[2].Service != "" || pages[2].Text != "come" {
		t.Errorf("%+v", pages)
	}
	again := w.says("U2", "C7", "page cart")
	if again.Kind != bot.Asked || labels(again) != "Page again" {
		t.Fatal(again)
	}
	if a := w.press("U2", "C7", again.Buttons[0]); a.Kind != bot.Done {
		t.Error(a)
	}
	for _, words := range []string{"page load slow", "page cart-api", "page"} {
		if a := w.says("U1", "C7", words); a.Kind == bot.Done {
			t.Errorf("%q paged somebody: %s", words, a.Text)
		}
	}
	if n := len(w.incident(inc.ID).Board.Pages); n != 4 {
		t.Errorf("%d pages", n)
	}
}

func TestOpeningOffersToPage(t *testing.T) {
	w := newWorld(t, paging)
	a := w.does("U1", "C-general", "open Mail is slow")
	if !strings.Contains(a.Text, "nobody paged") || labels(a) != "Page" {
		t.Fatal(a)
	}
	whom := w.press("U1", "C-general", a.Buttons[0])
	if labels(whom) != "Page checkout | Page cart | Page whoever is on call" {
		t.Fatal(whom)
	}
	if a := w.press("U1", "C-general", whom.Buttons[2]); a.Kind != bot.Done || !strings.Contains(a.Text, "Paging whoever is on call about INC-1") {
		t.Error(a)
	}
	a = w.does("U1", "C-general", "open service checkout Checkout is down")
	if !strings.Contains(a.Text, "Paging whoever is on call for checkout") || strings.Contains(labels(a), "Page") {
		t.Error(a)
	}
	if a := w.says("U4", "C-general", "INC-1 page cart"); a.Kind != bot.Refused {
		t.Error("a guest paged", a)
	}
}

func TestOnCallIsToldFromWhatIsKnownWithItsAge(t *testing.T) {
	w := newWorld(t, paging)
	if a := w.says("U1", "C-general", "oncall"); !strings.Contains(a.Text, "PagerDuty has not said yet") {
		t.Error(a.Text)
	}
	w.write(func(tx *storage.Tx) error {
		return tx.SetMeta(bot.MetaOnCall, `{"At":"2026-03-04T13:56:00Z","Ways":[`+
			`{"Service":"checkout","People":[{"Level":1,"Name":"Bea <!here>","Until":"2026-03-04T20:00:00Z"},{"Level":2,"Name":"Ana"}]},{"Service":"cart"}]}`)
	})
	a := w.says("U1", "C-general", "oncall checkout")
	for _, want := range []string{"On call for checkout: Bea &lt;!here&gt; (until ", "), then Ana", "As PagerDuty said 4 min ago"} {
		if !strings.Contains(a.Text, want) {
			t.Errorf("%q is not in %q", want, a.Text)
		}
	}
	if a := w.says("U1", "C-general", "oncall"); !strings.Contains(a.Text, "On call for cart: nobody") {
		t.Error(a.Text)
	}
	w.clock.Advance(-4 * time.Minute)
	if a := w.says("U1", "C-general", "oncall nothing-like-it"); a.Kind == bot.Shown && strings.Contains(a.Text, "On call") {
		t.Error(a)
	}
	w.write(func(tx *storage.Tx) error { return tx.SetMeta(bot.MetaOnCall, "{") })
	if a := w.says("U1", "C-general", "oncall"); !strings.Contains(a.Text, "has not said yet") {
		t.Error(a.Text)
	}
}

func TestWithoutPagerDutyThePhonesAreTold(t *testing.T) {
	w := newWorld(t)
	w.bot.Phones = []bot.Phone{{Name: "Payments", Number: "+34 600 000 000"}}
	w.open("U1", "open Checkout is down", "C7")
	a := w.says("U1", "C7", "oncall")
	if !strings.Contains(a.Text, "+34 600 000 000") {
		t.Error(a.Text)
	}
	if a := w.says("U1", "C7", "page <@U2>"); a.Kind != bot.Refused || !strings.Contains(a.Text, "paging is not set up") {
		t.Error(a)
	}
}
