package pagerin

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/alarm"
)

// fakeIntake remembers what it was given.
type fakeIntake struct {
	took []alarm.Alarm
	kept int
	seen map[bot.Delivery]bool
	err  error
}

func (f *fakeIntake) Take(_ context.Context, a alarm.Alarm) error {
	f.took = append(f.took, a)
	return f.err
}

func (f *fakeIntake) Keep(_ context.Context, deliveries []bot.Delivery, _ []byte) (bool, error) {
	fresh := true
	for _, d := range deliveries {
		fresh = fresh && !f.seen[d]
		f.seen[d] = true
	}
	f.kept++
	return fresh, f.err
}

func (f *fakeIntake) KeepOdd(ctx context.Context, o alarm.Odd) (bool, error) {
	return f.Keep(ctx, o.Deliveries, o.Body)
}

// ring is a way in with two secrets.
type ring struct {
	*testing.T
	intake *fakeIntake
	mux    *http.ServeMux
	counts map[string]int
	log    bytes.Buffer
}

func newRing(t *testing.T) *ring {
	r := &ring{T: t, intake: &fakeIntake{seen: map[bot.Delivery]bool{}}, mux: http.NewServeMux(), counts: map[string]int{}}
	New(Options{
		Secrets: []string{"old", "new"}, Intake: r.intake, Log: slog.New(slog.NewTextHandler(&r.log, nil)),
		Count: func(result string) { r.counts[result]++ },
	}).Register(r.mux)
	return r
}

func signature(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "v1=" + hex.EncodeToString(mac.Sum(nil))
}

func (r *ring) send(body []byte, change func(*http.Request)) int {
	r.Helper()
	req := httptest.NewRequestWithContext(r.Context(), http.MethodPost, "/pagerduty/webhooks", bytes.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Webhook-Id", "w1")
	req.Header.Set("X-PagerDuty-Signature", signature("new", body))
	if change != nil {
		change(req)
	}
	w := httptest.NewRecorder()
	r.mux.ServeHTTP(w, req)
	return w.Code
}

func sample(t *testing.T, kind string) []byte {
	t.Helper()
	body, err := os.ReadFile("testdata/events/" + kind + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestWhoMayComeIn(t *testing.T) {
	body := sample(t, "incident.triggered")
	good, old, junk := signature("new", body), signature("old", body), signature("junk", body)
	sign := func(values ...string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Del("X-PagerDuty-Signature")
			for _, v := range values {
				r.Header.Add("X-PagerDuty-Signature", v)
			}
		}
	}
	for _, c := range []struct {
		name   string
		change func(*http.Request)
		want   int
	}{
		{"signed", nil, 202},
		{"the other secret", sign(old), 202},
		{"both while rotating", sign(junk + "," + good), 202},
		{"spaces between", sign(junk + ", " + old), 202},
		{"two headers", sign(junk, good), 202},
		{"junk versions beside", sign("v2=zz,v0=," + good + ",v1=,=,v1"), 202},
		{"no header", sign(), 401},
		{"empty", sign(""), 401},
		{"another's", sign(junk), 401},
		{"another version", sign(strings.Replace(good, "v1=", "v2=", 1)), 401},
		{"cut short", sign(good[:len(good)-2]), 401},
		{"one bit", sign(good[:len(good)-1] + string(good[len(good)-1]^1)), 401},
		{"an empty secret's", sign(signature("", body)), 401},
		{"GET", func(r *http.Request) { r.Method = http.MethodGet }, 405},
		{"a form", func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }, 415},
		{"no type", func(r *http.Request) { r.Header.Del("Content-Type") }, 415},
		{"with a charset", func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=utf-8") }, 202},
	} {
		r := newRing(t)
		if got := r.send(body, c.change); got != c.want {
			t.Errorf("%s: answered %d, want %d", c.name, got, c.want)
		}
		if took := len(r.intake.took); (took == 1) != (c.want == 202) {
			t.Errorf("%s: taken %d times", c.name, took)
		}
		if forged := r.counts["forged"]; (forged == 1) != (c.want == 401) {
			t.Errorf("%s: counted as forged %d times", c.name, forged)
		}
		if strings.Contains(r.log.String(), good[3:]) {
			t.Errorf("%s: the log holds a signature", c.name)
		}
	}
	if got := newRing(t).send(bytes.Repeat([]byte("x"), maxBody+1), nil); got != 413 {
		t.Errorf("a large body is answered %d", got)
	}
}

func TestTroubleOfOurOwnIsNeverA4xx(t *testing.T) {
	r := newRing(t)
	r.intake.err = errors.New("the disk is full")
	for _, kind := range []string{"incident.triggered", "service.created"} {
		if got := r.send(sample(t, kind), nil); got != 503 {
			t.Errorf("%s is answered %d", kind, got)
		}
	}
	if got := r.send([]byte("{"), nil); got != 503 || r.counts["not_saved"] != 3 {
		t.Errorf("answered %d, counted %v", got, r.counts)
	}
}

func TestWhatIsNotUnderstoodIsKeptAndReportedOnce(t *testing.T) {
	r := newRing(t)
	for _, body := range []string{"{", `{"event":{}}`, `{"event":{"id":"e1","event_type":"incident.triggered","data":{}}}`} {
		for range 3 {
			if got := r.send([]byte(body), nil); got != 202 {
				t.Errorf("%s is answered %d", body, got)
			}
		}
	}
	if n := strings.Count(r.log.String(), "cannot be read"); n != 1 || r.counts["malformed"] != 9 { // one webhook id
		t.Errorf("reported %d times, counted %v", n, r.counts)
	}
	if got := r.send(sample(t, "incident.workflow.started"), func(q *http.Request) { q.Header.Set("X-Webhook-Id", "w2") }); got != 202 || r.counts["ignored"] != 1 {
		t.Errorf("an unknown type is answered %d", got)
	}
	if len(r.intake.took) != 0 || r.intake.kept != 10 {
		t.Errorf("took %d, kept %d", len(r.intake.took), r.intake.kept)
	}
}

func TestBothIdsAreHandedOn(t *testing.T) {
	r := newRing(t)
	r.send(sample(t, "incident.resolved"), nil)
	want := []bot.Delivery{{Source: "pagerduty.webhook", ID: "w1"}, {Source: "pagerduty.event", ID: "01EVENT08"}}
	if got := r.intake.took[0].Deliveries; len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("deliveries: %+v", got)
	}
}

func TestWhatAPageOfOursMadeIsNoAlarm(t *testing.T) {
	r := newRing(t)
	body := []byte(`{"event":{"id":"E1","event_type":"incident.triggered","resource_type":"incident","occurred_at":"2026-03-04T14:00:00Z",` +
		`"data":{"id":"P1","type":"incident","title":"You are needed on INC-8","incident_key":"rollcall/0190/P1","status":"triggered"}}}`)
	if code := r.send(body, nil); code != http.StatusAccepted || len(r.intake.took) != 0 || r.counts["own"] != 1 {
		t.Errorf("answered %d, took %d, counted %v", code, len(r.intake.took), r.counts)
	}
}

// TestSecretsThatAreKeptElsewhere also sign; when they cannot be read PagerDuty has to
// send again, since three webhooks that are refused silence it for a day.
func TestSecretsThatAreKeptElsewhere(t *testing.T) {
	body := sample(t, "incident.triggered")
	for name, c := range map[string]struct {
		secret string
		err    error
		want   int
	}{
		"kept":           {"kept", nil, 202},
		"the settings'":  {"new", errors.New("not asked for"), 202},
		"nobody's":       {"junk", nil, 401},
		"cannot be read": {"kept", errors.New("the database is away"), 503},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRing(t)
			r.mux = http.NewServeMux()
			New(Options{
				Secrets: []string{"new"}, Intake: r.intake, Log: slog.New(slog.DiscardHandler),
				Kept: func(context.Context) ([]string, error) { return []string{"kept"}, c.err },
			}).Register(r.mux)
			got := r.send(body, func(req *http.Request) { req.Header.Set("X-PagerDuty-Signature", signature(c.secret, body)) })
			if got != c.want {
				t.Errorf("answered %d, want %d", got, c.want)
			}
		})
	}
}
