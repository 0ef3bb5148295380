package pagerout_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	pagerout "github.com/rollcall-bot/rollcall/bot/pager/out"
	"github.com/rollcall-bot/rollcall/bot/playground/pagerfake"
)

// world is a PagerDuty with two people and one service, and a client of it.
type world struct {
	t       *testing.T
	account *pagerfake.Account
	client  *pagerout.Client
	service string
	ana     string
	bea     string
	at      time.Time
	options pagerout.Options
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, at: time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC)}
	now := func() time.Time { return w.at }
	w.account = pagerfake.New(pagerfake.Options{Now: now, Abilities: []string{"teams"}, StrictRates: true})
	base, err := w.account.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.account.AddUser(pagerfake.User{Name: "Rollcall", Email: "rollcall@example.org"})
	w.ana = w.account.AddUser(pagerfake.User{Name: "Ana", Email: "ana@example.org"})
	w.bea = w.account.AddUser(pagerfake.User{Name: "Bea", Email: "bea@example.org"})
	key := strings.Repeat("a", 32)
	w.service = w.account.AddService(pagerfake.Service{Name: "checkout", OnCall: []string{w.bea}, RoutingKey: key})
	w.options = pagerout.Options{
		Token: w.account.Token(), From: "rollcall@example.org", Service: w.service, APIURL: base, EventsURL: base,
		RoutingKeys: map[string]string{"": key, "cart": strings.Repeat("c", 32)},
		Now:         now, Timeout: 300 * time.Millisecond, Log: slog.New(slog.DiscardHandler),
	}
	w.client, err = pagerout.New(w.options)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// ask is a page of a person, or of the service's on-call for "".
func (w *world) ask(email string) outbound.Page {
	return outbound.Page{Key: "rollcall/0190/P1", Marker: "INC-7 P1", Email: email, Text: "INC-7: Checkout is down", Since: w.at}
}

// pages are who was paged.
func (w *world) pages(want ...string) {
	w.t.Helper()
	var got []string
	for _, p := range w.account.Pages() {
		got = append(got, p.UserID)
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		w.t.Errorf("paged were %v; it should be %v", got, want)
	}
}

func (w *world) ends(err error, end outbound.End, code string) {
	w.t.Helper()
	f := outbound.FailureOf(err)
	if f == nil || f.End != end || f.Code != code {
		w.t.Fatalf("ended as %v; it should be %s %q", err, end, code)
	}
}

func TestPageOfAPersonIsAnIncidentOfTheirs(t *testing.T) {
	w := newWorld(t)
	paged, err := w.client.Page(t.Context(), w.ask("ANA@example.org"))
	if err != nil || paged.Way != outbound.ByIncident {
		t.Fatal(paged, err)
	}
	w.pages(w.ana)
	i := w.account.Incidents()[0]
	if i.ID != paged.Ref || i.Key != "rollcall/0190/P1" || i.Title != "INC-7: Checkout is down" || i.Urgency != "high" {
		t.Errorf("%+v", i)
	}
}

func TestASecondWayOfItsOwnReachesTheServicesOnCall(t *testing.T) {
	w := newWorld(t)
	w.account.AddService(pagerfake.Service{Name: "cart", OnCall: []string{w.ana}, RoutingKey: strings.Repeat("c", 32)})
	cart := w.ask("")
	cart.Of = "cart"
	paged, err := w.client.Trigger(t.Context(), cart)
	if err != nil || !paged.Own {
		t.Fatal(paged, err)
	}
	w.pages(w.ana)
	if err := w.client.ResolveEvent(t.Context(), "cart", cart.Key); err != nil || w.account.Incidents()[0].Status != pagerfake.Resolved {
		t.Errorf("%v %s", err, w.account.Incidents()[0].Status)
	}
}

func TestPageOfAServiceIsForItsOnCall(t *testing.T) {
	w := newWorld(t)
	if _, err := w.client.Page(t.Context(), w.ask("")); err != nil {
		t.Fatal(err)
	}
	w.pages(w.bea)
}

func TestPageOfSomebodyUnknownThereIsRefused(t *testing.T) {
	w := newWorld(t)
	_, err := w.client.Page(t.Context(), w.ask("an@example.org")) // part of nobody's address as a whole
	w.ends(err, outbound.Refused, "no_such_user")
	w.pages()
}

// TestTroubleEndsAsItIs goes through every way in which making the incident can
// fail: how it ends, and that a repeat pages once.
func TestTroubleEndsAsItIs(t *testing.T) {
	for name, test := range map[string]struct {
		fault pagerfake.Fault
		end   outbound.End
		code  string
		wait  time.Duration
	}{
		"500":        {pagerfake.Fault{Kind: pagerfake.Status}, outbound.Unclear, "", 0},
		"429":        {pagerfake.Fault{Kind: pagerfake.Limited, RetryAfter: 7}, outbound.Delayed, outbound.RateLimited, 7 * time.Second},
		"429 bare":   {pagerfake.Fault{Kind: pagerfake.LimitedNo}, outbound.Delayed, outbound.RateLimited, 15 * time.Second},
		"402":        {pagerfake.Fault{Kind: pagerfake.Status, Code: 402}, outbound.Refused, "http_402", 0},
		"404":        {pagerfake.Fault{Kind: pagerfake.Status, Code: 404}, outbound.Refused, "http_404", 0},
		"hang":       {pagerfake.Fault{Kind: pagerfake.Hang}, outbound.Unclear, "", 0},
		"reset":      {pagerfake.Fault{Kind: pagerfake.Reset}, outbound.Unclear, "", 0},
		"lost reply": {pagerfake.Fault{Kind: pagerfake.LostReply}, outbound.Unclear, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			test.fault.Method, test.fault.Times = "POST /incidents", 1
			w.account.Inject(test.fault)
			_, err := w.client.Page(t.Context(), w.ask("ana@example.org"))
			w.ends(err, test.end, test.code)
			if f := outbound.FailureOf(err); f.Wait != test.wait || strings.Contains(f.Error(), "ana@") {
				t.Errorf("wait %s, %v", f.Wait, f)
			}
			again := w.ask("ana@example.org")
			again.Again = test.end == outbound.Unclear
			if _, err := w.client.Page(t.Context(), again); err != nil {
				t.Fatal(err)
			}
			w.pages(w.ana)
		})
	}
}

func TestWhatCannotBeLookedUpStaysUnclear(t *testing.T) {
	w := newWorld(t)
	w.account.Inject(pagerfake.Fault{Method: "POST /incidents", Kind: pagerfake.LostReply, Times: 1})
	_, err := w.client.Page(t.Context(), w.ask("ana@example.org"))
	w.ends(err, outbound.Unclear, "")
	again := w.ask("ana@example.org")
	again.Again = true
	for _, fault := range []pagerfake.Fault{
		{Kind: pagerfake.Status}, {Kind: pagerfake.LimitedNo}, {Kind: pagerfake.Hang}, {Kind: pagerfake.Status, Code: 401},
	} {
		fault.Method, fault.Times = "GET /incidents", 1
		w.account.Inject(fault)
		if _, err := w.client.Page(t.Context(), again); outbound.FailureOf(err).End != outbound.Unclear {
			t.Errorf("%s: %v", fault.Kind, err)
		}
	}
	if _, err := w.client.Page(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	w.pages(w.ana)
}

func TestLostPageIsFoundAfterItWasResolved(t *testing.T) {
	w := newWorld(t)
	w.account.Inject(pagerfake.Fault{Method: "POST /incidents", Kind: pagerfake.LostReply, Times: 1})
	_, _ = w.client.Page(t.Context(), w.ask("ana@example.org"))
	if err := w.account.Resolve(w.ana, w.account.Incidents()[0].ID); err != nil {
		t.Fatal(err)
	}
	again := w.ask("ana@example.org")
	again.Again = true
	if paged, err := w.client.Page(t.Context(), again); err != nil || paged.Ref != w.account.Incidents()[0].ID {
		t.Error(paged, err)
	}
	w.pages(w.ana)
}

func TestPageThatIsCertainlyAbsentIsLeftToTheSecondWay(t *testing.T) {
	w := newWorld(t)
	again := w.ask("ana@example.org")
	again.Again, again.Last = true, true
	_, err := w.client.Page(t.Context(), again)
	w.ends(err, outbound.NotDone, "absent")
	paged, err := w.client.Trigger(t.Context(), again)
	if err != nil || paged.Way != outbound.ByEvent {
		t.Fatal(paged, err)
	}
	w.pages(w.bea)
}

func TestResponderRequestWhereThePlanHasIt(t *testing.T) {
	w := newWorld(t)
	w.account.SetAbilities(pagerfake.Coordinated)
	alarm, err := w.account.Trigger(w.service, "Checkout errors", "alarm")
	if err != nil {
		t.Fatal(err)
	}
	p := w.ask("ana@example.org")
	p.Join = []string{alarm}
	w.account.Inject(pagerfake.Fault{Method: "POST /incidents/{id}/responder_requests", Kind: pagerfake.LostReply, Times: 1})
	_, err = w.client.Page(t.Context(), p)
	w.ends(err, outbound.Unclear, "")
	p.Again = true
	paged, err := w.client.Page(t.Context(), p)
	if err != nil || paged != (outbound.Paged{Way: outbound.ByResponder, Ref: alarm}) {
		t.Fatal(paged, err)
	}
	w.pages(w.bea, w.ana) // the alarm's own page, and ours, once
}

func TestWithoutTheAbilityAPersonGetsAnIncident(t *testing.T) {
	w := newWorld(t)
	alarm, err := w.account.Trigger(w.service, "Checkout errors", "alarm")
	if err != nil {
		t.Fatal(err)
	}
	for n, email := range []string{"ana@example.org", "ana@example.org"} {
		p := w.ask(email)
		p.Key, p.Join = p.Key+string(rune('a'+n)), []string{alarm}
		if paged, err := w.client.Page(t.Context(), p); err != nil || paged.Way != outbound.ByIncident {
			t.Fatal(paged, err)
		}
	}
	if n := len(w.account.Calls("POST /incidents/{id}/responder_requests")); n != 1 {
		t.Errorf("asked %d times for what the plan does not have", n)
	}
}

func TestEventsAreRepeatedSafely(t *testing.T) {
	w := newWorld(t)
	w.account.Inject(pagerfake.Fault{Method: "POST /v2/enqueue", Kind: pagerfake.LostReply, Times: 1})
	_, err := w.client.Trigger(t.Context(), w.ask("ana@example.org"))
	w.ends(err, outbound.Unclear, "")
	if _, err := w.client.Trigger(t.Context(), w.ask("ana@example.org")); err != nil {
		t.Fatal(err)
	}
	w.pages(w.bea)
	if err := w.client.ResolveEvent(t.Context(), "", w.ask("").Key); err != nil || w.account.Incidents()[0].Status != pagerfake.Resolved {
		t.Errorf("%v %s", err, w.account.Incidents()[0].Status)
	}
}

func TestNothingIsTriedWhilePagerDutyIsGone(t *testing.T) {
	w := newWorld(t)
	w.account.SetDown(true)
	for range 8 {
		_, err := w.client.Page(t.Context(), w.ask(""))
		if f := outbound.FailureOf(err); f == nil || f.End == outbound.Refused {
			t.Fatal(err)
		}
	}
	if n := len(w.account.Calls("")); n > 5 || !w.client.Open() { // one may be cut off before it is counted
		t.Errorf("called %d times; the breaker opens after 5", n)
	}
	_, err := w.client.Page(t.Context(), w.ask(""))
	w.ends(err, outbound.Delayed, "unreachable")
}

func TestNothingReachedIsNotDone(t *testing.T) {
	c, err := pagerout.New(pagerout.Options{
		Token: "t", From: "rollcall@example.org", Service: "PS1", APIURL: "http://127.0.0.1:1", EventsURL: "http://127.0.0.1:1",
		Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Page(context.Background(), outbound.Page{Key: "k", Text: "x"})
	if f := outbound.FailureOf(err); f.End != outbound.NotDone {
		t.Error(err)
	}
	if _, err := c.Trigger(context.Background(), outbound.Page{}); outbound.FailureOf(err).Code != "not_configured" {
		t.Error(err)
	}
}
