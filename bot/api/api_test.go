package api_test

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/api"
)

func TestNothingIsReadBeforeTheToken(t *testing.T) {
	w := newWorld(t)
	for _, header := range []string{
		"Authorization: ", "Authorization: Bearer", "Authorization: Bearer ", "Authorization: Basic " + token, "Authorization: " + token,
		"Authorization: Bearer " + token + "x", "Authorization: Bearer " + token[1:], "Authorization: bearer,",
	} {
		for _, path := range []string{"/incidents", "/nowhere", "/openapi.json", "/incidents/INC-1/commands"} {
			a := w.wants(http.StatusUnauthorized, http.MethodPost, path, "{", header, "Content-Type: text/plain")
			if a.header.Get("WWW-Authenticate") != "Bearer" {
				t.Errorf("no challenge: %v", a.header)
			}
		}
	}
	w.wants(http.StatusOK, http.MethodGet, "/incidents", "", "Authorization: bearer "+readToken)
}

func TestWithoutATokenThereIsNoAPI(t *testing.T) {
	mux := http.NewServeMux()
	api.New(api.Options{}).Register(mux)
	rec := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/incidents", nil)
	r.Header.Set("Authorization", "Bearer ")
	mux.ServeHTTP(rec, r)
	if rec.Code != http.StatusNotFound {
		t.Fatalf("got %d", rec.Code)
	}
}

func TestEveryRefusalSaysWhatToDo(t *testing.T) {
	w := newWorld(t)
	const post, get, good = http.MethodPost, http.MethodGet, `{"title":"Checkout is down"}`
	w.wants(http.StatusCreated, post, "/incidents", good)
	for _, c := range []struct {
		status       int
		method, path string
		body         string
		header       string
	}{
		{403, post, "/incidents", good, "Authorization: Bearer " + readToken},
		{403, post, "/incidents/INC-1/commands", `{"text":"note x"}`, "Authorization: Bearer " + readToken},
		{404, get, "/nowhere", "", ""},
		{404, get, "/incidents/INC-2", "", ""},
		{404, get, "/incidents/INC-02", "", ""},
		{404, get, "/incidents/INC-99999999999999999999", "", ""},
		{404, get, "/incidents/1", "", ""},
		{404, get, "/incidents/INC--1/timeline", "", ""},
		{404, post, "/incidents/INC-2/commands", `{"text":"status"}`, ""},
		{405, http.MethodDelete, "/incidents", "", ""},
		{405, post, "/actions", "{}", ""},
		{406, get, "/incidents/INC-1/rfo", "", "Accept: image/png"},
		{406, get, "/incidents/INC-1/rfo", "", "Accept: application/json;q=0"},
		{413, post, "/incidents", `{"title":"` + strings.Repeat("a", 1<<20) + `"}`, ""},
		{415, post, "/incidents", good, "Content-Type: text/plain"},
		{415, post, "/incidents", good, "Content-Type: ;"},
		{400, post, "/incidents", ``, ""},
		{400, post, "/incidents", `null`, ""},
		{400, post, "/incidents", `[]`, ""},
		{400, post, "/incidents", `{"title":`, ""},
		{400, post, "/incidents", `{"title":7}`, ""},
		{400, post, "/incidents", `{"titel":"x"}`, ""},
		{400, post, "/incidents", good + good, ""},
		{400, post, "/incidents", `{"title":"x","severity":5}`, ""},
		{400, post, "/incidents", `{"title":"x","severity":1.5}`, ""},
		{400, post, "/incidents", good, "Idempotency-Key: " + strings.Repeat("k", 256)},
		{400, post, "/incidents", good, "Idempotency-Key: ñ"},
		{400, post, "/incidents?dry=true", good, ""},
		{400, get, "/incidents?limit=0", "", ""},
		{400, get, "/incidents?limit=many", "", ""},
		{400, get, "/incidents?status=closed", "", ""},
		{400, get, "/incidents?status=all&status=open", "", ""},
		{400, get, "/incidents?before=7", "", ""},
		{400, get, "/incidents/INC-1?verbose=1", "", ""},
		{400, get, "/incidents/INC-1/rfo?format=pdf", "", ""},
		{400, get, "/incidents/INC-1/rfo?format=html&customer=true", "", ""},
		{422, post, "/incidents", `{}`, ""},
		{422, post, "/incidents", `{"title":" \n"}`, ""},
		{422, post, "/incidents", `{"title":"x","service":"two words"}`, ""},
		{422, post, "/incidents", `{"title":"` + strings.Repeat("a", 300) + `"}`, ""},
		{422, post, "/incidents", `{"title":"x","actor":"U2"}`, ""},
		{422, post, "/incidents", `{"title":"x","actor":"U3"}`, ""},
		{422, post, "/incidents", `{"title":"x","actor":"U4"}`, ""},
		{422, post, "/incidents", `{"title":"x","actor":"U5"}`, ""},
		{422, post, "/incidents", `{"title":"x","actor":"api:rollcall"}`, ""},
		{422, post, "/incidents", `{"title":"x","actor":"nobody@example.org"}`, ""},
		{422, post, "/incidents/INC-1/commands", `{"text":""}`, ""},
		{422, post, "/incidents/INC-1/commands", `{"text":"INC-2 note x"}`, ""},
		{422, post, "/incidents/INC-1/commands", `{"text":"open private x"}`, ""},
		{422, post, "/incidents/INC-1/commands", `{"text":"ack"}`, ""},
		{409, post, "/incidents/INC-1/commands", `{"text":"nonsense"}`, ""},
	} {
		headers := []string{}
		if c.header != "" {
			headers = append(headers, c.header)
		}
		a := w.wants(c.status, c.method, c.path, c.body, headers...)
		var e api.Error
		if err := json.Unmarshal([]byte(a.text), &e); err != nil || e.Error.Code == "" || len(e.Error.Message) < 10 {
			t.Errorf("%s %s %.60s: %s", c.method, c.path, c.body, a.text)
		}
		if c.status == http.StatusMethodNotAllowed && a.header.Get("Allow") == "" {
			t.Errorf("%s %s does not say what is allowed", c.method, c.path)
		}
	}
	if a := w.wants(200, get, "/incidents?status=all", ""); strings.Count(a.text, `"key"`) != 1 {
		t.Fatalf("a refusal opened something: %s", a.text)
	}
}

func TestTheSameKeyGetsTheFirstAnswer(t *testing.T) {
	w := newWorld(t)
	key := "Idempotency-Key: 17"
	first := w.wants(201, http.MethodPost, "/incidents", `{"title":"Checkout is down","actor":"ana@EXAMPLE.org"}`, key)
	if first.header.Get("Location") != "/api/v1/incidents/INC-1" || !strings.Contains(first.text, `"call":"https://jitsi.example.org/`) {
		t.Fatal(first.text)
	}
	again := w.wants(201, http.MethodPost, "/incidents", `{ "actor":"ana@EXAMPLE.org", "title":"Checkout is down"}`, key)
	if again.text != first.text {
		t.Fatalf("another answer: %s, then %s", first.text, again.text)
	}
	w.wants(422, http.MethodPost, "/incidents", `{"title":"Another","actor":"ana@EXAMPLE.org"}`, key)
	w.wants(422, http.MethodPost, "/incidents/INC-1/commands", `{"text":"note x"}`, key)
	refused := w.wants(422, http.MethodPost, "/incidents/INC-1/commands", `{"text":"lead me"}`, "Idempotency-Key: 18")
	if again := w.wants(422, http.MethodPost, "/incidents/INC-1/commands", `{"text":"lead me"}`, "Idempotency-Key: 18"); again.text != refused.text {
		t.Fatalf("another refusal: %s, then %s", refused.text, again.text)
	}
	w.wants(200, http.MethodPost, "/incidents/INC-1/commands", `{"text":"note once"}`, "Idempotency-Key: 19")
	w.wants(200, http.MethodPost, "/incidents/INC-1/commands", `{"text":"note once"}`, "Idempotency-Key: 19")
	if a := w.wants(200, http.MethodGet, "/incidents/INC-1/timeline", ""); strings.Count(a.text, `"once"`) != 1 {
		t.Fatal(a.text)
	}
}

func TestAPrivateIncidentDoesNotExist(t *testing.T) {
	w := newWorld(t)
	a := w.door.Handle(t.Context(), bot.Request{From: bot.From{User: "U1", Team: "T1"}, Surface: "slash", Text: "open private canary-title"})
	if a.Kind != bot.Done {
		t.Fatal(a.Text)
	}
	w.wants(201, http.MethodPost, "/incidents", `{"title":"Checkout is down","actor":"U1"}`)
	for _, path := range []string{"", "/timeline", "/rfo"} {
		hidden, unknown := w.wants(404, http.MethodGet, "/incidents/INC-1"+path, ""), w.wants(404, http.MethodGet, "/incidents/INC-9"+path, "")
		if hidden.text != unknown.text {
			t.Errorf("%s: %s and %s", path, hidden.text, unknown.text)
		}
	}
	seen := w.call(http.MethodGet, "/incidents?status=all", "").text + w.call(http.MethodGet, "/actions", "").text
	for _, line := range []string{
		"list all", "list mine", "overdue", "status", "merge INC-1", "help", "timeline", "undo", "INC-1 note x", "paged somebody", "open same thing", "nonsense", "actions",
	} {
		body, err := json.Marshal(map[string]any{"text": line, "actor": "U1"})
		if err != nil {
			t.Fatal(err)
		}
		seen += w.call(http.MethodPost, "/incidents/INC-2/commands", string(body)).text
		seen += w.call(http.MethodPost, "/incidents/INC-1/commands", string(body)).text
	}
	if strings.Contains(seen, "canary") {
		t.Fatal(seen)
	}
}

func TestListsAreCutIntoPages(t *testing.T) {
	w := newWorld(t)
	for n := range 5 {
		w.wants(201, http.MethodPost, "/incidents", fmt.Sprintf(`{"title":"number %d","severity":"sev3","drill":%t}`, n, n == 2))
	}
	w.wants(200, http.MethodPost, "/incidents/INC-3/commands", `{"text":"cancel a test","confirmed":true}`)
	var keys []string
	for next := "/incidents?limit=2"; next != ""; {
		var page api.Incidents
		if err := json.Unmarshal([]byte(w.wants(200, http.MethodGet, next, "").text), &page); err != nil {
			t.Fatal(err)
		}
		for _, b := range page.Incidents {
			keys = append(keys, b.Key)
		}
		next = strings.TrimPrefix(page.Next, "/api/v1")
	}
	if got := strings.Join(keys, " "); got != "INC-5 INC-4 INC-2 INC-1" {
		t.Fatal(got)
	}
}

func TestTheRFOComesAsAskedFor(t *testing.T) {
	w := newWorld(t)
	w.wants(201, http.MethodPost, "/incidents", `{"title":"Checkout is down"}`)
	for accept, want := range map[string]string{
		"": "application/json", "*/*": "application/json", "text/html,application/xhtml+xml,*/*;q=0.8": "text/html", "text/markdown": "text/markdown",
		"text/*": "text/markdown", "application/json;q=0.1, text/html;q=0.2": "text/html", "nonsense, text/html": "text/html", "*/*, application/json;q=0": "text/markdown",
	} {
		a := w.wants(200, http.MethodGet, "/incidents/INC-1/rfo", "", "Accept: "+accept)
		if !strings.HasPrefix(a.header.Get("Content-Type"), want+";") {
			t.Errorf("%q gives %s", accept, a.header.Get("Content-Type"))
		}
	}
	w.wants(200, http.MethodGet, "/incidents/INC-1/rfo?customer=true", "", "Accept: image/png")
	w.wants(200, http.MethodHead, "/incidents/INC-1", "")
	w.wants(200, http.MethodGet, "/incidents/INC-1", "")
}

func TestWhateverIsSentNothingBreaks(t *testing.T) {
	w := newWorld(t)
	w.wants(201, http.MethodPost, "/incidents", `{"title":"Checkout is down"}`)
	random := rand.New(rand.NewSource(1)) // the same bodies each time
	seeds := []string{
		`{"title":"x","severity":1,"service":"a","actor":"U1"}`, `{"text":"note x","confirmed":true}`, `{"text":"task @ana do","actor":""}`,
		`{"text":"action <@U1> by 2d x; done when y"}`, `{"text":"update x"}`, "[[[[", `{"text":"\ud800 \u0000"}`,
	}
	parts := []string{"{", "}", `"`, ":", ",", "null", "1e999", "\x00", "\xff", `\u202e`, "<!channel>", "INC-1", "open", "@", "-1", "[", "true", "note at 99:99 ", "resolve", "undo"}
	for n := range 10_000 {
		body := seeds[random.Intn(len(seeds))]
		for range 1 + random.Intn(3) {
			at := random.Intn(len(body) + 1)
			if cut := at + random.Intn(4); random.Intn(2) == 0 && cut <= len(body) {
				body = body[:at] + body[cut:]
			} else {
				body = body[:at] + parts[random.Intn(len(parts))] + body[at:]
			}
		}
		path := []string{"/incidents", "/incidents/INC-1/commands"}[n%2]
		if a := w.call(http.MethodPost, path, body, fmt.Sprintf("Idempotency-Key: %d", n)); a.status >= 500 {
			t.Fatalf("%s %q: %d %s", path, body, a.status, a.text)
		}
		if t.Failed() {
			t.Fatalf("at %s %q", path, body)
		}
	}
}
