package bot_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
)

// What is typed under stress is the verb alone: it offers what may be meant,
// instead of saying that something is missing.
func TestBareVerbsOfferWhatMayBeMeant(t *testing.T) {
	for line, want := range map[string][]string{
		"sev":      {"sev1", "sev3", "sev4"},
		"severity": {"sev1", "sev3", "sev4"},
		"detected": {"An alert", "A synthetic test", "One of us", "A customer", "A partner"},
		"rollback": {"Roll back cart"},
	} {
		w := newWorld(t)
		inc := w.open("U2", "open sev2 the cart is empty", "C1")
		w.does("U2", "C1", "service cart bleeding")
		w.does("U2", "C1", "rollback payments")
		a := w.says("U2", "C1", line)
		var labels []string
		for _, b := range a.Buttons {
			labels = append(labels, b.Label)
		}
		if a.Kind != bot.Asked || !slices.Equal(labels, want) {
			t.Errorf("%q is answered (%s) with the buttons %q, not %q: %s", line, a.Kind, labels, want, a.Text)
			continue
		}
		before := w.incident(inc.ID).Head
		if a := w.press("U2", "C1", a.Buttons[0]); a.Kind != bot.Done || w.incident(inc.ID).Head == before {
			t.Errorf("the first button of %q did nothing: %s", line, a.Text)
		}
	}
}

func TestRollbackAloneWithoutServicesSaysHow(t *testing.T) {
	w := newWorld(t)
	w.open("U2", "open the cart is empty", "C1")
	a := w.says("U2", "C1", "rollback")
	if len(a.Buttons) != 0 || !strings.Contains(a.Text, "`rollback SERVICE`") {
		t.Errorf("it is answered with %d buttons: %s", len(a.Buttons), a.Text)
	}
}

// Nothing is lost when a verb stands alone, so nothing is offered to be noted or
// opened: one sentence says how it goes on, with buttons where there is a choice.
func TestVerbsThatNeedMoreSayHow(t *testing.T) {
	services := func(p *incident.Policy) { p.Services = []incident.ServicePolicy{{Name: "cart"}, {Name: "mail"}} }
	for line, want := range map[string]struct {
		text    string
		buttons []string
	}{
		"first-error":   {"`first-error 14:05`", nil},
		"started":       {"`started 10m ago`", nil},
		"Started:":      {"`started 10m ago`", nil},
		"invite":        {"`invite @user`", nil},
		"handover":      {"`handover @user`", []string{"Hand over to Ana"}},
		"service":       {"`service NAME bleeding`", []string{"mail"}},
		"comms":         {"`comms TEXT`", nil},
		"merge":         {"`merge INC-7`", nil},
		"rfo owner":     {"`rfo owner @user`", nil},
		"rfo waive":     {"`rfo waive L12 REASON`", nil},
		"timeline edit": {"`timeline edit E5 TEXT`", nil},
		"timeline hide": {"`timeline hide E5 REASON`", nil},
	} {
		t.Run(line, func(t *testing.T) {
			w := newWorld(t, services)
			inc := w.open("U2", "open service cart the cart is empty", "C1")
			w.does("U2", "C1", "lead me")
			w.does("U1", "C1", "note here")
			before := w.incident(inc.ID).Head
			a := w.says("U2", "C1", line)
			kind := bot.Refused
			if len(want.buttons) > 0 {
				kind = bot.Asked
			}
			var labels []string
			for _, b := range a.Buttons {
				labels = append(labels, b.Label)
			}
			if a.Kind != kind || !strings.Contains(a.Text, want.text) || strings.Contains(a.Text, "not sure") || !slices.Equal(labels, want.buttons) {
				t.Errorf("it is answered (%s) with the buttons %q: %s", a.Kind, labels, a.Text)
			}
			if w.incident(inc.ID).Head != before {
				t.Error("it changed something")
			}
			if len(a.Buttons) > 0 {
				if a := w.press("U2", "C1", a.Buttons[0]); a.Kind != bot.Done {
					t.Errorf("its button is answered (%s): %s", a.Kind, a.Text)
				}
			}
		})
	}
}

func TestAVerbAloneIsNoTitle(t *testing.T) {
	w := newWorld(t)
	if a := w.says("U1", "C-general", "resolve"); len(a.Buttons) > 0 {
		t.Errorf("an incident %q is offered: %s", a.Buttons[0].Label, a.Text)
	}
	if a := w.says("U1", "C-general", "resolve the payment outage"); len(a.Buttons) != 1 {
		t.Errorf("%d buttons: %s", len(a.Buttons), a.Text)
	}
}
