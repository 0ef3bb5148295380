package pagerfake

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// subscribed is a world whose webhooks go to a receiver when Pump is called.
func subscribed(t *testing.T) (*world, *receiver, string) {
	t.Helper()
	w := newWorld(t, func(o *Options) { o.ManualWebhooks = true; o.Seed = 7 })
	r := newReceiver(t)
	id, secret := w.Subscribe(r.URL, "incident.triggered", "incident.acknowledged", "incident.resolved", "incident.annotated")
	r.secret = secret
	return w, r, id
}

func (w *world) trigger(title string) string {
	w.t.Helper()
	id, err := w.Trigger(w.checkout, title, title)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) do(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestWebhooksAreSignedAndInOrder(t *testing.T) {
	w, r, _ := subscribed(t)
	i := w.trigger("a")
	w.do(w.Acknowledge(w.bea, i))
	w.do(w.Note(w.bea, i, "looking"))
	w.do(w.Resolve(w.bea, i))
	if n := w.Pump(t.Context()); n != 4 {
		t.Errorf("%d attempts, want 4", n)
	}
	var kinds []string
	for _, d := range w.Deliveries() {
		if d.State != Delivered {
			t.Errorf("%s is %s", d.EventType, d.State)
		}
		kinds = append(kinds, d.EventType)
	}
	if want := []string{"incident.triggered", "incident.acknowledged", "incident.annotated", "incident.resolved"}; !slices.Equal(kinds, want) {
		t.Errorf("kinds %v, want %v", kinds, want)
	}
	if r.forged != 0 {
		t.Errorf("%d signatures did not verify", r.forged)
	}
	var body struct {
		Event struct {
			ID       string `json:"id"`
			Type     string `json:"event_type"`
			Occurred string `json:"occurred_at"`
			Agent    *struct {
				ID string `json:"id"`
			} `json:"agent"`
			Data struct {
				Type   string `json:"type"`
				Status string `json:"status"`
			} `json:"data"`
		} `json:"event"`
	}
	if err := json.Unmarshal(w.Deliveries()[1].Body, &body); err != nil {
		t.Fatal(err)
	}
	e := body.Event
	if e.ID == "" || e.Occurred != "2026-03-10T14:00:00.000Z" || e.Agent == nil || e.Agent.ID != w.bea || e.Data.Type != "incident" || e.Data.Status != Acknowledged {
		t.Errorf("event: %+v", e)
	}
}

func TestWebhooksAreRetriedInOrderOfTheirResource(t *testing.T) {
	w, r, _ := subscribed(t)
	i := w.trigger("a")
	w.do(w.Resolve(w.bea, i))
	r.answer(http.StatusServiceUnavailable)
	if n := w.Pump(t.Context()); n != 1 { // the second waits for the first
		t.Errorf("%d attempts, want 1", n)
	}
	w.trigger("b") // another resource need not wait
	r.answer(http.StatusAccepted)
	if n := w.Pump(t.Context()); n != 1 {
		t.Errorf("%d attempts, want 1", n)
	}
	w.clock.Advance(firstRetry)
	if n := w.Pump(t.Context()); n != 2 {
		t.Errorf("%d attempts, want 2", n)
	}
	all := w.Deliveries()
	first, second, other := all[0].WebhookID, all[1].WebhookID, all[2].WebhookID
	if want := []string{first, other, first, second}; !slices.Equal(r.ids(), want) {
		t.Errorf("arrived %v, want %v", r.ids(), want)
	}
}

func TestThreeDropsDisableASubscription(t *testing.T) {
	w, r, id := subscribed(t)
	r.answer(http.StatusUnauthorized)
	for _, title := range []string{"a", "b", "c", "d"} {
		w.trigger(title)
	}
	w.Pump(t.Context())
	if n := len(r.ids()); n != 3 {
		t.Errorf("%d attempts, want 3: none after the subscription went off", n)
	}
	disabled := func() bool {
		status, _ := w.get(t.Context(), "/webhook_subscriptions/"+id)
		return status == http.StatusOK && w.state.hooks[0].off(w.now())
	}
	if !disabled() {
		t.Error("the subscription is still on")
	}
	w.trigger("e")
	r.answer(http.StatusAccepted)
	if n := w.Pump(t.Context()); n != 0 {
		t.Errorf("%d attempts while off, want none", n)
	}
	if code := w.post("/webhook_subscriptions/"+id+"/enable", ""); code != http.StatusOK || disabled() {
		t.Errorf("enable answered %d, off is %v", code, disabled())
	}
	w.trigger("f")
	if n := w.Pump(t.Context()); n != 1 {
		t.Errorf("%d attempts after enabling, want 1: what was dropped stays lost", n)
	}
}

func TestWebhooksDoubledAndShuffled(t *testing.T) {
	w, r, _ := subscribed(t)
	i := w.trigger("a")
	w.do(w.Acknowledge(w.bea, i))
	w.do(w.Resolve(w.bea, i))
	w.Pump(t.Context())
	if statuses := w.ResendShuffled(t.Context(), 100); len(statuses) != 300 || slices.Contains(statuses, 0) {
		t.Errorf("statuses: %d of them", len(statuses))
	}
	count := map[string]int{}
	for _, id := range r.ids() {
		count[id]++
	}
	for id, n := range count {
		if n != 101 {
			t.Errorf("%s arrived %d times, want 101", id, n)
		}
	}
	if r.forged != 0 {
		t.Errorf("%d signatures did not verify", r.forged)
	}
}

func TestSubscribingThroughTheAPI(t *testing.T) {
	w := newWorld(t, nil)
	r := newReceiver(t)
	body := `{"webhook_subscription":{"type":"webhook_subscription","delivery_method":{"type":"http_delivery_method","url":"` + r.URL +
		`"},"events":["incident.triggered"],"filter":{"type":"service_reference","id":"` + w.checkout + `"}}}`
	if code := w.post("/webhook_subscriptions", body); code != http.StatusOK {
		t.Fatalf("answered %d", code)
	}
	if code := w.post("/webhook_subscriptions", strings.Replace(body, w.checkout, "PNO", 1)); code != http.StatusBadRequest {
		t.Errorf("a filter on an unknown service was answered %d", code)
	}
	s := w.state.hooks[0]
	r.secret = s.Secret
	if code := w.post("/webhook_subscriptions/"+s.ID+"/ping", ""); code != http.StatusAccepted {
		t.Errorf("ping answered %d", code)
	}
	w.trigger("a")
	w.Wait()
	if n := len(r.ids()); n != 2 || r.forged != 0 {
		t.Errorf("%d webhooks arrived, %d forged, want the ping and the trigger", n, r.forged)
	}
}

func TestRetriesEndAfterTwoDays(t *testing.T) {
	w, r, _ := subscribed(t)
	r.answer(http.StatusInternalServerError)
	w.trigger("a")
	for range 100 {
		w.Pump(t.Context())
		w.clock.Advance(lastRetry)
	}
	d := w.Deliveries()[0]
	if d.State != Dropped || d.Attempts < 48 || d.Attempts > 52 {
		t.Errorf("%s after %d attempts", d.State, d.Attempts)
	}
}

func TestSignWithSeveralSecrets(t *testing.T) {
	body := []byte("{}")
	if got, want := Sign(body, "old", "new"), Sign(body, "old")+","+Sign(body, "new"); got != want || !strings.HasPrefix(got, "v1=") {
		t.Errorf("Sign = %q, want %q", got, want)
	}
}

// post sends a body with the token; it returns the status.
func (w *world) post(path, body string) int {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.url+path, bytes.NewBufferString(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Token token="+w.Token())
	r.Header.Set("Content-Type", "application/json")
	resp, err := w.pd.HTTPClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode == http.StatusUnauthorized {
		w.t.Fatal("the token was refused")
	}
	return resp.StatusCode
}
