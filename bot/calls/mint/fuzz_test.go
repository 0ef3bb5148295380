package mint_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/calls/mint"
	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// replies gives out a token and then the same reply to everything.
type replies struct{ body string }

func (r replies) RoundTrip(req *http.Request) (*http.Response, error) {
	body := r.body
	if strings.HasSuffix(req.URL.Path, "/token") {
		body = `{"access_token":"x","token_type":"Bearer","expires_in":3600}`
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: req,
	}, nil
}

// FuzzReplies holds that whatever a provider answers, a room is one that people can
// be sent to, or there is none.
func FuzzReplies(f *testing.F) {
	for _, seed := range []string{
		`{"name":"spaces/a","meetingUri":"https://meet.google.com/abc-defg-hij","config":{"accessType":"OPEN","entryPointAccess":"ALL"}}`,
		`{"id":84000000001,"join_url":"https://us02web.zoom.us/j/1?pwd=x","settings":{"waiting_room":true,"jbh_time":5}}`,
		`{"id":-1,"join_url":"javascript:alert(1)"}`, `{"name":"spaces/../x","meetingUri":"https://a@b/"}`, `[]`, `null`, `{"id":1e99}`, `{"name":7}`, ``,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		o := mint.Options{Transport: replies{body}, Now: func() time.Time { return noon }, Timeout: time.Second, Log: slog.New(slog.DiscardHandler)}
		m, err := mint.NewMeet(mint.MeetOptions{Options: o, ClientID: "c", Secret: "s", Refresh: "r", APIURL: "http://meet.example", TokenURL: "http://meet.example/token"})
		if err != nil {
			t.Fatal(err)
		}
		z := mint.NewZoom(mint.ZoomOptions{Options: o, APIURL: "http://zoom.example", TokenURL: "http://zoom.example/token", Random: func() string { return "0123456789" }})
		one, err := m.Mint(t.Context(), "")
		usable(t, one, err)
		two, err := z.Mint(t.Context(), "a/../b?c")
		usable(t, two, err)
		_, _ = m.Look(t.Context(), outbound.Room{ID: "spaces/a"})
		_, _ = z.Look(t.Context(), outbound.Room{ID: "1", URL: two.URL})
	})
}

func usable(t *testing.T, room outbound.Room, err error) {
	t.Helper()
	if err != nil {
		if f := outbound.FailureOf(err); f.End != outbound.Unclear || room.URL != "" {
			t.Fatalf("%v %v", room, err)
		}
		return
	}
	u, err := url.Parse(room.URL)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || room.ID == "" {
		t.Fatalf("%q", room)
	}
}
