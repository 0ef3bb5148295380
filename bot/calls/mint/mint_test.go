package mint_test

import (
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/calls/mint"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/playground/callfake"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// options are short ones. Each test has connections of its own.
func options(t *testing.T) mint.Options {
	t.Helper()
	transport := &http.Transport{DialContext: (&net.Dialer{Timeout: time.Second}).DialContext}
	t.Cleanup(transport.CloseIdleConnections)
	return mint.Options{
		Transport: transport, Now: func() time.Time { return noon }, Timeout: 300 * time.Millisecond, Rest: time.Hour,
		Log: slog.New(slog.DiscardHandler),
	}
}

func newMeet(t *testing.T, change func(*mint.MeetOptions)) (*callfake.Meet, *mint.Meet) {
	t.Helper()
	fake, err := callfake.NewMeet("calls@example.org")
	if err != nil {
		t.Fatal(err)
	}
	base, err := fake.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o := mint.MeetOptions{Options: options(t), Key: fake.Key(), User: "calls@example.org", Access: mint.MeetOpen, APIURL: base}
	if change != nil {
		change(&o)
	}
	if o.Key == nil {
		o.TokenURL = fake.TokenURL()
		if o.Refresh == "" {
			o.Refresh = fake.Refresh
		}
	}
	m, err := mint.NewMeet(o)
	if err != nil {
		t.Fatal(err)
	}
	return fake, m
}

func newZoom(t *testing.T, change func(*mint.ZoomOptions)) (*callfake.Zoom, *mint.Zoom) {
	t.Helper()
	fake := callfake.NewZoom(func() time.Time { return noon }, "host1@example.org", "host2@example.org")
	base, err := fake.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o := mint.ZoomOptions{
		Options: options(t), AccountID: fake.AccountID, ClientID: fake.ClientID, Secret: fake.Secret, Hosts: fake.Users,
		APIURL: base + "/v2", TokenURL: base + "/oauth/token", Random: func() string { return "0123456789abcdef" },
	}
	if change != nil {
		change(&o)
	}
	return fake, mint.NewZoom(o)
}

func ends(t *testing.T, err error, end outbound.End, code string) *outbound.Failure {
	t.Helper()
	f := outbound.FailureOf(err)
	if f == nil || f.End != end || f.Code != code {
		t.Fatalf("ended as %v; it should be %s %q", err, end, code)
	}
	return f
}

func TestMeetMakesARoomThatNobodyKnocksAt(t *testing.T) {
	for name, change := range map[string]func(*mint.MeetOptions){
		"service account": nil,
		"refresh token": func(o *mint.MeetOptions) {
			o.Key, o.ClientID, o.Secret = nil, "client", "secret"
		},
	} {
		t.Run(name, func(t *testing.T) {
			fake, m := newMeet(t, change)
			one, err := m.Mint(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			two, err := m.Mint(t.Context(), "")
			if err != nil || one.URL == two.URL || !strings.HasPrefix(one.URL, "https://meet.google.com/") {
				t.Fatal(one, two, err)
			}
			if s := fake.Spaces(); len(s) != 2 || s[0].Access != "OPEN" || s[0].Entry != "ALL" || s[0].Name != one.ID {
				t.Errorf("%+v", s)
			}
			if l, err := m.Look(t.Context(), one); err != nil || len(l.Waits)+len(l.Notes) != 0 {
				t.Errorf("%+v %v", l, err)
			}
			if n := fake.Calls("token"); n != 1 {
				t.Errorf("%d tokens for three requests", n)
			}
		})
	}
}

func TestMeetSaysWhenPeopleWouldKnock(t *testing.T) {
	fake, m := newMeet(t, nil)
	fake.ForceAccess("RESTRICTED")
	room, err := m.Mint(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if l, err := m.Look(t.Context(), room); err != nil || len(l.Waits) != 1 || !strings.Contains(l.Waits[0], "Admin console") {
		t.Errorf("%+v %v", l, err)
	}
	_, m = newMeet(t, func(o *mint.MeetOptions) { o.Access = mint.MeetTrusted })
	if room, err = m.Mint(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	if l, err := m.Look(t.Context(), room); err != nil || len(l.Waits) != 0 || len(l.Notes) != 1 {
		t.Errorf("%+v %v", l, err)
	}
}

func TestMeetTakesNoTokenOfAnotherUser(t *testing.T) {
	fake, m := newMeet(t, func(o *mint.MeetOptions) { o.User = "ana@example.org" })
	_, err := m.Mint(t.Context(), "")
	if f := ends(t, err, outbound.Refused, "unauthorized_client"); !strings.Contains(f.Fix, "domain-wide delegation") {
		t.Error(f.Fix)
	}
	if len(fake.Spaces()) != 0 {
		t.Error("a room was made")
	}
}

func TestMeetGetsANewTokenWhenItsOwnIsRevoked(t *testing.T) {
	fake, m := newMeet(t, nil)
	if _, err := m.Mint(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	fake.Revoke()
	_, err := m.Mint(t.Context(), "")
	_ = ends(t, err, outbound.Refused, "http_401")
	if _, err := m.Mint(t.Context(), ""); err != nil {
		t.Errorf("the next attempt: %v", err)
	}
}

func TestMeetKeysAreCheckedBeforeTheyAreUsed(t *testing.T) {
	for key, want := range map[string]string{
		"{": "no JSON key", `{"type":"authorized_user"}`: "something else", `{"type":"service_account"}`: "no JSON key",
	} {
		if err := mint.CheckMeetKey([]byte(key)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", key, err)
		}
	}
}

func TestZoomMakesARoomThatStartsWithoutItsHost(t *testing.T) {
	fake, z := newZoom(t, nil)
	room, err := z.Mint(t.Context(), "host2@example.org")
	if err != nil || room.Host != "host2@example.org" || !strings.Contains(room.URL, "pwd=") {
		t.Fatal(room, err)
	}
	s := fake.Meetings()[0].Settings
	if s["join_before_host"] != true || s["waiting_room"] != false || s["jbh_time"] != 0.0 || fake.Meetings()[0].Type != 3 {
		t.Errorf("%+v", fake.Meetings()[0])
	}
	if l, err := z.Look(t.Context(), room); err != nil || len(l.Waits)+len(l.Notes) != 0 {
		t.Errorf("%+v %v", l, err)
	}
	if err := z.Remove(t.Context(), room); err != nil || !fake.Meetings()[0].Deleted {
		t.Error(err)
	}
	if err := z.Remove(t.Context(), room); err != nil {
		t.Errorf("one that is gone: %v", err)
	}
}

func TestZoomSaysWhenPeopleWouldWait(t *testing.T) {
	fake, z := newZoom(t, nil)
	fake.MakeEverybodyWait()
	room, err := z.Mint(t.Context(), "host1@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if l, err := z.Look(t.Context(), room); err != nil || len(l.Waits) != 1 || !strings.Contains(l.Waits[0], "Waiting Room") {
		t.Errorf("%+v %v", l, err)
	}
}

func TestZoomNamesWhatIsWrong(t *testing.T) {
	_, z := newZoom(t, func(o *mint.ZoomOptions) { o.Secret = "another" })
	_, err := z.Mint(t.Context(), "host1@example.org")
	if f := ends(t, err, outbound.Refused, "invalid_client"); !strings.Contains(f.Fix, "ZOOM_CLIENT_SECRET") {
		t.Error(f.Fix)
	}
	_, z = newZoom(t, nil)
	_, err = z.Mint(t.Context(), "nobody@example.org")
	if f := ends(t, err, outbound.Refused, "http_404"); !strings.Contains(f.Fix, "ZOOM_HOSTS") {
		t.Error(f.Fix)
	}
}

func TestZoomsDailyLimitHoldsUntilMidnight(t *testing.T) {
	fake, z := newZoom(t, nil)
	for range 100 {
		if _, err := z.Mint(t.Context(), "host1@example.org"); err != nil {
			t.Fatal(err)
		}
	}
	_, err := z.Mint(t.Context(), "host1@example.org")
	if f := ends(t, err, outbound.Delayed, outbound.RateLimited); f.Wait != 12*time.Hour {
		t.Errorf("waits %s", f.Wait)
	}
	if _, err := z.Mint(t.Context(), "host2@example.org"); err != nil || len(fake.Meetings()) != 101 {
		t.Errorf("another host: %v", err)
	}
}
