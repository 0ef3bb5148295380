package pagerfake

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PagerDuty/go-pagerduty"
)

func TestIncidentLife(t *testing.T) {
	w := newWorld(t, nil)
	i := w.mustCreate("INC-7")
	if i.Status != Triggered || i.Urgency != "high" || i.IncidentKey != "INC-7" || len(i.Assignments) != 1 || i.Assignments[0].Assignee.ID != w.bea {
		t.Errorf("created: %+v", i)
	}
	if pages := w.Pages(); len(pages) != 1 || pages[0].UserID != w.bea || pages[0].IncidentID != i.ID {
		t.Errorf("pages: %+v", pages)
	}

	w.clock.Advance(time.Minute)
	for range 2 { // the second changes nothing
		if _, err := w.pd.ManageIncidentsWithContext(t.Context(), beaMail, []pagerduty.ManageIncidentsOptions{{ID: i.ID, Status: Acknowledged}}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := w.pd.GetIncidentWithContext(t.Context(), i.ID)
	if err != nil || got.Status != Acknowledged || len(got.Acknowledgements) != 1 || got.LastStatusChangeAt != "2026-03-10T14:01:00Z" {
		t.Errorf("acknowledged: %+v, %v", got, err)
	}
	if err := w.Resolve(w.carl, i.ID); err != nil {
		t.Fatal(err)
	}
	_, err = w.pd.ManageIncidentsWithContext(t.Context(), beaMail, []pagerduty.ManageIncidentsOptions{{ID: i.ID, Status: Acknowledged}})
	refused(t, err, http.StatusBadRequest, 2001)

	list, err := w.pd.ListIncidentsWithContext(t.Context(), pagerduty.ListIncidentsOptions{IncidentKey: "INC-7"})
	if err != nil || len(list.Incidents) != 1 || list.Incidents[0].Status != Resolved {
		t.Errorf("by key: %+v, %v", list, err)
	}
	list, err = w.pd.ListIncidentsWithContext(t.Context(), pagerduty.ListIncidentsOptions{Statuses: []string{Triggered, Acknowledged}})
	if err != nil || len(list.Incidents) != 0 {
		t.Errorf("open ones: %+v, %v", list, err)
	}
}

func TestOneOpenIncidentAKey(t *testing.T) {
	w := newWorld(t, nil)
	i := w.mustCreate("INC-7")
	_, err := w.create("INC-7")
	refused(t, err, http.StatusBadRequest, 2002)
	if err := w.Resolve(w.bea, i.ID); err != nil {
		t.Fatal(err)
	}
	if again := w.mustCreate("INC-7"); again.ID == i.ID {
		t.Error("a resolved incident was opened again")
	}
}

func TestLostReplyIsFoundByKey(t *testing.T) {
	w := newWorld(t, nil)
	w.Inject(Fault{Method: "POST /incidents", Kind: LostReply, Times: 1})
	if _, err := w.create("INC-7"); err == nil {
		t.Fatal("the lost reply arrived")
	}
	if n := w.Done("POST /incidents"); n != 1 {
		t.Errorf("carried out %d times, want 1", n)
	}
	_, err := w.create("INC-7")
	refused(t, err, http.StatusBadRequest, 2002)
}

func TestRefusals(t *testing.T) {
	w := newWorld(t, nil)
	ctx := t.Context()
	i := w.mustCreate("")
	ref := &pagerduty.APIReference{ID: w.checkout, Type: "service_reference"}
	for name, c := range map[string]struct {
		status, code int
		do           func() error
	}{
		"no From": {400, 2001, func() error {
			_, err := w.pd.CreateIncidentWithContext(ctx, "", &pagerduty.CreateIncidentOptions{Title: "x", Service: ref})
			return err
		}},
		"From of a stranger": {400, 2001, func() error {
			_, err := w.pd.CreateIncidentWithContext(ctx, "eve@example.org", &pagerduty.CreateIncidentOptions{Title: "x", Service: ref})
			return err
		}},
		"no title": {400, 2001, func() error {
			_, err := w.pd.CreateIncidentWithContext(ctx, beaMail, &pagerduty.CreateIncidentOptions{Service: ref})
			return err
		}},
		"urgency": {400, 2001, func() error {
			_, err := w.pd.CreateIncidentWithContext(ctx, beaMail, &pagerduty.CreateIncidentOptions{Title: "x", Service: ref, Urgency: "huge"})
			return err
		}},
		"unknown service": {404, 2100, func() error {
			_, err := w.pd.CreateIncidentWithContext(ctx, beaMail, &pagerduty.CreateIncidentOptions{Title: "x", Service: &pagerduty.APIReference{ID: "PNO"}})
			return err
		}},
		"unknown incident": {404, 2100, func() error {
			_, err := w.pd.GetIncidentWithContext(ctx, "PNO")
			return err
		}},
		"empty note": {400, 2001, func() error {
			_, err := w.pd.CreateIncidentNoteWithContext(ctx, i.ID, pagerduty.IncidentNote{User: pagerduty.APIObject{Summary: beaMail}})
			return err
		}},
		"page size": {400, 2001, func() error {
			_, err := w.pd.ListUsersWithContext(ctx, pagerduty.ListUsersOptions{Limit: 101})
			return err
		}},
		"wrong token": {401, 2006, func() error {
			_, err := pagerduty.NewClient("other", pagerduty.WithAPIEndpoint(w.url)).ListAbilitiesWithContext(ctx)
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) { refused(t, c.do(), c.status, c.code) })
	}
	if n := len(w.Incidents()); n != 1 {
		t.Errorf("%d incidents after refusals, want 1", n)
	}
}

func TestNotesAndStatusUpdates(t *testing.T) {
	w := newWorld(t, nil)
	i := w.mustCreate("")
	for range 2 { // not idempotent: whoever repeats it has to look first
		if _, err := w.pd.CreateIncidentNoteWithContext(t.Context(), i.ID, pagerduty.IncidentNote{
			Content: "INC-7 rolled back", User: pagerduty.APIObject{Summary: beaMail},
		}); err != nil {
			t.Fatal(err)
		}
	}
	notes, err := w.pd.ListIncidentNotesWithContext(t.Context(), i.ID)
	if err != nil || len(notes) != 2 || notes[0].Content != "INC-7 rolled back" || notes[0].User.ID != w.bea {
		t.Errorf("notes: %+v, %v", notes, err)
	}
	if u, err := w.pd.CreateIncidentStatusUpdate(t.Context(), i.ID, beaMail, "We are on it"); err != nil || u.Message != "We are on it" {
		t.Errorf("status update: %+v, %v", u, err)
	}
}

func TestResponderRequestsNeedTheAbility(t *testing.T) {
	w := newWorld(t, nil)
	i := w.mustCreate("")
	ask := func() error {
		_, err := w.pd.ResponderRequestWithContext(t.Context(), i.ID, pagerduty.ResponderRequestOptions{
			From: beaMail, Message: "Please join", RequesterID: w.bea,
			Targets: []pagerduty.ResponderRequestTargetWrapper{{Target: pagerduty.ResponderRequestTarget{
				APIObject: pagerduty.APIObject{ID: w.carl, Type: "user_reference"},
			}}},
		})
		return err
	}
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	if pages := w.Pages(); len(pages) != 2 || pages[1].UserID != w.carl || pages[1].Title != "Please join" {
		t.Errorf("pages: %+v", pages)
	}
	w.SetAbilities("teams")
	refused(t, ask(), http.StatusPaymentRequired, 2012)
	refused(t, w.pd.TestAbilityWithContext(t.Context(), Coordinated), http.StatusPaymentRequired, 2012)
	if err := w.pd.TestAbilityWithContext(t.Context(), "teams"); err != nil {
		t.Error(err)
	}
}

func TestWhoIsThere(t *testing.T) {
	w := newWorld(t, nil)
	users, err := w.pd.ListUsersWithContext(t.Context(), pagerduty.ListUsersOptions{Query: "carl", Includes: []string{"contact_methods"}})
	if err != nil || len(users.Users) != 1 || users.Users[0].ID != w.carl || len(users.Users[0].ContactMethods) != 1 {
		t.Errorf("users: %+v, %v", users, err)
	}
	services, err := w.pd.ListServicesWithContext(t.Context(), pagerduty.ListServiceOptions{})
	if err != nil || len(services.Services) != 1 {
		t.Fatalf("services: %+v, %v", services, err)
	}
	policy := services.Services[0].EscalationPolicy.ID
	calls, err := w.pd.ListOnCallsWithContext(t.Context(), pagerduty.ListOnCallOptions{EscalationPolicyIDs: []string{policy}, Limit: 1})
	if err != nil || len(calls.OnCalls) != 1 || calls.OnCalls[0].User.ID != w.bea || !calls.More {
		t.Errorf("first page of who is on call: %+v, %v", calls, err)
	}
	w.ChangeService(w.checkout, func(s *Service) { s.Deleted = true })
	_, err = w.pd.GetServiceWithContext(t.Context(), w.checkout, nil)
	refused(t, err, http.StatusNotFound, 2100)
}

func TestRatesAndFaults(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.StrictRates = true })
	for range restPerMinute {
		if _, err := w.pd.ListAbilitiesWithContext(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.pd.ListAbilitiesWithContext(t.Context())
	refused(t, err, http.StatusTooManyRequests, 2020)
	w.clock.Advance(time.Minute)
	if _, err := w.pd.ListAbilitiesWithContext(t.Context()); err != nil {
		t.Errorf("a minute later: %v", err)
	}

	for _, c := range []struct {
		fault  Fault
		header string
		status int
	}{
		{Fault{Kind: Limited, RetryAfter: 7}, "7", http.StatusTooManyRequests},
		{Fault{Kind: LimitedNo}, "", http.StatusTooManyRequests},
		{Fault{Kind: Status}, "", http.StatusInternalServerError},
	} {
		remove := w.Inject(c.fault)
		status, header := w.get(t.Context(), "/abilities")
		if status != c.status || header.Get("ratelimit-reset") != c.header {
			t.Errorf("%s: %d %v", c.fault.Kind, status, header)
		}
		remove()
	}
	w.SetDown(true)
	if status, _ := w.get(t.Context(), "/abilities"); status != 0 {
		t.Error("PagerDuty answered while it was down")
	}
	w.Heal()
	w.Inject(Fault{Kind: Hang, Times: 1})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if status, _ := w.get(ctx, "/abilities"); status != 0 {
		t.Error("a hung request was answered")
	}
}

// get asks as a plain client; the status is 0 when there was no answer.
func (w *world) get(ctx context.Context, path string) (status int, header http.Header) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+path, strings.NewReader(""))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Token token="+w.Token())
	resp, err := w.pd.HTTPClient.Do(r)
	if err != nil {
		return 0, nil
	}
	_ = resp.Body.Close()
	return resp.StatusCode, resp.Header
}
