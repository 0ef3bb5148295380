package pages_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
)

var noteID = regexp.MustCompile(`name="id" value="([^"]+)"`)

// notes counts how often a text is on the page of INC-1.
func (b *browser) notes(text string) int {
	b.w.t.Helper()
	return strings.Count(b.get("/incidents/INC-1").body, text)
}

func TestANoteIsOnTheTimelineOnce(t *testing.T) {
	w := newWorld(t)
	w.open("open Checkout is down")
	b := w.enters(guest, "INC-1")
	page := b.get("/incidents/INC-1")
	if !strings.Contains(page.body, "https://meet.example.org/") {
		t.Error("the call link is not on the page")
	}
	form := url.Values{"id": {noteID.FindStringSubmatch(page.body)[1]}, "text": {"the cache\r\nis full"}}
	for range 2 { // a double submit
		got := b.post("/incidents/INC-1/note", form)
		if got.status != http.StatusSeeOther || got.header.Get("Location") != "/incidents/INC-1?noted#note" {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	if n := b.notes("the cache\nis full"); n != 1 {
		t.Errorf("the note is there %d times", n)
	}
	// The same id from somebody else is another note.
	if got := w.enters(member, "INC-1").post("/incidents/INC-1/note", url.Values{"id": form["id"], "text": {"bea's own"}}); got.status != http.StatusSeeOther {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if n := b.notes("bea&#39;s own"); n != 1 {
		t.Errorf("the other note is there %d times", n)
	}
	if !strings.Contains(w.dump("event"), `|page|`) {
		t.Error("the log does not say where the note was written")
	}
	if got := b.post("/incidents/INC-1/note", url.Values{"id": {"at"}, "text": {"at 13:30Z it began"}}); got.status != http.StatusSeeOther {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if body := b.get("/incidents/INC-1").body; !strings.Contains(body, `datetime="2026-03-04T13:30:00Z"`) {
		t.Error("a note with a time is not at its time")
	}
}

func TestWhatIsRefusedStaysInTheBox(t *testing.T) {
	w := newWorld(t)
	w.open("open Checkout is down")
	b := w.enters(member, "INC-1")
	long := strings.Repeat("ä", 3001)
	for _, typed := range []string{"at 2026-03-09T10:00:00Z it will break", long} {
		got := b.post("/incidents/INC-1/note", url.Values{"id": {"one"}, "text": {typed}})
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "NOT saved: ") || !strings.Contains(got.body, ">"+typed+"</textarea>") {
			t.Errorf("%.40q: %d %s", typed, got.status, got.body)
		}
		if id := noteID.FindStringSubmatch(got.body); id == nil || id[1] == "one" {
			t.Error("the mended note would be answered like the refused one")
		}
	}
	if got := b.post("/incidents/INC-1/note", url.Values{"text": {"  \n"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("an empty note: %d", got.status)
	}
	w.door = unsaved{}
	got := b.post("/incidents/INC-1/note", url.Values{"id": {"kept"}, "text": {"it <is> over"}})
	if got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, "NOT saved") || !strings.Contains(got.body, "it &lt;is&gt; over</textarea>") ||
		noteID.FindStringSubmatch(got.body)[1] != "kept" {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// unsaved is a conversation whose database takes nothing.
type unsaved struct{}

func (unsaved) Handle(context.Context, bot.Request) bot.Answer {
	return bot.Answer{Kind: bot.NotSaved, Text: "NOT saved"}
}

func TestOnlyNotesCanBeWritten(t *testing.T) {
	w := newWorld(t)
	w.open("open Checkout is down")
	b := w.enters(member, "INC-1")
	for _, typed := range []string{"resolve", "INC-1 resolve", "<@U2> resolve\nresolve", "&lt;!channel&gt; -- resolve"} {
		if got := b.post("/incidents/INC-1/note", url.Values{"text": {typed}}); got.status != http.StatusSeeOther {
			t.Errorf("%q: %d", typed, got.status)
		}
	}
	body := b.get("/incidents/INC-1").body
	if !strings.Contains(body, `<span class="badge open">open</span>`) {
		t.Error("a note was more than a note")
	}
	if !strings.Contains(body, "&lt; @U2&gt; resolve") || !strings.Contains(body, "&amp;lt;!channel&amp;gt;") {
		t.Error("a note does not read as it was typed", body)
	}
}

func TestANoteComesBackWhenTheDatabaseDoesNotAnswer(t *testing.T) {
	w := newWorld(t)
	w.open("open Checkout is down")
	b := w.enters(member, "INC-1")
	if err := w.store.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := b.post("/incidents/INC-1/note", url.Values{"text": {"the cache is full"}})
	if got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, "NOT saved") || !strings.Contains(got.body, "the cache is full") {
		t.Errorf("%d %s", got.status, got.body)
	}
	if strings.Contains(got.body, "not let in") {
		t.Error("the writer is told that they may not")
	}
}

func TestOneAddressForOneIncident(t *testing.T) {
	w := newWorld(t)
	w.open("open Checkout is down")
	b := w.signsIn(member)
	for _, path := range []string{"/incidents/inc-1", "/incidents/Inc-1"} {
		if got := b.get(path); got.status != http.StatusFound || got.header.Get("Location") != "/incidents/INC-1" {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	for _, path := range []string{"/incidents/1", "/incidents/INC-01", "/incidents/INC-1%2f..", "/incidents/INC-", "/incidents/INC--1", "/incidents/INC-1 "} {
		if got := b.get(strings.ReplaceAll(path, " ", "%20")); got.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.status)
		}
	}
}

func TestAnotherSiteCannotWrite(t *testing.T) {
	w := newWorld(t)
	w.open("open Checkout is down")
	b := w.signsIn(member)
	form := url.Values{"id": {"1"}, "text": {"forged"}}
	for _, header := range [][]string{
		{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example.org"},
		{"Sec-Fetch-Site", "same-site", "Origin", "https://evil.example.org"},
		{"Sec-Fetch-Site", "", "Origin", "https://evil.example.org"},
		{"Sec-Fetch-Site", "", "Origin", "null"},
	} {
		for _, path := range []string{"/incidents/INC-1/note", "/incidents/INC-1", "/sign-out"} {
			if got := b.post(path, form, header...); got.status != http.StatusForbidden {
				t.Errorf("%v at %s: %d", header, path, got.status)
			}
		}
	}
	if b.notes("forged") != 0 {
		t.Error("the note is there")
	}
}

func TestReadingChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.open("open Checkout is down")
	w.says(member, "INC-1 action <@U1> by 2026-03-05 look")
	in, by, out := w.signsIn(member), w.enters(member, "INC-1"), w.browser()
	tables := []string{"event", "effect", "card", "due", "delivery", "incident", "pass", "offer", "river_job"}
	before := w.dump(tables...)
	for _, path := range []string{
		"/", "/incidents/INC-1", "/incidents/INC-1?all", "/incidents/INC-1?noted", "/incidents/INC-1/rfo", "/incidents/INC-1/rfo.md", "/incidents/INC-1/rfo.html",
		"/incidents/INC-1/rfo?customer=1", "/incidents/INC-1/note", "/incidents/INC-99", "/actions", "/metrics-dashboard", "/sign-in", "/sign-out",
		"/sign-in/callback?state=x&code=y", "/static/style.css", "/static/enter.js", "/static/../server.go",
	} {
		for _, b := range []*browser{in, by, out} {
			b.get(path)
		}
	}
	if after := w.dump(tables...); after != before {
		t.Error("something was written")
	}
}

func TestWhatPeopleTypeStaysText(t *testing.T) {
	w := newWorld(t)
	hostile := `</title></textarea><script>alert(1)</script><img src=x onerror=alert(1)> "' javascript:alert(1)`
	typed := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(hostile)
	w.open("open -- " + typed)
	w.says(member, "INC-1 note "+typed)
	w.says(member, "INC-1 task "+typed)
	w.says(member, "INC-1 action <@U1> by 2026-03-20 "+typed)
	w.says(member, "INC-1 resolve")
	b := w.signsIn(member)
	clean, _ := elements(t, w.signsIn(outsider).get("/incidents/INC-99").body)
	for path, scripts := range map[string]int{
		"/": 0, "/incidents/INC-1": 1, "/actions": 0, "/metrics-dashboard": 0, "/incidents/INC-1/rfo": 0, "/incidents/INC-1/rfo?customer=1": 0,
	} {
		got := b.get(path)
		count, text := elements(t, got.body)
		if got.status != http.StatusOK || count["script"] != scripts || count["img"] != 0 || count["title"] != clean["title"] {
			t.Errorf("%s: %d, elements %v", path, got.status, count)
		}
		if path != "/incidents/INC-1/rfo?customer=1" && !strings.Contains(text, "<script>alert(1)</script>") {
			t.Errorf("%s does not show what was typed", path)
		}
	}
	refused := b.post("/incidents/INC-1/note", url.Values{"text": {"at 2026-03-09T10:00:00Z " + hostile}})
	if count, text := elements(t, refused.body); count["script"] != 1 || !strings.Contains(text, hostile) {
		t.Errorf("in the box: %v", count)
	}
}

func TestTheListsShowWhatMatters(t *testing.T) {
	w := newWorld(t)
	w.open("open sev1 Checkout is down")
	w.says(member, "INC-1 lead me")
	w.open("open Search is slow")
	w.says(member, "INC-2 action <@U1> by 2026-03-20 alert on the age; done when it pages")
	w.says(member, "INC-2 action <@U2> by 2026-03-06 split the pool")
	w.says(member, "INC-2 first-error 13:50Z")
	w.says(member, "INC-2 detected customer at 13:55Z")
	w.says(member, "INC-2 resolve")
	w.clock.Advance(4 * 24 * time.Hour)
	b := w.signsIn(member)
	list := b.get("/").body
	if one, two := strings.Index(list, "INC-1"), strings.Index(list, "INC-2"); one < 0 || two < one || !strings.Contains(list, "led by Ana") {
		t.Error("the list: what is going on does not come first, or who leads is missing")
	}
	actions := b.get("/actions").body
	if late, open := strings.Index(actions, "split the pool"), strings.Index(actions, "alert on the age"); late < 0 || open < late || !strings.Contains(actions, "Overdue") {
		t.Errorf("the actions: what is overdue does not come first:\n%s", actions)
	}
	_, figures := elements(t, b.get("/metrics-dashboard").body)
	for _, want := range []string{"1 resolved incident.", "1 left out", "10 min", "median", "90th percentile", "1 of 1", "customer: 1", "not recorded"} {
		if !strings.Contains(figures, want) {
			t.Errorf("the figures lack %q:\n%s", want, figures)
		}
	}
	if strings.Contains(figures, "Ana") && !strings.Contains(figures, "Sign out") || strings.Count(figures, "Ana") > 1 {
		t.Error("the figures name people")
	}
	times := b.get("/incidents/INC-1").body
	if !strings.Contains(times, "15:00:00</time>") || !strings.Contains(times, "Europe/Berlin") {
		t.Error("times are not the reader's")
	}
}

func TestAnIncidentShowsWhereCopiesOfItsRFOAre(t *testing.T) {
	w := newWorld(t)
	id := w.open("open Checkout is down")
	w.says(member, "INC-1 resolve")
	b := w.signsIn(member)
	if page := b.get("/incidents/INC-1").body; strings.Contains(page, "Copies of the RFO") {
		t.Error("it shows copies that there are not")
	}
	for _, c := range []incident.Command{
		incident.PublishRFO{Lint: incident.Lint{Hash: "1"}},
		incident.NoteExport{Target: "git", Revision: 1, Place: "https://github.example.org/acme/shop/pull/1"},
		incident.NoteExport{Target: "webhook", Revision: 1, Place: "javascript:alert(1)"},
		incident.PublishRFO{Lint: incident.Lint{Hash: "2"}},
		incident.NoteExport{Target: "webhook", Revision: 2, Place: "javascript:alert(1)"},
		incident.FailExport{Target: "git", Revision: 2, Reason: "it could not be reached."},
	} {
		if err := w.bot.Do(t.Context(), id, c); err != nil {
			t.Fatal(err)
		}
	}
	page := b.get("/incidents/INC-1").body
	if !strings.Contains(page, `<a href="https://github.example.org/acme/shop/pull/1"`) || strings.Contains(page, `href="javascript`) {
		t.Error("the places are not led to as they should be")
	}
	_, text := elements(t, page)
	for _, want := range []string{"Copies of the RFO", "git revision 1 at", "stale: revision 2 is published", "revision 2 did not get there", "webhook revision 2 at"} {
		if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
			t.Errorf("the page lacks %q:\n%s", want, strings.Join(strings.Fields(text), " "))
		}
	}
}
