package hooks

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/rollcall-bot/rollcall/bot/guard"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/rest"
)

// GitHub is how its REST API is reached.
type GitHub struct {
	Token  string
	APIURL string // without a slash at the end
}

// client is what calls it.
func (g GitHub) client(outgoing guard.Options) rest.GitHub {
	return rest.NewGitHub(g.APIURL, rest.Token{Secret: g.Token, Variable: "ROLLCALL_GITHUB_TOKEN", May: "write to the repository's actions"}, outgoing)
}

// Workflow is a workflow of a repository that can be started by hand.
type Workflow struct {
	Repo   string // owner/name
	File   string // its file below .github/workflows, such as rollback.yml
	Ref    string // branch or tag
	Inputs []Input
}

// Input is a value that a workflow takes.
type Input struct{ Name, Value string }

// marked says whether the run's id is among the inputs, so that a run can be told
// from others by its name.
func (w Workflow) marked() bool {
	for _, in := range w.Inputs {
		if in.Value == PlaceRun {
			return true
		}
	}
	return false
}

// path is where a workflow is in the API.
func (w Workflow) path() string {
	return "/repos/" + w.Repo + "/actions/workflows/" + url.PathEscape(w.File)
}

// started is a run of a workflow, as the API shows it.
type started struct {
	ID         int64     `json:"id"`
	Title      string    `json:"display_title"`
	Status     string    `json:"status"`
	Conclusion string    `json:"conclusion"`
	URL        string    `json:"html_url"`
	Created    time.Time `json:"created_at"`
}

// dispatch starts a workflow. id is 0 when GitHub does not say which run that is:
// GitHub Enterprise Server does not, and refuses to be asked.
func (r *Runner) dispatch(ctx context.Context, w Workflow, h outbound.Hook) (s started, f *outbound.Failure) {
	inputs := map[string]string{}
	for _, in := range w.Inputs {
		inputs[in.Name] = fill(in.Value, h)
	}
	order := map[string]any{"ref": w.Ref, "inputs": inputs, "return_run_details": true}
	a, f := r.github.Ask(ctx, http.MethodPost, w.path()+"/dispatches", order)
	if f == nil && (a.Status == http.StatusBadRequest || a.Status == http.StatusUnprocessableEntity) && bytes.Contains(a.Body, []byte("return_run_details")) {
		delete(order, "return_run_details")
		a, f = r.github.Ask(ctx, http.MethodPost, w.path()+"/dispatches", order)
	}
	switch {
	case f != nil:
		return started{}, f
	case !a.Well():
		return started{}, r.github.Unwilling(a, "start a workflow")
	}
	var details struct {
		ID  int64  `json:"workflow_run_id"`
		URL string `json:"html_url"`
	}
	_ = json.Unmarshal(a.Body, &details) // 204 has no body; the run is then looked for
	return started{ID: details.ID, URL: details.URL}, nil
}

// runs lists a workflow's runs that were started by hand since a moment, the newest first.
func (r *Runner) runs(ctx context.Context, w Workflow, since time.Time) ([]started, *outbound.Failure) {
	query := url.Values{"event": {"workflow_dispatch"}, "per_page": {"100"}, "created": {">=" + since.UTC().Format(time.RFC3339)}}
	a, f := r.github.Ask(ctx, http.MethodGet, w.path()+"/runs?"+query.Encode(), nil)
	if f != nil {
		return nil, f
	}
	if a.Status != http.StatusOK {
		return nil, r.github.Unwilling(a, "look for a workflow's run")
	}
	var page struct {
		Runs []started `json:"workflow_runs"`
	}
	if err := json.Unmarshal(a.Body, &page); err != nil {
		return nil, &outbound.Failure{End: outbound.NotDone, Step: "look for a workflow's run", Err: err}
	}
	return page.Runs, nil
}

// one is a run by its id.
func (r *Runner) one(ctx context.Context, w Workflow, id int64) (s started, f *outbound.Failure) {
	a, f := r.github.Ask(ctx, http.MethodGet, "/repos/"+w.Repo+"/actions/runs/"+strconv.FormatInt(id, 10), nil)
	if f != nil {
		return s, f
	}
	if a.Status != http.StatusOK {
		return s, r.github.Unwilling(a, "look at a workflow's run")
	}
	if err := json.Unmarshal(a.Body, &s); err != nil {
		return s, &outbound.Failure{End: outbound.NotDone, Step: "look at a workflow's run", Err: err}
	}
	return s, nil
}

// Look asks GitHub for a workflow without starting it: "" when it can be started,
// else why not.
func (r *Runner) Look(ctx context.Context, w Workflow) string {
	a, f := r.github.Ask(ctx, http.MethodGet, w.path(), nil)
	if f == nil && a.Status != http.StatusOK {
		f = r.github.Unwilling(a, "look at a workflow")
	}
	switch {
	case f != nil && f.Fix != "":
		return f.Fix
	case f != nil:
		return "GitHub does not answer: " + f.Error()
	}
	var found struct {
		State string `json:"state"`
	}
	if err := json.Unmarshal(a.Body, &found); err != nil || found.State != "active" {
		return "GitHub says that the workflow is not active"
	}
	return ""
}
