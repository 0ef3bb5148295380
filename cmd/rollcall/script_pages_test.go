package main

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// browsers are the people of a script in front of their browsers: cookies by name
// and path.
type browsers map[string]map[string]*http.Cookie

type browsersKey struct{}

var (
	personalLink = regexp.MustCompile(`https?://\S+/incidents/INC-\d+#[0-9a-f]+`)
	hiddenID     = regexp.MustCompile(`name="id" value="([^"]+)"`)
	markup       = regexp.MustCompile(`(?s)<(script|style|head).*?</(script|style|head)>|<[^>]*>`)
)

// browse opens a page in somebody's browser: a path, or "that link", the personal
// link that was printed last. It prints status and text of the page.
func (s *stage) browse(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2 && s.server != nil, "browse PERSON PATH|'that link'")
	target := args[1]
	if target == "that link" {
		if target = personalLink.FindString(ts.ReadFile("stdout")); target == "" {
			ts.Fatalf("no personal link was printed")
		}
	}
	u, err := url.Parse(target)
	ts.Check(err)
	status, page := s.loads(ts, args[0], http.MethodGet, u.Path, nil)
	if u.Fragment != "" { // what the page's script does, or the person
		status, page = s.loads(ts, args[0], http.MethodPost, u.Path, url.Values{"code": {u.Fragment}})
	}
	s.tells(ts, status, page)
}

// writes puts a text into the box for notes of a page and sends it, twice: the
// second click must change nothing.
func (s *stage) writes(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 3 && s.server != nil, "writes PERSON PATH TEXT")
	_, page := s.loads(ts, args[0], http.MethodGet, args[1], nil)
	form := url.Values{"text": {args[2]}}
	if id := hiddenID.FindStringSubmatch(page); id != nil {
		form.Set("id", id[1])
	}
	var status int
	for range 2 {
		status, page = s.loads(ts, args[0], http.MethodPost, args[1]+"/note", form)
	}
	s.tells(ts, status, page)
}

// tells prints what a person reads of a page.
func (s *stage) tells(ts *testscript.TestScript, status int, page string) {
	text := html.UnescapeString(markup.ReplaceAllString(page, " "))
	_, _ = fmt.Fprintf(ts.Stdout(), "%d\n%s\n", status, strings.Join(strings.Fields(text), " "))
}

// loads sends a request as a browser does, with its cookies, and follows where it
// is led.
func (s *stage) loads(ts *testscript.TestScript, who, method, path string, form url.Values) (int, string) {
	all := ts.Value(browsersKey{}).(browsers) //nolint:forcetypeassert // set by Setup
	if all[who] == nil {
		all[who] = map[string]*http.Cookie{}
	}
	for range 5 {
		req, err := http.NewRequestWithContext(s.ctx, method, s.server.base+path, strings.NewReader(form.Encode()))
		ts.Check(err)
		if method == http.MethodPost {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Origin", s.server.base)
			req.Header.Set("Sec-Fetch-Site", "same-origin")
		}
		for _, c := range all[who] {
			if strings.HasPrefix(req.URL.Path+"/", strings.TrimSuffix(c.Path, "/")+"/") {
				req.AddCookie(c)
			}
		}
		client := http.Client{
			Transport:     &http.Transport{DisableKeepAlives: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
		answer, err := client.Do(req)
		ts.Check(err)
		body, err := io.ReadAll(answer.Body)
		ts.Check(err)
		ts.Check(answer.Body.Close())
		for _, c := range answer.Cookies() {
			all[who][c.Name+" "+c.Path] = c
		}
		to := answer.Header.Get("Location")
		if to == "" {
			return answer.StatusCode, string(body)
		}
		u, err := url.Parse(to)
		ts.Check(err)
		method, path, form = http.MethodGet, u.RequestURI(), nil
	}
	ts.Fatalf("led in circles")
	return 0, ""
}
