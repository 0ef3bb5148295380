package pages_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/pages"
)

func TestWhoIsLetIn(t *testing.T) {
	w := newWorld(t)
	for _, one := range []struct {
		what, user, team string
		want             int
	}{
		{"a full member", outsider, "T1", http.StatusSeeOther},
		{"a guest", guest, "T1", http.StatusForbidden},
		{"somebody of another workspace", alien, "T2", http.StatusForbidden},
		{"one of ours, by another workspace's word", member, "T2", http.StatusForbidden},
		{"somebody that Rollcall does not know", "U99", "T1", http.StatusForbidden},
		{"nobody", "", "T1", http.StatusForbidden},
	} {
		b := w.browser()
		got := b.signIn(one.user, one.team)
		if got.status != one.want {
			t.Errorf("%s: %d %s", one.what, got.status, got.body)
		}
		inside := b.get("/").status == http.StatusOK
		if inside != (one.want == http.StatusSeeOther) {
			t.Errorf("%s is inside: %v", one.what, inside)
		}
	}
	if jobs := w.dump("river_job"); !strings.Contains(jobs, "U99") {
		t.Error("nobody asks Slack who the stranger is")
	}
}

func TestASignInIsGoodOnce(t *testing.T) {
	w := newWorld(t)
	begin := func() (*browser, string) {
		b := w.browser()
		return b, w.slack.confirms(b.get("/sign-in?to=/actions").header.Get("Location"), member, "T1")
	}
	b, back := begin()
	u, _ := url.Parse(w.site.URL + "/sign-in/callback")
	sealed := b.client.Jar.Cookies(u)
	got := b.get(back)
	if got.status != http.StatusSeeOther || got.header.Get("Location") != "/actions" {
		t.Fatalf("%d to %q: %s", got.status, got.header.Get("Location"), got.body)
	}
	for _, c := range (&http.Response{Header: got.header}).Cookies() {
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("the cookie %s: %+v", c.Name, c)
		}
	}
	if again := b.get(back); again.status != http.StatusForbidden {
		t.Errorf("replayed: %d", again.status)
	}
	b.client.Jar.SetCookies(u, sealed) // even with the cookie put back
	if again := b.get(back); again.status != http.StatusForbidden {
		t.Errorf("replayed with its cookie: %d", again.status)
	}
	_, back = begin()
	if got := w.browser().get(back); got.status != http.StatusForbidden {
		t.Errorf("ended in another browser: %d", got.status)
	}
	other, _ := begin()
	if got := other.get(back); got.status != http.StatusForbidden || !strings.Contains(got.body, "began in another browser") {
		t.Errorf("the state of another sign-in: %d %s", got.status, got.body)
	}
	b, back = begin()
	w.clock.Advance(11 * time.Minute)
	if got := b.get(back); got.status != http.StatusForbidden {
		t.Errorf("11 minutes later: %d", got.status)
	}
	b, back = begin()
	if got := b.get(back[:strings.Index(back, "code=")] + "error=access_denied&" + back[strings.Index(back, "state="):]); got.status != http.StatusForbidden ||
		!strings.Contains(got.body, "did not want") {
		t.Errorf("refused at Slack: %d %s", got.status, got.body)
	}
}

func TestWhatSlackSaysIsChecked(t *testing.T) {
	w := newWorld(t)
	for what, spoil := range map[string]func(map[string]any){
		"a nonce of another sign-in": func(c map[string]any) { c["nonce"] = "another" },
		"no nonce":                   func(c map[string]any) { delete(c, "nonce") },
		"for another app":            func(c map[string]any) { c["aud"] = "other" },
		"by another issuer":          func(c map[string]any) { c["iss"] = "https://slack.example.org" },
		"expired":                    func(c map[string]any) { c["exp"] = w.clock.Now().Add(-time.Minute).Unix() },
		"no team":                    func(c map[string]any) { delete(c, "https://slack.com/team_id") },
	} {
		w.slack.spoil = spoil
		b := w.browser()
		if got := b.signIn(member, "T1"); got.status < 400 || b.get("/").status != http.StatusUnauthorized {
			t.Errorf("%s: %d", what, got.status)
		}
	}
}

func TestASessionIsSharedEndsAndIsRevoked(t *testing.T) {
	w := newWorld(t)
	b := w.signsIn(member)
	site, _ := url.Parse(w.site.URL)
	session := b.client.Jar.Cookies(site)
	at := func(key string) int {
		replica := w.replica(key)
		u, _ := url.Parse(replica.URL)
		other := w.browser()
		other.client.Jar.SetCookies(u, session)
		return other.get(replica.URL + "/").status
	}
	if got := at(sessionKey); got != http.StatusOK {
		t.Errorf("at another replica, or after a restart: %d", got)
	}
	if got := at(strings.Repeat("another key ", 4)); got != http.StatusUnauthorized {
		t.Errorf("after ROLLCALL_SESSION_KEY was changed: %d", got)
	}
	if got := at(""); got != http.StatusUnauthorized {
		t.Errorf("without signing in set up: %d", got)
	}
	if got := b.post("/sign-out", nil, "Origin", "https://evil.example.org", "Sec-Fetch-Site", "cross-site"); got.status != http.StatusForbidden {
		t.Errorf("signed out by another site: %d", got.status)
	}
	if got := b.post("/sign-out", nil); got.status != http.StatusSeeOther {
		t.Errorf("signing out: %d", got.status)
	}
	if got := at(sessionKey); got != http.StatusUnauthorized {
		t.Errorf("with the cookie of a session that was ended: %d", got)
	}
	b = w.signsIn(member)
	w.clock.Advance(7*24*time.Hour + time.Second)
	if got := b.get("/"); got.status != http.StatusUnauthorized {
		t.Errorf("a week later: %d", got.status)
	}
}

func TestSlackIsDownWhenSomebodySignsIn(t *testing.T) {
	w := newWorld(t)
	w.slack.down = true
	if got := w.browser().get("/sign-in"); got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, "personal link") {
		t.Errorf("%d %s", got.status, got.body)
	}
	w.slack.down = false
	if got := w.browser().get("/sign-in"); got.status != http.StatusServiceUnavailable {
		t.Errorf("asked again at once: %d", got.status)
	}
	w.clock.Advance(10 * time.Second)
	w.signsIn(member)
}

func TestCookiesStayOnTLS(t *testing.T) {
	w := newWorld(t)
	s, err := pages.New(pages.Options{
		Store: w.store, Door: w, PublicURL: "https://rollcall.example.org", Now: w.clock.Now, NewID: w.id, Secret: pages.Secret, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	s.Register(mux)
	w.open("open Checkout is down")
	path, secret := w.link(member, "INC-1")
	// As behind a proxy: what the browser calls us is in Origin, not in Host.
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(url.Values{"code": {secret}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://rollcall.example.org")
	out := httptest.NewRecorder()
	mux.ServeHTTP(out, r)
	got := out.Result()
	defer func() { _ = got.Body.Close() }()
	if c := got.Cookies(); got.StatusCode != http.StatusSeeOther || len(c) != 1 || !c[0].Secure || !c[0].HttpOnly || c[0].SameSite != http.SameSiteLaxMode || c[0].Path != "/incidents/INC-1" {
		t.Errorf("%d, cookies %+v", got.StatusCode, c)
	}
}

func TestFailedSignInsAreCapped(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	for range 120 {
		if got := b.get("/sign-in/callback?state=x&code=y"); got.status != http.StatusForbidden {
			t.Fatalf("%d", got.status)
		}
	}
	if got := b.get("/sign-in/callback?state=x&code=y"); got.status != http.StatusTooManyRequests {
		t.Errorf("one too many: %d", got.status)
	}
	w.clock.Advance(time.Minute)
	w.signsIn(member)
}

func TestSigningInLeadsNowhereElse(t *testing.T) {
	w := newWorld(t)
	for _, to := range []string{"//evil.example.org", "https://evil.example.org/", "/\\evil.example.org", "javascript:alert(1)", "", "actions", "/\tx//evil.example.org"} {
		b := w.browser()
		got := b.get(w.slack.confirms(b.get("/sign-in?to="+url.QueryEscape(to)).header.Get("Location"), member, "T1"))
		if where := got.header.Get("Location"); where != "/" {
			t.Errorf("%q leads to %q", to, where)
		}
	}
}

func TestWithoutSettingsNobodySignsIn(t *testing.T) {
	w := newWorld(t)
	w.site = w.replica("")
	if got := w.browser().get("/sign-in"); got.status != http.StatusNotFound {
		t.Errorf("%d", got.status)
	}
	if got := w.browser().get("/"); got.status != http.StatusUnauthorized || !strings.Contains(got.body, "personal links only") || strings.Contains(got.body, "/sign-in") {
		t.Errorf("%d %s", got.status, got.body)
	}
}
