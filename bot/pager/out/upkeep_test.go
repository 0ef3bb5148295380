package pagerout_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	pagerout "github.com/rollcall-bot/rollcall/bot/pager/out"
	"github.com/rollcall-bot/rollcall/bot/playground/pagerfake"
)

func (w *world) alarm() string {
	w.t.Helper()
	id, err := w.account.Trigger(w.service, "Checkout errors", "alarm")
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func TestAcknowledgeIsInTheLeadersOwnName(t *testing.T) {
	w := newWorld(t)
	id := w.alarm()
	_, err := w.client.Acknowledge(t.Context(), id, "stranger@example.org")
	w.ends(err, outbound.Refused, "no_such_user")
	w.account.Inject(pagerfake.Fault{Method: "PUT /incidents", Kind: pagerfake.LostReply, Times: 1})
	_, err = w.client.Acknowledge(t.Context(), id, "ana@example.org")
	w.ends(err, outbound.Unclear, "")
	if taken, err := w.client.Acknowledge(t.Context(), id, "ana@example.org"); err != nil || !taken {
		t.Error(taken, err)
	}
	if i := w.account.Incidents()[0]; i.Status != pagerfake.Acknowledged || i.AckedBy != w.ana || w.account.Done("PUT /incidents") != 1 {
		t.Errorf("%s by %s", i.Status, i.AckedBy)
	}
	if taken, err := w.client.Acknowledge(t.Context(), id, "bea@example.org"); err != nil || taken {
		t.Error("somebody else's was taken", taken, err)
	}
}

func TestResolvedThereOnce(t *testing.T) {
	w := newWorld(t)
	id := w.alarm()
	w.account.Inject(pagerfake.Fault{Method: "PUT /incidents", Kind: pagerfake.LostReply, Times: 1})
	w.ends(w.client.Resolve(t.Context(), id, "rolled back"), outbound.Unclear, "")
	for _, which := range []string{id, "PNONE"} {
		if err := w.client.Resolve(t.Context(), which, "rolled back"); err != nil {
			t.Error(which, err)
		}
	}
	if i := w.account.Incidents()[0]; i.Status != pagerfake.Resolved || i.Resolution != "rolled back" {
		t.Errorf("%+v", i)
	}
}

func TestNoteIsWrittenOnce(t *testing.T) {
	w := newWorld(t)
	id := w.alarm()
	w.account.Inject(pagerfake.Fault{Method: "POST /incidents/{id}/notes", Kind: pagerfake.LostReply, Times: 1})
	w.ends(w.client.Note(t.Context(), id, "Rollcall INC-7 E1: ", "decided: roll back", false), outbound.Unclear, "")
	for range 2 {
		if err := w.client.Note(t.Context(), id, "Rollcall INC-7 E1: ", "decided: roll back", true); err != nil {
			t.Fatal(err)
		}
	}
	if notes := w.account.Incidents()[0].Notes; len(notes) != 1 || notes[0].Content != "Rollcall INC-7 E1: decided: roll back" {
		t.Errorf("%+v", notes)
	}
}

func TestWhoIsOnCall(t *testing.T) {
	w := newWorld(t)
	w.account.ChangeService(w.service, func(s *pagerfake.Service) { s.OnCall = []string{w.bea, w.ana} })
	list, err := w.client.OnCall(t.Context(), []string{w.service, "PNONE"})
	want := []outbound.OnCall{
		{Service: w.service, Level: 1, Name: "Bea", Email: "bea@example.org"},
		{Service: w.service, Level: 2, Name: "Ana", Email: "ana@example.org"},
	}
	if err != nil || !slices.Equal(list, want) {
		t.Errorf("%+v %v", list, err)
	}
}

func TestAlarmsThatAreOpenAreFound(t *testing.T) {
	w := newWorld(t)
	id := w.alarm()
	gone, err := w.account.Trigger(w.service, "Over", "over")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.account.Resolve(w.ana, gone); err != nil {
		t.Fatal(err)
	}
	w.at = w.at.Add(time.Minute)
	list, err := w.client.Alarms(t.Context(), w.at.Add(-time.Hour))
	if err != nil || len(list) != 1 || list[0].ID != id || list[0].Key != "alarm" || list[0].Service != w.service || !list[0].At.Equal(w.at.Add(-time.Minute)) {
		t.Errorf("%+v %v", list, err)
	}
	if list, err := w.client.Alarms(t.Context(), w.at.Add(-time.Second)); err != nil || len(list) != 0 {
		t.Errorf("%+v %v", list, err)
	}
}

func TestSubscriptionIsMadeFoundAndTurnedOn(t *testing.T) {
	w := newWorld(t)
	made, err := w.client.Subscribe(t.Context(), "https://rollcall.example.org/pagerduty/webhooks", []string{"incident.triggered"})
	if err != nil || made.Secret == "" || made.ID == "" {
		t.Fatal(made, err)
	}
	list, err := w.client.Subscriptions(t.Context())
	if err != nil || len(list) != 1 || list[0].URL != made.URL || list[0].Secret != "" || list[0].Disabled {
		t.Fatalf("%+v %v", list, err)
	}
	if err := w.client.Enable(t.Context(), made.ID); err != nil {
		t.Error(err)
	}
	w.ends(w.client.Enable(t.Context(), "PNONE"), outbound.Refused, "http_404")
}

func TestCheckSaysWhatIsWrong(t *testing.T) {
	w := newWorld(t)
	if name, err := w.client.Check(t.Context()); err != nil || name != "checkout" {
		t.Error(name, err)
	}
	w.account.ChangeService(w.service, func(s *pagerfake.Service) { s.Deleted = true })
	_, err := w.client.Check(t.Context())
	w.ends(err, outbound.Refused, "http_404")
}

func TestARoutingKeyIsComparedWithItsService(t *testing.T) {
	w := newWorld(t)
	cart := w.account.AddService(pagerfake.Service{Name: "cart", RoutingKey: strings.Repeat("c", 32)})
	for _, c := range []struct {
		name, id string
		hidden   bool
		want     pagerout.Route
	}{
		{"cart", cart, false, pagerout.Route{Service: "cart", Found: true, Read: 1}},
		{"", cart, false, pagerout.Route{Service: "cart", Read: 1}},
		{"cart", cart, true, pagerout.Route{Service: "cart", Hidden: 1}},
	} {
		w.account.ChangeService(cart, func(s *pagerfake.Service) { s.KeyHidden = c.hidden })
		if got, err := w.client.Route(t.Context(), c.name, c.id); err != nil || got != c.want {
			t.Errorf("of %q it is %+v, %v", c.name, got, err)
		}
	}
	w.account.Inject(pagerfake.Fault{Method: "GET /services/{id}/integrations/{integration_id}", Kind: pagerfake.Status, Code: 403})
	if got, err := w.client.Route(t.Context(), "cart", cart); err != nil || got.Hidden != 1 {
		t.Errorf("an API key that may not read gives %+v, %v", got, err)
	}
	if _, err := w.client.Route(t.Context(), "cart", "PNONE"); err == nil {
		t.Error("a service that is not there has a route")
	}
}
