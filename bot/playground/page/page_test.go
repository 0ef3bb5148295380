package page_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/page"
	"github.com/rollcall-bot/rollcall/bot/playground/pagerfake"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// modal is what the bot of these tests opens for every command.
const modal = `{"type":"modal","title":{"type":"plain_text","text":"Open"},"submit":{"type":"plain_text","text":"Go"},"blocks":[
	{"type":"input","block_id":"title","label":{"type":"plain_text","text":"What is broken"},"element":{"type":"plain_text_input","action_id":"t"}}]}`

// world is a page over a workspace whose bot opens a modal and finds fault with what is submitted.
type world struct {
	slack *slackfake.Workspace
	pager *pagerfake.Account
	page  *httptest.Server
	token string
	ahead time.Duration
	ana   string
	guest string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{slack: slackfake.New(slackfake.Options{Now: time.Now}), pager: pagerfake.New(pagerfake.Options{Now: time.Now})}
	w.ana = w.slack.AddUser(slackfake.User{Name: "ana", RealName: "Ana"})
	w.guest = w.slack.AddUser(slackfake.User{Name: "gus", Guest: true})
	bot := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		if strings.Contains(r.Form.Get("payload"), "view_submission") {
			rw.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(rw, `{"response_action":"errors","errors":{"title":"Say what users see."}}`)
			return
		}
		form := url.Values{"token": {w.slack.BotToken()}, "trigger_id": {r.Form.Get("trigger_id")}, "view": {modal}}
		call := httptest.NewRequestWithContext(r.Context(), http.MethodPost, "/api/views.open", strings.NewReader(form.Encode()))
		call.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w.slack.ServeHTTP(httptest.NewRecorder(), call)
	}))
	t.Cleanup(bot.Close)
	w.slack.SetBotURL(bot.URL)
	service := w.pager.AddService(pagerfake.Service{Name: "Checkout", OnCall: []string{w.pager.AddUser(pagerfake.User{Name: "Ana", ID: "PANA"})}})
	p, err := page.New(page.Stage{
		Slack: w.slack, Pager: w.pager, Now: time.Now, Ahead: func() time.Duration { return w.ahead },
		Move:     func(_ context.Context, d time.Duration) error { w.ahead += d; return nil },
		Services: []page.Service{{ID: service, Name: "Checkout"}}, Phones: map[string]string{"PANA": "ana"},
		Document: func(_ context.Context, key string) ([]byte, error) { return []byte("<h1>" + key + "</h1>"), nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.page = httptest.NewServer(p)
	t.Cleanup(w.page.Close)
	_, body := w.do(t, http.MethodGet, "/", "", nil)
	found := regexp.MustCompile(`name="token" content="([^"]+)"`).FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("no token in\n%s", body)
	}
	w.token = found[1]
	return w
}

// do makes a request, with the token when it changes something.
func (w *world) do(t *testing.T, method, path, body string, change func(*http.Request)) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, w.page.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set(page.TokenHeader, w.token)
	if change != nil {
		change(r)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(got)
}

func (w *world) state(t *testing.T, as string) (s page.State) {
	t.Helper()
	code, body := w.do(t, http.MethodGet, "/api/state?as="+as, "", nil)
	if err := json.Unmarshal([]byte(body), &s); err != nil || code != http.StatusOK {
		t.Fatalf("state (%d): %v\n%s", code, err, body)
	}
	return s
}

func TestOnlyThePageItselfIsAnswered(t *testing.T) {
	w := newWorld(t)
	message := `{"as":"` + w.ana + `","channel":"general","text":"hello"}`
	for name, c := range map[string]struct {
		method string
		change func(*http.Request)
		want   int
	}{
		"the page":           {http.MethodPost, func(r *http.Request) { r.Header.Set("Origin", w.page.URL) }, http.StatusOK},
		"a rebound name":     {http.MethodPost, func(r *http.Request) { r.Host = "evil.example:8080" }, http.StatusMisdirectedRequest},
		"reading, rebound":   {http.MethodGet, func(r *http.Request) { r.Host = "127.0.0.1.evil.example" }, http.StatusMisdirectedRequest},
		"another origin":     {http.MethodPost, func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, http.StatusForbidden},
		"another site":       {http.MethodPost, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, http.StatusForbidden},
		"without the token":  {http.MethodPost, func(r *http.Request) { r.Header.Del(page.TokenHeader) }, http.StatusForbidden},
		"with another token": {http.MethodPost, func(r *http.Request) { r.Header.Set(page.TokenHeader, "x") }, http.StatusForbidden},
	} {
		path := "/api/act/message"
		if c.method == http.MethodGet {
			path = "/"
		}
		if code, body := w.do(t, c.method, path, message, c.change); code != c.want {
			t.Errorf("%s: %d, want %d: %s", name, code, c.want, body)
		}
	}
	if n := len(w.slack.Messages("general")); n != 1 {
		t.Errorf("%d messages were written, not one", n)
	}
}

func TestAModalShowsWhatTheBotFindsWrong(t *testing.T) {
	w := newWorld(t)
	as := `{"as":"` + w.ana + `",`
	if code, body := w.do(t, http.MethodPost, "/api/act/slash", as+`"channel":"general","text":"/incident open"}`, nil); code != http.StatusOK {
		t.Fatalf("the command: %d %s", code, body)
	}
	if m := w.state(t, w.ana).Modal; m == nil || m.Title != "Open" || m.Submit != "Go" {
		t.Fatalf("the modal is %+v", m)
	}
	if m := w.state(t, w.guest).Modal; m != nil {
		t.Errorf("somebody else sees the modal %+v", m)
	}
	if code, body := w.do(t, http.MethodPost, "/api/act/submit", as+`"values":{"title":""}}`, nil); code != http.StatusUnprocessableEntity || !strings.Contains(body, "required") {
		t.Errorf("an empty title: %d %s", code, body)
	}
	if _, body := w.do(t, http.MethodPost, "/api/act/submit", as+`"values":{"title":"x"}}`, nil); !strings.Contains(body, `"title":"Say what users see."`) {
		t.Errorf("the errors are %s", body)
	}
	w.do(t, http.MethodPost, "/api/act/close", as+`"text":""}`, nil)
	if m := w.state(t, w.ana).Modal; m != nil {
		t.Errorf("the modal is still open: %+v", m)
	}
}

func TestAGuestSeesOnlyTheirRooms(t *testing.T) {
	w := newWorld(t)
	w.slack.AddChannel("inc-1-checkout", false, w.ana)
	w.slack.AddChannel("relaunch", true, w.ana, w.guest)
	if list := w.state(t, w.guest).Channels; len(list) != 1 || list[0].Name != "relaunch" {
		t.Errorf("the guest sees %+v", list)
	}
	for as, want := range map[string]int{w.ana: http.StatusOK, w.guest: http.StatusNotFound} {
		if code, body := w.do(t, http.MethodGet, "/rfo/INC-1?as="+as, "", nil); code != want {
			t.Errorf("the document for %s: %d, want %d: %s", as, code, want, body)
		}
	}
}

func TestTheStageIsSet(t *testing.T) {
	w := newWorld(t)
	service := w.state(t, w.ana).Pager.Services[0].ID
	for _, c := range []struct {
		path, body string
		want       int
	}{
		{"clock", `{"seconds":300}`, http.StatusOK},
		{"clock", `{"seconds":-1}`, http.StatusUnprocessableEntity},
		{"fault", `{"name":"slack-down","on":true}`, http.StatusOK},
		{"fault", `{"name":"flood","on":true}`, http.StatusUnprocessableEntity},
		{"pager", `{"do":"raise","subject":"` + service + `","title":"payments fail","as":"ana"}`, http.StatusOK},
		{"pager", `{"do":"raise","subject":"` + service + `","title":" "}`, http.StatusUnprocessableEntity},
		{"weather", `{}`, http.StatusUnprocessableEntity},
	} {
		if code, body := w.do(t, http.MethodPost, "/api/set/"+c.path, c.body, nil); code != c.want {
			t.Errorf("%s %s: %d, want %d: %s", c.path, c.body, code, c.want, body)
		}
	}
	s := w.state(t, w.ana)
	if s.Ahead != 300 || len(s.Faults) != 1 || s.Faults[0] != "slack-down" || len(s.Pager.Alarms) != 1 || s.Pager.Pages[0].User != "ana" {
		t.Fatalf("the stage is %+v", s)
	}
	w.do(t, http.MethodPost, "/api/set/pager", `{"do":"acknowledge","subject":"`+s.Pager.Alarms[0].ID+`","as":"gus"}`, nil)
	w.do(t, http.MethodPost, "/api/set/fault", `{"name":"slack-down","on":false}`, nil)
	if s = w.state(t, w.ana); s.Pager.Alarms[0].Status != pagerfake.Acknowledged || len(s.Faults) != 0 {
		t.Errorf("the alarm is %s, faults %v", s.Pager.Alarms[0].Status, s.Faults)
	}
}
