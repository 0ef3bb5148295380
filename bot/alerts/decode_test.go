package alerts

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

var now = time.Date(2026, 3, 2, 14, 10, 0, 0, time.UTC)

func path(t testing.TB, text string) Path {
	t.Helper()
	p, err := ParsePath(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// uptime is a source with a body of its own.
func uptime(t testing.TB) Source {
	return Source{Name: "uptime", Kind: Generic, Fields: &Fields{
		Each: path(t, "data.checks"), Fingerprint: path(t, "check.id"), State: path(t, "up"), Firing: []string{"FALSE"}, Resolved: []string{"true"},
		Title: path(t, "/check/name.full"), Severity: path(t, "level"), Time: path(t, "at"), StartedAt: path(t, "since"), URL: path(t, "link"),
	}}
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func from(s Source, resource string, body []byte) message {
	return message{Source: s, header: http.Header{"Sentry-Hook-Resource": {resource}}, body: body, now: now}
}

// line is all that a report says.
func line(t told) string {
	r, at := t.report, func(t time.Time) string {
		if t.IsZero() {
			return "-"
		}
		return t.Format("15:04:05")
	}
	return fmt.Sprintf("%s %s %s at %s since %s: %s|%s|%s|%s|%s", r.Ref.Source, r.Ref.ID, r.Kind, at(r.At), at(r.Began),
		r.Facts.Title, r.Facts.Service, r.Facts.Urgency, r.Facts.Priority, r.Facts.URL)
}

func TestEveryDocumentedMessageIsRead(t *testing.T) {
	named := func(k Kind) Source { return Source{Name: string(k), Kind: k} }
	for _, c := range []struct {
		file, resource string
		from           Source
		want           []string
	}{
		{"alertmanager", "", named(Alertmanager), []string{
			"alertmanager c3bc9cd2b5a5c1a1@1772459910 triggered at 13:58:30 since 13:58:30: Checkout takes 9 s|checkout|critical|P1|https://prometheus.example.org/graph?g0.expr=up",
			"alertmanager 0f1e2d3c4b5a6978@1772456400 resolved at 14:05:00 since 13:00:00: CartErrors|cart|warning||https://prometheus.example.org/graph?g0.expr=cart",
		}},
		{"grafana", "", named(Grafana), []string{
			"grafana 57c6d9296de2ad39@1772460100 triggered at 14:01:40 since 14:01:40: The disk of db-1 is 95 % full|db|high||https://grafana.example.org/alerting/grafana/abc/view?orgId=1",
		}},
		{"sentry_event_alert", "event_alert", named(Sentry), []string{
			"sentry 4400112233 triggered at 13:57:00 since 13:57:00: TypeError: cart is undefined|storefront|fatal||https://sentry.example.org/organizations/acme/issues/4400112233/events/11112222333344445555666677778888/",
		}},
		{"sentry_metric_alert", "metric_alert", named(Sentry), []string{
			"sentry metric:88 triggered at 13:59:00 since 13:50:00: Too many failed payments|storefront|critical||https://sentry.example.org/organizations/acme/alerts/12/",
		}},
		{"sentry_metric_resolved", "metric_alert", named(Sentry), []string{
			"sentry metric:88 resolved at 14:04:00 since 13:50:00: Too many failed payments|storefront|||https://sentry.example.org/organizations/acme/alerts/12/",
		}},
		{"sentry_issue_created", "issue", named(Sentry), []string{
			"sentry 4400112233 triggered at 13:56:00 since 13:56:00: TypeError: cart is undefined|storefront|error|high|https://sentry.example.org/organizations/acme/issues/4400112233/",
		}},
		{"sentry_issue_resolved", "issue", named(Sentry), []string{
			"sentry 4400112233 resolved at 14:10:00 since -: TypeError: cart is undefined|storefront|error||https://sentry.example.org/organizations/acme/issues/4400112233/",
		}},
		{"generic", "", named(Generic), []string{
			"generic backup triggered at 14:00:00 since 14:00:00: The backup failed|db|high|P2|https://backup.example.org/42",
		}},
		{"uptime", "", uptime(t), []string{
			"uptime 7 triggered at 13:59:00 since 13:58:00: Shop front||major||https://up.example.org/7",
			"uptime 8 resolved at 14:10:00 since 11:13:20: Blog||||",
		}},
	} {
		list, bad, err := decoders[c.from.Kind](from(c.from, c.resource, sample(t, c.file)))
		if err != nil || bad != nil || len(list) != len(c.want) {
			t.Errorf("%s: read %d, %v, %v", c.file, len(list), bad, err)
			continue
		}
		for n, one := range list {
			if got := line(one); got != c.want[n] {
				t.Errorf("%s\nreads %s\nnot   %s", c.file, got, c.want[n])
			}
			if one.recurs == (c.from.Kind == Alertmanager || c.from.Kind == Grafana) {
				t.Errorf("%s: recurs is %v", c.file, one.recurs)
			}
		}
	}
}

func TestABodyMayBeTheListItself(t *testing.T) {
	s := Source{Name: "batch", Kind: Generic, Fields: &Fields{Each: Whole, Fingerprint: path(t, "id"), State: path(t, "s"), Firing: []string{"bad"}}}
	list, bad, err := generic(from(s, "", []byte(`[{"id":"a","s":"bad"},{"id":"b","s":"bad"},{"s":"bad"}]`)))
	if err != nil || bad == nil || !strings.Contains(bad.Error(), "alert 2") || len(list) != 2 || list[1].report.Ref.ID != "b" {
		t.Errorf("read %+v, %v, %v", list, bad, err)
	}
	if _, _, err := generic(from(s, "", []byte(`{"id":"a","s":"bad"}`))); err == nil {
		t.Error("a body that is no list is taken")
	}
}

func TestWhatIsNoAlarmOfSentrysIsLeftAlone(t *testing.T) {
	body := string(sample(t, "sentry_issue_created"))
	for name, m := range map[string]message{
		"installed":       from(Source{Kind: Sentry}, "installation", []byte(`{"action":"created"}`)),
		"a comment":       from(Source{Kind: Sentry}, "comment", []byte(`{"action":"created"}`)),
		"assigned":        from(Source{Kind: Sentry}, "issue", []byte(strings.Replace(body, `"created"`, `"assigned"`, 1))),
		"of low priority": from(Source{Kind: Sentry}, "issue", []byte(strings.Replace(body, `"high"`, `"low"`, 1))),
	} {
		if list, bad, err := sentry(m); len(list) != 0 || bad != nil || err != nil {
			t.Errorf("%s: %d %v %v", name, len(list), bad, err)
		}
	}
}

func TestAnEndWithoutATimeIsWhenItCame(t *testing.T) {
	body := func(ends string) []byte {
		return []byte(`{"alerts":[{"status":"resolved","fingerprint":"f","startsAt":"2026-03-02T14:00:00Z"` + ends + `}]}`)
	}
	for name, ends := range map[string]string{"none": "", "zero": `,"endsAt":"0001-01-01T00:00:00Z"`, "before it began": `,"endsAt":"2026-03-02T13:00:00Z"`} {
		list, bad, err := group(from(Source{Name: "grafana", Kind: Grafana}, "", body(ends)))
		if err != nil || bad != nil || len(list) != 1 || !list[0].report.At.Equal(now) || list[0].report.Kind != incident.AlarmResolved || list[0].report.Text != untimed {
			t.Errorf("%s: %+v %v %v", name, list, bad, err)
			continue
		}
		later := list[0]
		later.report.At = now.Add(time.Hour)
		if a, b := list[0].alarm().Deliveries, later.alarm().Deliveries; len(a) != 1 || a[0] != b[0] {
			t.Errorf("%s: told again it counts as new", name)
		}
	}
}

func TestTheSameAlertIsDeliveredOnce(t *testing.T) {
	list, _, err := group(from(Source{Name: "alertmanager", Kind: Alertmanager}, "", sample(t, "alertmanager")))
	again, _, _ := group(from(Source{Name: "alertmanager", Kind: Alertmanager}, "", sample(t, "alertmanager")))
	if err != nil || list[0].alarm().Deliveries[0] != again[0].alarm().Deliveries[0] || list[0].alarm().Deliveries[0] == list[1].alarm().Deliveries[0] {
		t.Error("deliveries are not told apart by what they tell")
	}
	undated, _, err := generic(from(Source{Name: "generic", Kind: Generic}, "", []byte(`{"id":"a","state":"firing"}`)))
	if err != nil || len(undated) != 1 || undated[0].alarm().Deliveries != nil || undated[0].report.Facts.Title != "a" {
		t.Errorf("%+v %v", undated, err)
	}
}

func TestPaths(t *testing.T) {
	for text, want := range map[string]string{"a": "a", "a.0.b": "a|0|b", "/a.b/c~1d~0": "a.b|c/d~", "/a b": "a b"} {
		if got := strings.Join(path(t, text), "|"); got != want {
			t.Errorf("%s is read %s", text, got)
		}
	}
	for _, text := range []string{"", ".", "a.", ".a", "a..b", "/", "/a//b", "a b", strings.Repeat("a.", 30) + "a"} {
		if p, err := ParsePath(text); err == nil {
			t.Errorf("%q is read %q", text, p)
		}
	}
}

func FuzzDecoders(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal(err)
	}
	for _, file := range files {
		f.Add(sample(f, strings.TrimSuffix(filepath.Base(file), ".json")))
	}
	sources := []Source{{Name: "alertmanager", Kind: Alertmanager}, {Name: "grafana", Kind: Grafana}, {Name: "sentry", Kind: Sentry}, {Name: "generic", Kind: Generic}, uptime(f)}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, s := range sources {
			for _, resource := range []string{"event_alert", "metric_alert", "issue"} {
				list, _, err := decoders[s.Kind](from(s, resource, body))
				if err != nil {
					continue
				}
				for _, one := range list {
					if r := one.report; r.Ref.Source != s.Name || r.Ref.ID == "" || r.At.IsZero() || r.Facts.Title == "" {
						t.Errorf("%s gave %+v", s.Name, one)
					}
					one.alarm()
				}
			}
		}
	})
}

func FuzzPaths(f *testing.F) {
	f.Add("a.b.0", []byte(`{"a":{"b":[1.5e10]}}`))
	f.Add("/a~1b", []byte(`{"a/b":"2026-03-02T14:00:00Z"}`))
	f.Fuzz(func(t *testing.T, text string, body []byte) {
		p, err := ParsePath(text)
		if err != nil {
			return
		}
		s := Source{Name: "x", Kind: Generic, Fields: &Fields{Fingerprint: p, State: p, Firing: []string{"1"}, Time: p, Each: p}}
		if list, _, err := generic(from(s, "", body)); err == nil && len(list) > maxEach {
			t.Errorf("%d alerts", len(list))
		}
	})
}
