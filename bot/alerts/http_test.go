package alerts

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/alarm"
	"github.com/rollcall-bot/rollcall/incident"
)

type intake struct {
	taken []alarm.Alarm
	kept  map[string]bool
	err   error
}

func (i *intake) Take(_ context.Context, a alarm.Alarm) error {
	if i.err == nil {
		i.taken = append(i.taken, a)
	}
	return i.err
}

func (i *intake) Keep(_ context.Context, d []bot.Delivery, _ []byte) (bool, error) {
	fresh := !i.kept[d[0].ID]
	i.kept[d[0].ID] = true
	return fresh, i.err
}

const two = `{"version":"4","status":"firing","extra":{"a":1},"alerts":[
{"status":"firing","fingerprint":"f1","startsAt":"2026-03-02T14:00:00Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"https://prom.example/g","labels":{"alertname":"Slow","service":"checkout","severity":"critical"},"annotations":{"summary":"Checkout is slow"}},
{"status":"resolved","fingerprint":"f2","startsAt":"2026-03-02T14:00:00Z","endsAt":"2026-03-02T14:05:00Z","labels":{"alertname":"Errors","job":"cart"}}]}`

func send(in *intake, method, path, token, kind, body string) int {
	mux := http.NewServeMux()
	New(Options{Token: "alert-test", Intake: in, Log: slog.New(slog.DiscardHandler)}).Register(mux)
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", token)
	r.Header.Set("Content-Type", kind)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	return w.Code
}

func TestAnswers(t *testing.T) {
	const ok, js = "Bearer alert-test", "application/json"
	for name, c := range map[string]struct {
		method, path, token, kind, body string
		err                             error
		want, taken, kept               int
	}{
		"alertmanager":  {"POST", "/alerts/alertmanager", ok, js, two, nil, 202, 2, 0},
		"grafana":       {"POST", "/alerts/grafana", ok, js, two, nil, 202, 2, 0},
		"generic":       {"POST", "/alerts/generic", ok, js, `{"id":"a","state":"firing","title":"Down","time":"2026-03-02T14:00:00Z"}`, nil, 202, 1, 0},
		"wrong token":   {"POST", "/alerts/generic", "Bearer other", js, two, nil, 401, 0, 0},
		"no token":      {"POST", "/alerts/generic", "", js, two, nil, 401, 0, 0},
		"method":        {"GET", "/alerts/generic", ok, js, "", nil, 405, 0, 0},
		"kind":          {"POST", "/alerts/generic", ok, "text/plain", "{}", nil, 415, 0, 0},
		"size":          {"POST", "/alerts/generic", ok, js, strings.Repeat(" ", maxBody+1), nil, 413, 0, 0},
		"malformed":     {"POST", "/alerts/alertmanager", ok, js, "{", nil, 202, 0, 1},
		"partly bad":    {"POST", "/alerts/grafana", ok, js, strings.Replace(two, `"f2"`, `""`, 1), nil, 202, 1, 1},
		"not saved":     {"POST", "/alerts/grafana", ok, js, two, errors.New("disk full"), 503, 0, 0},
		"unknown state": {"POST", "/alerts/generic", ok, js, `{"id":"a","state":"odd","time":"2026-03-02T14:00:00Z"}`, nil, 202, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			in := &intake{kept: map[string]bool{}, err: c.err}
			if got := send(in, c.method, c.path, c.token, c.kind, c.body); got != c.want {
				t.Errorf("answered %d, want %d", got, c.want)
			}
			if len(in.taken) != c.taken || len(in.kept) != c.kept {
				t.Errorf("took %d and kept %d, want %d and %d", len(in.taken), len(in.kept), c.taken, c.kept)
			}
		})
	}
}

func TestReports(t *testing.T) {
	reports, bad, err := group("alertmanager")([]byte(two))
	if err != nil || bad != 0 || len(reports) != 2 {
		t.Fatalf("read %d reports, %d bad, %v", len(reports), bad, err)
	}
	a, b := reports[0], reports[1]
	if a.Kind != incident.AlarmTriggered || a.Facts.Title != "Checkout is slow" || a.Facts.Service != "checkout" || a.Facts.Urgency != "critical" {
		t.Errorf("the first reads %+v", a)
	}
	if b.Kind != incident.AlarmResolved || b.At.Minute() != 5 || b.Began.Minute() != 0 || b.Facts.Service != "cart" {
		t.Errorf("the second reads %+v", b)
	}
	if deliveryID(a) == deliveryID(b) || deliveryID(a) != deliveryID(reports[0]) {
		t.Error("deliveries are not told apart by what they tell")
	}
}

func TestNoTokenNoAddress(t *testing.T) {
	mux := http.NewServeMux()
	New(Options{}).Register(mux)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("POST", "/alerts/generic", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("answered %d", w.Code)
	}
}

func FuzzDecoders(f *testing.F) {
	f.Add([]byte(two))
	f.Add([]byte(`{"id":"a","state":"resolved","time":"2026-03-02T14:00:00Z"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for source, read := range decoders {
			reports, _, err := read(body)
			if err != nil {
				continue
			}
			for _, r := range reports {
				if r.Ref.Source != source || r.Ref.ID == "" || r.At.IsZero() {
					t.Errorf("%s gave %+v", source, r)
				}
			}
		}
	})
}
