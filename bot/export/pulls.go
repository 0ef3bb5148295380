package export

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/rest"
)

// Pulls opens pull requests on GitHub.
type Pulls struct {
	GitHub rest.GitHub
	Repo   string // OWNER/NAME, the repository of Git.Remote
}

// pull is a pull request as the API shows it.
type pull struct {
	Number int    `json:"number"`
	Title  string `json:"title"`
	State  string `json:"state"`
	URL    string `json:"html_url"`
}

// Head is the branch that the RFO of an incident is proposed from.
func Head(p outbound.Paper) string { return "rollcall/" + p.Key }

// propose commits a revision to a branch of its own and has one pull request for it:
// one that is open gets the new commit, and only when none is, another is opened. It
// is done when the base branch has the file. What people wrote into the file, on
// either branch, is taken back first; nothing is ever forced.
//
// Class: detectable. An open pull request is found by its head branch, of which
// GitHub lets nobody have a second one.
func (r repository) propose(ctx context.Context, p outbound.Paper) (place string, err error) {
	base, err := r.fetch(ctx, r.Branch)
	if err != nil {
		return "", err
	}
	if base == "" {
		return "", &outbound.Failure{End: outbound.Refused, Step: "git", Code: "no_branch", Fix: "the repository has no branch " + r.Branch + " that a pull request could be merged into; make it, or mend rfo_git.branch."}
	}
	p, merged, err := r.merged(ctx, base, p)
	if err != nil {
		return "", err
	}
	head, err := r.fetch(ctx, Head(p))
	if err != nil {
		return "", err
	}
	there := false
	if head != "" {
		said := p.Text.Edition
		if p, there, err = r.merged(ctx, head, p); err != nil {
			return "", err
		}
		merged = merged && bytes.Equal(said, p.Text.Edition)
	}
	open, f := r.Pulls.find(ctx, p, r.Branch, "open")
	if f != nil {
		return "", f
	}
	if merged && open == nil {
		return r.mergedAt(ctx, p)
	}
	if !there {
		// On top of the proposal that is open; else on top of what it is to be merged
		// into, and of what an earlier proposal left, which stays in the history.
		tree, parents := base, []string{base}
		switch {
		case open != nil && head != "":
			tree, parents = head, []string{head}
		case head != "":
			parents = []string{head, base}
		}
		if err := r.push(ctx, Head(p), tree, parents, p); err != nil {
			return "", err
		}
	}
	return r.Pulls.open(ctx, p, r.Branch, open)
}

// mergedAt is where a revision is that the base branch has already.
func (r repository) mergedAt(ctx context.Context, p outbound.Paper) (string, error) {
	last, f := r.Pulls.find(ctx, p, r.Branch, "all")
	switch {
	case f != nil:
		return "", f
	case last == nil:
		return Path(p), nil
	}
	return last.URL, nil
}

// find is the newest pull request from the incident's branch; nil for none.
func (s Pulls) find(ctx context.Context, p outbound.Paper, base, state string) (*pull, *outbound.Failure) {
	owner, _, _ := strings.Cut(s.Repo, "/")
	query := url.Values{"head": {owner + ":" + Head(p)}, "base": {base}, "state": {state}, "sort": {"created"}, "direction": {"desc"}}
	var all []pull
	if f := s.GitHub.Into(ctx, &all, "look for a pull request", http.MethodGet, "/repos/"+s.Repo+"/pulls?"+query.Encode(), nil); f != nil {
		return nil, looked(f)
	}
	if len(all) == 0 {
		return nil, nil
	}
	return &all[0], nil
}

// open opens a pull request, or has the one that is open say which revision it is.
func (s Pulls) open(ctx context.Context, p outbound.Paper, base string, found *pull) (string, error) {
	title := "RFO of " + p.Key + ", revision " + strconv.Itoa(p.Revision)
	if p.Title != "" {
		title += ": " + p.Title
	}
	title = shortened(title)
	path, method := "/repos/"+s.Repo+"/pulls", http.MethodPost
	order := map[string]any{
		"title": title, "head": Head(p), "base": base,
		"body": "The document is `" + Path(p) + "`. What you change there is kept: Rollcall takes it back before it writes the next revision.\n",
	}
	if found != nil {
		if found.Title == title {
			return found.URL, nil
		}
		path, method, order = path+"/"+strconv.Itoa(found.Number), http.MethodPatch, map[string]any{"title": title}
	}
	var got pull
	if f := s.GitHub.Into(ctx, &got, "open a pull request", method, path, order); f != nil {
		return "", f
	}
	return got.URL, nil
}

// Look says whether pull requests can be listed: "" when they can, else why not.
func (s Pulls) Look(ctx context.Context) string {
	var all []pull
	switch f := s.GitHub.Into(ctx, &all, "look for pull requests", http.MethodGet, "/repos/"+s.Repo+"/pulls?per_page=1", nil); {
	case f != nil && f.Fix != "":
		return f.Fix
	case f != nil:
		return "GitHub does not answer: " + f.Error()
	}
	return ""
}
