package pages_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
)

// browser is somebody's browser.
type browser struct {
	w      *world
	client *http.Client
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &browser{w, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// reply is what a browser was answered.
type reply struct {
	status int
	body   string
	header http.Header
}

func (b *browser) do(req *http.Request) reply {
	b.w.t.Helper()
	resp, err := b.client.Do(req)
	if err != nil {
		b.w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	return reply{resp.StatusCode, string(body), resp.Header}
}

func (b *browser) get(path string) reply {
	b.w.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = b.w.site.URL + path
	}
	req, err := http.NewRequestWithContext(b.w.t.Context(), http.MethodGet, path, nil)
	if err != nil {
		b.w.t.Fatal(err)
	}
	return b.do(req)
}

// post sends a form as a page of ours does, or with other headers.
func (b *browser) post(path string, form url.Values, header ...string) reply {
	b.w.t.Helper()
	req, err := http.NewRequestWithContext(b.w.t.Context(), http.MethodPost, b.w.site.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", b.w.site.URL)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	for n := 0; n < len(header); n += 2 {
		req.Header.Set(header[n], header[n+1])
	}
	return b.do(req)
}

// enters opens a personal link.
func (w *world) enters(user, key string) *browser {
	w.t.Helper()
	b := w.browser()
	path, secret := w.link(user, key)
	if got := b.post(path, url.Values{"code": {secret}}); got.status != http.StatusSeeOther || got.header.Get("Location") != path {
		w.t.Fatalf("the link opens nothing: %d %s", got.status, got.body)
	}
	return b
}

// signsIn signs somebody in, through the stand-in of Slack.
func (w *world) signsIn(user string) *browser {
	w.t.Helper()
	b := w.browser()
	if got := b.signIn(user, "T1"); got.status != http.StatusSeeOther {
		w.t.Fatalf("%s is not let in: %d %s", user, got.status, got.body)
	}
	return b
}

// signIn walks through a sign-in and returns where it ends.
func (b *browser) signIn(user, team string) reply {
	b.w.t.Helper()
	return b.get(b.w.slack.confirms(b.get("/sign-in").header.Get("Location"), user, team))
}
