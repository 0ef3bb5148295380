package githubfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// repo is a repository with its issues and pull requests, which share their numbers.
type repo struct {
	name   string
	mayNot bool // the token may read, and nothing else
	items  []*Issue
}

// Issue is an issue, or a pull request when Head is set.
type Issue struct {
	Number      int
	Title, Body string
	Labels      []string
	State       string // open or closed
	Reason      string // completed, not_planned, reopened, or ""
	Head, Base  string // branches of a pull request
	Updated     time.Time
	hidden      int // so many lists do not show it yet
}

// AddRepo adds a repository, such as acme/shop, that the token may write to.
func (g *GitHub) AddRepo(name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.repos[name] = &repo{name: name}
}

// Forbid has the token only read.
func (g *GitHub) Forbid(name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.repos[name].mayNot = true
}

// Issues are the issues and pull requests of a repository, the oldest first.
func (g *GitHub) Issues(name string) []Issue {
	g.mu.Lock()
	defer g.mu.Unlock()
	var all []Issue
	for _, i := range g.repos[name].items {
		all = append(all, *i)
	}
	return all
}

// Change has somebody change an issue by hand.
func (g *GitHub) Change(name string, number int, change func(*Issue)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := g.repos[name].items[number-1]
	change(i)
	i.Updated = g.Now()
}

// Late keeps the newest issue off so many lists: they lag behind.
func (g *GitHub) Late(name string, lists int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	items := g.repos[name].items
	items[len(items)-1].hidden = lists
}

func (g *GitHub) issueRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /repos/{owner}/{name}", g.serve("GET repo", g.within(func(r *repo, _ *http.Request, _ []byte) (int, any) {
		return http.StatusOK, obj{"full_name": r.name, "has_issues": true, "permissions": obj{"push": !r.mayNot}}
	})))
	mux.HandleFunc("GET /repos/{owner}/{name}/issues", g.serve("GET issues", g.within(listIssues)))
	mux.HandleFunc("POST /repos/{owner}/{name}/issues", g.serve("POST issue", g.within(g.createIssue)))
	mux.HandleFunc("GET /repos/{owner}/{name}/issues/{number}", g.serve("GET issue", g.within(lookAtIssue)))
	mux.HandleFunc("PATCH /repos/{owner}/{name}/issues/{number}", g.serve("PATCH issue", g.within(g.patchIssue)))
}

// within finds the repository of a request, and refuses to write where the token may not.
func (g *GitHub) within(run func(*repo, *http.Request, []byte) (int, any)) answers {
	return func(r *http.Request, body []byte) (int, any) {
		found, ok := g.repos[r.PathValue("owner")+"/"+r.PathValue("name")]
		switch {
		case !ok:
			return http.StatusNotFound, obj{"message": "Not Found"}
		case found.mayNot && r.Method != http.MethodGet:
			return http.StatusForbidden, obj{"message": "Resource not accessible by personal access token"}
		}
		return run(found, r, body)
	}
}

// listIssues lists issues and pull requests, the newest first, as the original does.
func listIssues(p *repo, r *http.Request, _ []byte) (int, any) {
	q := r.URL.Query()
	since := time.Time{}
	if text := q.Get("since"); text != "" {
		var err error
		if since, err = time.Parse(time.RFC3339, text); err != nil {
			return http.StatusUnprocessableEntity, obj{"message": "Validation Failed"}
		}
	}
	all := []obj{}
	for _, i := range slices.Backward(p.items) {
		if i.hidden > 0 {
			i.hidden--
			continue
		}
		if (q.Get("state") == "all" || i.State == "open") && !i.Updated.Before(since) {
			all = append(all, i.shown(p))
		}
	}
	return http.StatusOK, page(all, r)
}

// page is the part of a list that was asked for.
func page(all []obj, r *http.Request) []obj {
	size, number := 30, 1
	if n, err := strconv.Atoi(r.URL.Query().Get("per_page")); err == nil {
		size = min(n, 100)
	}
	if n, err := strconv.Atoi(r.URL.Query().Get("page")); err == nil {
		number = n
	}
	from := min((number-1)*size, len(all))
	return all[from:min(from+size, len(all))]
}

func (i *Issue) shown(p *repo) obj {
	o := obj{
		"number": i.Number, "title": i.Title, "body": i.Body, "state": i.State, "state_reason": nil,
		"html_url": fmt.Sprintf("https://github.example.org/%s/issues/%d", p.name, i.Number), "updated_at": i.Updated.UTC().Format(time.RFC3339),
	}
	if i.Reason != "" {
		o["state_reason"] = i.Reason
	}
	if i.Head != "" {
		o["html_url"] = fmt.Sprintf("https://github.example.org/%s/pull/%d", p.name, i.Number)
		o["pull_request"] = obj{"url": ""}
		o["head"], o["base"] = obj{"ref": i.Head}, obj{"ref": i.Base}
	}
	return o
}

// writing is what an issue is made or changed by.
type writing struct {
	Title, Body, State, Head, Base *string
	Reason                         *string `json:"state_reason"`
	Labels                         []string
}

func (g *GitHub) add(p *repo, i Issue) *Issue {
	i.Number, i.State, i.Updated = len(p.items)+1, "open", g.Now()
	p.items = append(p.items, &i)
	return &i
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (g *GitHub) createIssue(p *repo, _ *http.Request, body []byte) (int, any) {
	var w writing
	if err := json.Unmarshal(body, &w); err != nil {
		return http.StatusBadRequest, obj{"message": "Problems parsing JSON"}
	}
	if strings.TrimSpace(text(w.Title)) == "" || len(text(w.Body)) > 65536 {
		return http.StatusUnprocessableEntity, obj{"message": "Validation Failed"}
	}
	return http.StatusCreated, g.add(p, Issue{Title: *w.Title, Body: text(w.Body), Labels: w.Labels}).shown(p)
}

// numbered is the issue that a request is about; nil for none.
func (p *repo) numbered(r *http.Request) *Issue {
	n, err := strconv.Atoi(r.PathValue("number"))
	if err != nil || n < 1 || n > len(p.items) {
		return nil
	}
	return p.items[n-1]
}

func lookAtIssue(p *repo, r *http.Request, _ []byte) (int, any) {
	i := p.numbered(r)
	if i == nil {
		return http.StatusNotFound, obj{"message": "Not Found"}
	}
	return http.StatusOK, i.shown(p)
}

func (g *GitHub) patchIssue(p *repo, r *http.Request, body []byte) (int, any) {
	i := p.numbered(r)
	var w writing
	switch err := json.Unmarshal(body, &w); {
	case i == nil:
		return http.StatusNotFound, obj{"message": "Not Found"}
	case err != nil:
		return http.StatusBadRequest, obj{"message": "Problems parsing JSON"}
	}
	for from, to := range map[*string]*string{w.Title: &i.Title, w.Body: &i.Body, w.State: &i.State, w.Reason: &i.Reason} {
		if from != nil {
			*to = *from
		}
	}
	i.Updated = g.Now()
	return http.StatusOK, i.shown(p)
}
