package alerts

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/alarm"
)

type intake struct {
	taken []alarm.Alarm
	kept  []alarm.Odd
	err   error
}

func (i *intake) Take(_ context.Context, a alarm.Alarm) error {
	if i.err == nil {
		i.taken = append(i.taken, a)
	}
	return i.err
}

func (i *intake) KeepOdd(_ context.Context, o alarm.Odd) (bool, error) {
	i.kept = append(i.kept, o)
	return true, i.err
}

// ring is a way in.
type ring struct {
	intake
	mux *http.ServeMux
	log bytes.Buffer
	now time.Time
}

const shared, own, clientSecret = "alert-test", "uptime-test", "sentry-test"

func newRing(t testing.TB) *ring {
	r := &ring{mux: http.NewServeMux(), now: now}
	up := uptime(t)
	up.Token = own
	New(Options{
		Token: shared, Secrets: []string{"the-one-before", clientSecret}, Sources: []Source{up, {Name: "errors-eu", Kind: Sentry, Secrets: []string{"eu-test"}}},
		Intake: &r.intake, Now: func() time.Time { return r.now }, Log: slog.New(slog.NewTextHandler(&r.log, nil)),
	}).Register(r.mux)
	return r
}

func (r *ring) send(method, path string, body []byte, header ...string) int {
	q := httptest.NewRequest(method, path, bytes.NewReader(body))
	q.Header.Set("Content-Type", "application/json")
	for n := 0; n+1 < len(header); n += 2 {
		q.Header.Set(header[n], header[n+1])
	}
	w := httptest.NewRecorder()
	r.mux.ServeHTTP(w, q)
	return w.Code
}

func sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

func TestAnswers(t *testing.T) {
	const auth, bearer = "Authorization", "Bearer " + shared
	group, gen := sample(t, "alertmanager"), sample(t, "generic")
	for name, c := range map[string]struct {
		method, path string
		body         []byte
		header       []string
		err          error
		want         int
		taken, kept  int
	}{
		"alertmanager":       {"POST", "/alerts/alertmanager", group, []string{auth, bearer}, nil, 202, 2, 0},
		"grafana":            {"POST", "/alerts/grafana", group, []string{auth, bearer}, nil, 202, 2, 0},
		"generic":            {"POST", "/alerts/generic", gen, []string{auth, bearer}, nil, 202, 1, 0},
		"sentry":             {"POST", "/alerts/sentry", sample(t, "sentry_event_alert"), []string{auth, bearer, "Sentry-Hook-Resource", "event_alert"}, nil, 202, 1, 0},
		"of no resource":     {"POST", "/alerts/sentry", sample(t, "sentry_event_alert"), []string{auth, bearer}, nil, 202, 0, 1},
		"another resource":   {"POST", "/alerts/sentry", []byte("{}"), []string{auth, bearer, "Sentry-Hook-Resource", "comment"}, nil, 202, 0, 0},
		"its own token":      {"POST", "/alerts/generic?source=uptime", sample(t, "uptime"), []string{auth, "Bearer " + own}, nil, 202, 2, 0},
		"the shared token":   {"POST", "/alerts/generic?source=uptime", sample(t, "uptime"), []string{auth, bearer}, nil, 202, 2, 0},
		"another's token":    {"POST", "/alerts/generic", gen, []string{auth, "Bearer " + own}, nil, 401, 0, 0},
		"unknown source":     {"POST", "/alerts/generic?source=nobody", gen, []string{auth, bearer}, nil, 404, 0, 0},
		"unknown, no token":  {"POST", "/alerts/generic?source=nobody", gen, nil, nil, 401, 0, 0},
		"of another kind":    {"POST", "/alerts/grafana?source=uptime", gen, []string{auth, "Bearer " + own}, nil, 401, 0, 0},
		"wrong token":        {"POST", "/alerts/generic", gen, []string{auth, "Bearer other"}, nil, 401, 0, 0},
		"empty token":        {"POST", "/alerts/generic", gen, []string{auth, "Bearer "}, nil, 401, 0, 0},
		"another scheme":     {"POST", "/alerts/generic", gen, []string{auth, "Basic " + shared}, nil, 401, 0, 0},
		"no token":           {"POST", "/alerts/generic", gen, nil, nil, 401, 0, 0},
		"method":             {"GET", "/alerts/generic", nil, []string{auth, bearer}, nil, 405, 0, 0},
		"kind":               {"POST", "/alerts/generic", gen, []string{auth, bearer, "Content-Type", "text/plain"}, nil, 415, 0, 0},
		"size":               {"POST", "/alerts/generic", bytes.Repeat([]byte(" "), maxBody+1), []string{auth, bearer}, nil, 413, 0, 0},
		"malformed":          {"POST", "/alerts/alertmanager", []byte("{"), []string{auth, bearer}, nil, 202, 0, 1},
		"partly bad":         {"POST", "/alerts/grafana", []byte(strings.Replace(string(group), "0f1e2d3c4b5a6978", "", 1)), []string{auth, bearer}, nil, 202, 1, 1},
		"not saved":          {"POST", "/alerts/grafana", group, []string{auth, bearer}, errors.New("disk full"), 503, 0, 0},
		"not kept":           {"POST", "/alerts/grafana", []byte("{"), []string{auth, bearer}, errors.New("disk full"), 503, 0, 1},
		"never to be stored": {"POST", "/alerts/grafana", group, []string{auth, bearer}, alarm.ErrUnnamed, 503, 0, 1},
		"unknown state":      {"POST", "/alerts/generic", []byte(`{"id":"a","state":"odd"}`), []string{auth, bearer}, nil, 202, 0, 1},
		"not a time":         {"POST", "/alerts/generic", []byte(`{"id":"a","state":"firing","time":"soon"}`), []string{auth, bearer}, nil, 202, 0, 1},
		"two documents":      {"POST", "/alerts/generic", append(gen, gen...), []string{auth, bearer}, nil, 202, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRing(t)
			r.err = c.err
			if got := r.send(c.method, c.path, c.body, c.header...); got != c.want {
				t.Errorf("answered %d, want %d", got, c.want)
			}
			if len(r.taken) != c.taken || len(r.kept) != c.kept {
				t.Errorf("took %d and kept %d, want %d and %d", len(r.taken), len(r.kept), c.taken, c.kept)
			}
		})
	}
}

func TestSentrysSignature(t *testing.T) {
	body := sample(t, "sentry_event_alert")
	for name, c := range map[string]struct {
		path, signature string
		want            int
	}{
		"signed":                   {"/alerts/sentry", sign(clientSecret, body), 202},
		"with the one before":      {"/alerts/sentry", sign("the-one-before", body), 202},
		"its own secret":           {"/alerts/sentry?source=errors-eu", sign("eu-test", body), 202},
		"another source's secret":  {"/alerts/sentry?source=errors-eu", sign(clientSecret, body), 401},
		"another secret":           {"/alerts/sentry", sign("other", body), 401},
		"another body":             {"/alerts/sentry", sign(clientSecret, body[1:]), 401},
		"no hexadecimal digits":    {"/alerts/sentry", "no", 401},
		"half of it":               {"/alerts/sentry", sign(clientSecret, body)[:32], 401},
		"none":                     {"/alerts/sentry", "", 401},
		"a source that signs none": {"/alerts/grafana", sign(clientSecret, body), 401},
		"an unknown source":        {"/alerts/sentry?source=nobody", sign("", body), 401},
	} {
		r := newRing(t)
		if got := r.send("POST", c.path, body, signatureHeader, c.signature, "Sentry-Hook-Resource", "event_alert"); got != c.want {
			t.Errorf("%s: answered %d, want %d", name, got, c.want)
		}
		if len(r.taken) != map[int]int{202: 1}[c.want] {
			t.Errorf("%s: took %d", name, len(r.taken))
		}
	}
}

func TestWithoutATokenThereIsNoAddress(t *testing.T) {
	for kind, want := range map[Kind]int{Generic: 404, Grafana: 404, Sentry: 401} {
		mux := http.NewServeMux()
		New(Options{Secrets: []string{clientSecret}}).Register(mux)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/alerts/"+string(kind), nil))
		if w.Code != want {
			t.Errorf("%s answers %d", kind, w.Code)
		}
	}
}

func TestASourceThatCannotBeReadIsReportedOnceInAWhile(t *testing.T) {
	r := newRing(t)
	send := func(n int) {
		if got := r.send("POST", "/alerts/grafana", fmt.Appendf(nil, "{%d", n), "Authorization", "Bearer "+shared); got != 202 {
			t.Errorf("answered %d", got)
		}
	}
	for n := range 100 {
		send(n)
		r.now = r.now.Add(20 * time.Second)
	}
	if n := strings.Count(r.log.String(), "alert.unread"); n != 1 || len(r.kept) != 100 {
		t.Errorf("reported %d times, kept %d", n, len(r.kept))
	}
	r.now = r.now.Add(oddAgain)
	send(100)
	if n := strings.Count(r.log.String(), "alert.unread"); n != 2 {
		t.Errorf("reported %d times an hour later", n)
	}
	if o := r.kept[0]; o.Source != "grafana" || !strings.Contains(o.Why, "payload") || string(o.Body) != "{0" {
		t.Errorf("kept %+v", o)
	}
}

// TestMalformedBodiesAreNeverOurTrouble sends 10,000 bodies that were damaged at
// random to every address: each is answered 202, and none is a panic.
func TestMalformedBodiesAreNeverOurTrouble(t *testing.T) {
	const each, seed = 10_000, 20260302
	random := rand.New(rand.NewSource(seed))
	addresses := []struct{ path, resource, file string }{
		{"/alerts/alertmanager", "", "alertmanager"},
		{"/alerts/grafana", "", "grafana"},
		{"/alerts/sentry", "event_alert", "sentry_event_alert"},
		{"/alerts/sentry", "metric_alert", "sentry_metric_alert"},
		{"/alerts/sentry", "issue", "sentry_issue_created"},
		{"/alerts/generic", "", "generic"},
		{"/alerts/generic?source=uptime", "", "uptime"},
	}
	for _, a := range addresses {
		r, good := newRing(t), sample(t, a.file)
		for range each {
			body := damaged(random, good)
			if got := r.send("POST", a.path, body, "Authorization", "Bearer "+shared, "Sentry-Hook-Resource", a.resource); got != http.StatusAccepted {
				t.Fatalf("seed %d: %s answers %d to %q", seed, a.path, got, body)
			}
		}
		if len(r.kept) == 0 {
			t.Errorf("%s: nothing was malformed", a.path)
		}
	}
}

// damaged changes, drops or repeats bytes of a body.
func damaged(random *rand.Rand, good []byte) []byte {
	body := bytes.Clone(good)
	for range 1 + random.Intn(8) {
		if len(body) < 2 {
			break
		}
		at := random.Intn(len(body) - 1)
		switch random.Intn(5) {
		case 0:
			body[at] = byte(random.Intn(256))
		case 1:
			body = append(body[:at], body[at+1:]...)
		case 2:
			body = body[:at]
		case 3:
			body[at] = `{}[]":,0nt-`[random.Intn(11)]
		case 4:
			end := at + random.Intn(min(len(body)-at, 64))
			body = append(body[:end:end], body[at:]...)
		}
	}
	return body
}
