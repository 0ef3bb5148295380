package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground"
	"github.com/rollcall-bot/rollcall/bot/playground/page"
)

// browser asks the demo's page what a browser would.
type browser struct {
	t          *testing.T
	url, token string
	people     map[string]string // ids by name
}

func (b *browser) do(method, path string, body any) []byte {
	b.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, bytes.NewReader(raw))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set(page.TokenHeader, b.token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		b.t.Fatalf("%s %s: %d %v\n%s", method, path, resp.StatusCode, err, got)
	}
	return got
}

// sees is the room of INC-1 as somebody sees it; ok is false while it is not there.
func (b *browser) sees(who string) (room page.Channel, ok bool) {
	b.t.Helper()
	var s page.State
	if err := json.Unmarshal(b.do(http.MethodGet, "/api/state?as="+b.people[who], nil), &s); err != nil {
		b.t.Fatal(err)
	}
	at := slices.IndexFunc(s.Channels, func(c page.Channel) bool { return strings.HasPrefix(c.Name, "inc-1-") })
	if at < 0 {
		return page.Channel{}, false
	}
	return s.Channels[at], true
}

// says types a command and waits until what it answers is to be read.
func (b *browser) says(who, channel, line, want string) {
	b.t.Helper()
	b.do(http.MethodPost, "/api/act/slash", map[string]string{"as": b.people[who], "channel": channel, "text": "/incident " + line})
	waitFor(b.t, line+" is answered with "+want, func() bool {
		return strings.Contains(string(b.do(http.MethodGet, "/api/state?as="+b.people[who], nil)), want)
	})
}

// openPage starts the demo that waits and reads its page.
func openPage(t *testing.T) *browser {
	var told, log logged
	p := testProgram(&told)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	dir := t.TempDir()
	go func() {
		ended <- playground.Serve(ctx, playground.Options{
			Start: p.staged(&log), Out: &told, Dir: dir, RFODir: filepath.Join(dir, "rfos"), Wall: time.Now, App: playground.App{Events: app().Events},
		})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("it ended with %v\n%s", err, log.String())
		}
	})
	address := regexp.MustCompile(`http://localhost:\d+`)
	waitFor(t, "the address of the page", func() bool { return address.MatchString(told.String()) })
	b := &browser{t: t, url: address.FindString(told.String()), people: map[string]string{}}
	b.token = string(regexp.MustCompile(`name="token" content="([^"]+)"`).FindSubmatch(b.do(http.MethodGet, "/", nil))[1])
	var about struct{ People []page.Person }
	if err := json.Unmarshal(b.do(http.MethodGet, "/api/about", nil), &about); err != nil {
		t.Fatal(err)
	}
	for _, one := range about.People {
		b.people[one.Name] = one.ID
	}
	return b
}

// TestAnOutageOnThePage plays an outage as the page in the browser would: commands, buttons, reactions, the clock, PagerDuty
// and the document, with the real bot behind it.
func TestAnOutageOnThePage(t *testing.T) {
	b := openPage(t)
	b.says("ana", "incidents", "open sev1 Checkout is down", "Join the call")
	var room page.Channel
	waitFor(t, "the room with its summary", func() bool {
		room, _ = b.sees("ana")
		return room.Member && len(room.Pins) == 1 && len(room.Bookmarks) == 1
	})
	if _, there := b.sees("gus"); there {
		t.Error("a guest sees the room")
	}
	waitFor(t, "the call as Slack's own block", func() bool {
		r, _ := b.sees("ana")
		return strings.Contains(string(encodeRoom(t, r)), `"has_ended":false`)
	})
	b.do(http.MethodPost, "/api/act/join", map[string]string{"as": b.people["bea"], "channel": room.ID})
	b.do(http.MethodPost, "/api/act/click", map[string]string{"as": b.people["bea"], "channel": room.ID, "ts": room.Pins[0], "action": "run:lead"})
	waitFor(t, "who leads", func() bool { r, _ := b.sees("ana"); return strings.Contains(string(encodeRoom(t, r)), "led by") })
	b.says("ana", room.ID, "task @bea Roll back checkout", "T4")
	b.do(http.MethodPost, "/api/set/clock", map[string]int{"seconds": 300})
	b.do(http.MethodPost, "/api/set/fault", map[string]any{"name": "slack-down", "on": true})
	b.says("bea", room.ID, "rollback checkout done", "checkout")
	b.do(http.MethodPost, "/api/set/fault", map[string]any{"name": "slack-down", "on": false})
	b.says("bea", room.ID, "mitigated the old version runs", "itigated")
	b.do(http.MethodPost, "/api/set/pager", map[string]string{"do": "raise", "subject": pagerService(t, b, "Search"), "title": "Search is slow", "as": "ana"})
	waitFor(t, "what to do about the alarm", func() bool {
		return strings.Contains(string(b.do(http.MethodGet, "/api/state?as="+b.people["ana"], nil)), "Open incident")
	})
	if doc := string(b.do(http.MethodGet, "/rfo/INC-1?as="+b.people["bea"], nil)); !strings.Contains(doc, "Checkout is down") || !strings.Contains(doc, "Users well again") {
		t.Errorf("the document is\n%s", doc)
	}
}

// TestAVisitorRollsBackOnThePage has a visitor press the button of a rollback hook; what it calls is a stand-in.
func TestAVisitorRollsBackOnThePage(t *testing.T) {
	b := openPage(t)
	b.says("bea", "incidents", "open sev1 Checkout is down", "Join the call")
	var room page.Channel
	waitFor(t, "the room", func() bool { room, _ = b.sees("bea"); return room.Member })
	b.says("bea", room.ID, "rollback checkout", "Run rollback")
	pressed := false
	for _, m := range func() []page.Message { r, _ := b.sees("bea"); return r.Messages }() {
		action := regexp.MustCompile(`"action_id":"(offer:[^"]+)"[^}]*"confirm"`).FindSubmatch(m.Blocks)
		if !m.Own || action == nil {
			continue
		}
		pressed = true
		b.do(http.MethodPost, "/api/act/click", map[string]string{"as": b.people["bea"], "channel": room.ID, "ts": m.TS, "action": string(action[1])})
	}
	if !pressed {
		t.Fatal("there is no button that asks first")
	}
	waitFor(t, "that it is rolled back", func() bool {
		r, _ := b.sees("ana")
		return strings.Contains(string(encodeRoom(t, r)), "`checkout` is *rolled back* by a webhook")
	})
}

// pagerService is PagerDuty's id of a service.
func pagerService(t *testing.T, b *browser, name string) string {
	t.Helper()
	var s page.State
	if err := json.Unmarshal(b.do(http.MethodGet, "/api/state?as="+b.people["ana"], nil), &s); err != nil {
		t.Fatal(err)
	}
	for _, one := range s.Pager.Services {
		if one.Name == name {
			return one.ID
		}
	}
	t.Fatalf("PagerDuty has no service %s", name)
	return ""
}

func encodeRoom(t *testing.T, room page.Channel) []byte {
	t.Helper()
	raw, err := json.Marshal(room)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
