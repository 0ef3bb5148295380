package pages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/storage"
)

// canary is the title of a private incident: it must reach nobody outside.
const canary = "Canary-Acme-lost-its-orders"

// TestWhoSeesWhat asks for every page as everybody.
func TestWhoSeesWhat(t *testing.T) {
	w := newWorld(t)
	secret := w.open("open private " + canary) // INC-1
	w.says(member, "INC-1 action <@U1> by 2026-03-20 "+canary)
	w.open("open Checkout is down") // INC-2
	people := map[string]*browser{
		"nobody":          w.browser(),
		"member":          w.signsIn(member),
		"outsider":        w.signsIn(outsider),
		"ex-member":       w.signsIn(gone),
		"link":            w.enters(member, "INC-1"),
		"guest's link":    w.enters(guest, "INC-1"),
		"alien's link":    w.enters(alien, "INC-1"),
		"ex-member's":     w.enters(gone, "INC-1"),
		"link of another": w.enters(outsider, "INC-2"),
		"forged cookies":  w.browser(),
	}
	w.leaves(gone, secret)
	site, _ := url.Parse(w.site.URL)
	people["forged cookies"].client.Jar.SetCookies(site, []*http.Cookie{
		{Name: "rollcall_session", Value: strings.Repeat("a", 64)}, {Name: "rollcall_visit", Value: strings.Repeat("a", 64)},
	})
	_, wasted := w.link(member, "INC-1")
	// A cookie of one incident's link, sent for another by a browser that lies.
	var visit []*http.Cookie
	inc2, _ := url.Parse(w.site.URL + "/incidents/INC-2")
	visit = people["link of another"].client.Jar.Cookies(inc2)
	if len(visit) != 1 {
		t.Fatalf("cookies of a visit: %v", visit)
	}
	people["link of another"].client.Jar.SetCookies(site, visit)

	const in, hidden, out = http.StatusOK, http.StatusNotFound, http.StatusUnauthorized
	signedOnly := []string{"/", "/actions", "/metrics-dashboard", "/metrics-dashboard?days=365"}
	documents := []string{"/incidents/INC-1/rfo", "/incidents/INC-1/rfo.md", "/incidents/INC-1/rfo.html", "/incidents/INC-1/rfo?customer=1", "/incidents/INC-1/rfo.md?customer=1"}
	for who, want := range map[string]struct{ incident, document, other, lists int }{
		"nobody":          {out, out, out, out},
		"forged cookies":  {out, out, out, out},
		"member":          {in, in, in, in},
		"outsider":        {hidden, hidden, in, in},
		"ex-member":       {hidden, hidden, in, in},
		"link":            {in, out, out, out},
		"guest's link":    {in, out, out, out},
		"alien's link":    {in, out, out, out},
		"ex-member's":     {out, out, out, out},
		"link of another": {out, out, in, out},
	} {
		b := people[who]
		look := func(path string, status int) {
			t.Helper()
			got := b.get(path)
			if got.status != status {
				t.Errorf("%s at %s: %d, want %d", who, path, got.status, status)
			}
			mayKnow := who == "member" || status == in && strings.Contains(path, "INC-1")
			if strings.Contains(got.body, "Canary") && !mayKnow {
				t.Errorf("%s reads of the private incident at %s", who, path)
			}
			if strings.Contains(got.header.Get("Content-Security-Policy"), "default-src 'none'") == false || got.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s has the headers %v", path, got.header)
			}
		}
		look("/incidents/INC-1", want.incident)
		look("/incidents/INC-2", want.other)
		for _, path := range documents {
			look(path, want.document)
		}
		for _, path := range signedOnly {
			look(path, want.lists)
		}
		if who == "member" || want.incident == in {
			continue
		}
		// Hidden and unknown are one answer, to the byte.
		for _, path := range []string{"/incidents/INC-1", "/incidents/INC-1/rfo", "/incidents/INC-1/rfo.md"} {
			unknown := strings.Replace(path, "INC-1", "INC-99", 1)
			one, two := b.get(path), b.get(unknown)
			if one.status != two.status || strings.ReplaceAll(one.body, "INC-1", "INC-99") != two.body {
				t.Errorf("%s tells %s from %s", who, path, unknown)
			}
		}
		note := url.Values{"text": {"hello"}, "id": {"x"}}
		if got := b.post("/incidents/INC-1/note", note); got.status != want.incident || strings.Contains(got.body, "Canary") {
			t.Errorf("%s writes: %d %s", who, got.status, got.body)
		}
		if got, other := b.post("/incidents/INC-1", url.Values{"code": {wasted + "0"}}), b.post("/incidents/INC-99", url.Values{"code": {wasted + "0"}}); got.status != http.StatusForbidden ||
			strings.ReplaceAll(got.body, "INC-1", "INC-99") != other.body {
			t.Errorf("%s with a wrong code: %d", who, got.status)
		}
	}
	if got := people["member"].get("/"); !strings.Contains(got.body, canary) || !strings.Contains(got.body, "Checkout is down") {
		t.Error("the member's list lacks something")
	}
}

func TestALinkOpensOnceAndEnds(t *testing.T) {
	w := newWorld(t)
	id := w.open("open Checkout is down")
	is := func(what string, b *browser, want int) {
		t.Helper()
		if got := b.get("/incidents/INC-1"); got.status != want {
			t.Errorf("%s: %d, want %d", what, got.status, want)
		}
	}
	b := w.browser()
	path, secret := w.link(member, "INC-1")
	if got := b.post("/incidents/INC-99", url.Values{"code": {secret}}); got.status != http.StatusForbidden {
		t.Errorf("at another incident: %d", got.status)
	}
	if got := b.post(path, url.Values{"code": {" " + w.site.URL + path + "#" + secret + " "}}); got.status != http.StatusSeeOther {
		t.Fatalf("pasted whole: %d", got.status)
	}
	is("opened", b, http.StatusOK)
	if got := w.browser().post(path, url.Values{"code": {secret}}); got.status != http.StatusForbidden || !strings.Contains(got.body, "opened before") {
		t.Errorf("a second time: %d", got.status)
	}

	late, stale := w.enters(guest, "INC-1"), w.browser()
	_, old := w.link(guest, "INC-1")
	w.clock.Advance(24 * time.Hour)
	is("a day later", late, http.StatusUnauthorized)
	if got := stale.post(path, url.Values{"code": {old}}); got.status != http.StatusForbidden {
		t.Errorf("a link a day later: %d", got.status)
	}

	left := w.enters(guest, "INC-1")
	w.leaves(guest, id)
	is("after leaving the channel", left, http.StatusUnauthorized)

	for _, end := range []string{"resolve", "cancel it was a test", "merge INC-5"} {
		w.open("open Something else")
		key := map[string]string{"resolve": "INC-2", "cancel it was a test": "INC-3", "merge INC-5": "INC-4"}[end]
		if key == "INC-4" {
			w.open("open The same")
		}
		visitor := w.enters(member, key)
		_, unopened := w.link(member, key)
		w.says(member, key+" "+end)
		if got := visitor.get("/incidents/" + key); got.status != http.StatusUnauthorized {
			t.Errorf("after %s: %d", end, got.status)
		}
		if got := w.browser().post("/incidents/"+key, url.Values{"code": {unopened}}); got.status != http.StatusForbidden {
			t.Errorf("a link after %s: %d", end, got.status)
		}
		if got := visitor.post("/incidents/"+key+"/note", url.Values{"text": {"what I had <typed>"}}); got.status != http.StatusUnauthorized ||
			!strings.Contains(got.body, "what I had &lt;typed&gt;") || !strings.Contains(got.body, "NOT saved") {
			t.Errorf("a note after %s: %d %s", end, got.status, got.body)
		}
	}
}

func TestGuessesAreCapped(t *testing.T) {
	w := newWorld(t)
	w.open("open Checkout is down")
	path, secret := w.link(member, "INC-1")
	b := w.browser()
	wrong := url.Values{"code": {strings.Repeat("0", 64)}}
	for n := range 120 {
		if got := b.post(path, wrong); got.status != http.StatusForbidden {
			t.Fatalf("guess %d: %d", n, got.status)
		}
	}
	if got := b.post(path, wrong); got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" {
		t.Errorf("one too many: %d", got.status)
	}
	if got := b.post(path, url.Values{"code": {"no code at all"}}); got.status != http.StatusForbidden {
		t.Errorf("a typing error: %d", got.status)
	}
	w.clock.Advance(time.Minute)
	if got := b.post(path, url.Values{"code": {secret}}); got.status != http.StatusSeeOther {
		t.Errorf("a minute later: %d", got.status)
	}
}

func TestSecretsAreNotStored(t *testing.T) {
	w := newWorld(t)
	w.open("open Checkout is down")
	_, secret := w.link(member, "INC-1")
	b := w.signsIn(member)
	site, _ := url.Parse(w.site.URL)
	session := b.client.Jar.Cookies(site)[0].Value
	all := w.dump("pass", "delivery", "offer", "effect", "event", "river_job")
	for _, s := range []string{secret, session} {
		if len(s) < 64 || strings.Contains(all, s) {
			t.Errorf("%q is in the database", s)
		}
	}
	if !strings.Contains(all, storage.PassKey(secret)) {
		t.Error("the hash of the link is not there: the test looks in the wrong place")
	}
}
