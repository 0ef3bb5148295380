package githubfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

func (g *GitHub) pullRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /repos/{owner}/{name}/pulls", g.serve("GET pulls", g.within(listPulls)))
	mux.HandleFunc("POST /repos/{owner}/{name}/pulls", g.serve("POST pull", g.within(g.createPull)))
	mux.HandleFunc("PATCH /repos/{owner}/{name}/pulls/{number}", g.serve("PATCH pull", g.within(g.patchIssue)))
}

// listPulls lists pull requests by their head, which is written OWNER:BRANCH.
func listPulls(p *repo, r *http.Request, _ []byte) (int, any) {
	q := r.URL.Query()
	owner, _, _ := strings.Cut(p.name, "/")
	all := []obj{}
	for _, i := range slices.Backward(p.items) {
		fits := q.Get("state") == "all" || i.State == "open"
		if i.Head != "" && fits && (q.Get("head") == "" || q.Get("head") == owner+":"+i.Head) && (q.Get("base") == "" || q.Get("base") == i.Base) {
			all = append(all, i.shown(p))
		}
	}
	return http.StatusOK, page(all, r)
}

// createPull makes a pull request; of one head and base there is never more than
// one that is open.
func (g *GitHub) createPull(p *repo, _ *http.Request, body []byte) (int, any) {
	var w writing
	if err := json.Unmarshal(body, &w); err != nil {
		return http.StatusBadRequest, obj{"message": "Problems parsing JSON"}
	}
	why := ""
	switch {
	case text(w.Title) == "" || text(w.Head) == "" || text(w.Base) == "":
		why = "a field is missing"
	case *w.Head == *w.Base:
		why = "No commits between " + *w.Base + " and " + *w.Head
	case slices.ContainsFunc(p.items, func(i *Issue) bool { return i.State == "open" && i.Head == *w.Head && i.Base == *w.Base }):
		owner, _, _ := strings.Cut(p.name, "/")
		why = fmt.Sprintf("A pull request already exists for %s:%s.", owner, *w.Head)
	}
	if why != "" {
		return http.StatusUnprocessableEntity, obj{"message": "Validation Failed", "errors": []obj{{"resource": "PullRequest", "code": "custom", "message": why}}}
	}
	return http.StatusCreated, g.add(p, Issue{Title: *w.Title, Body: text(w.Body), Head: *w.Head, Base: *w.Base}).shown(p)
}
