package hooks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// GitHub is how its REST API is reached.
type GitHub struct {
	Token  string
	APIURL string // without a slash at the end
}

// host is the API's host with its port: the operator names it on purpose.
func (g GitHub) host() string {
	u, err := url.Parse(g.APIURL)
	if err != nil || u.Host == "" {
		return "api.github.com:443"
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
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
	a, f := r.ask(ctx, http.MethodPost, w.path()+"/dispatches", order)
	if f == nil && (a.status == http.StatusBadRequest || a.status == http.StatusUnprocessableEntity) && bytes.Contains(a.body, []byte("return_run_details")) {
		delete(order, "return_run_details")
		a, f = r.ask(ctx, http.MethodPost, w.path()+"/dispatches", order)
	}
	switch {
	case f != nil:
		return started{}, f
	case a.status < 200 || a.status > 299:
		return started{}, r.unwilling(a, "start a workflow")
	}
	var details struct {
		ID  int64  `json:"workflow_run_id"`
		URL string `json:"html_url"`
	}
	_ = json.Unmarshal(a.body, &details) // 204 has no body; the run is then looked for
	return started{ID: details.ID, URL: details.URL}, nil
}

// runs lists a workflow's runs that were started by hand since a moment, the newest first.
func (r *Runner) runs(ctx context.Context, w Workflow, since time.Time) ([]started, *outbound.Failure) {
	query := url.Values{"event": {"workflow_dispatch"}, "per_page": {"100"}, "created": {">=" + since.UTC().Format(time.RFC3339)}}
	a, f := r.ask(ctx, http.MethodGet, w.path()+"/runs?"+query.Encode(), nil)
	if f != nil {
		return nil, f
	}
	if a.status != http.StatusOK {
		return nil, r.unwilling(a, "look for a workflow's run")
	}
	var page struct {
		Runs []started `json:"workflow_runs"`
	}
	if err := json.Unmarshal(a.body, &page); err != nil {
		return nil, &outbound.Failure{End: outbound.NotDone, Step: "look for a workflow's run", Err: err}
	}
	return page.Runs, nil
}

// one is a run by its id.
func (r *Runner) one(ctx context.Context, w Workflow, id int64) (s started, f *outbound.Failure) {
	a, f := r.ask(ctx, http.MethodGet, "/repos/"+w.Repo+"/actions/runs/"+strconv.FormatInt(id, 10), nil)
	if f != nil {
		return s, f
	}
	if a.status != http.StatusOK {
		return s, r.unwilling(a, "look at a workflow's run")
	}
	if err := json.Unmarshal(a.body, &s); err != nil {
		return s, &outbound.Failure{End: outbound.NotDone, Step: "look at a workflow's run", Err: err}
	}
	return s, nil
}

// ask makes a call of the API.
func (r *Runner) ask(ctx context.Context, method, path string, body any) (answer, *outbound.Failure) {
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			return answer{}, &outbound.Failure{End: outbound.Refused, Step: "github", Fix: "the order could not be written", Err: err}
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, r.GitHub.APIURL+path, bytes.NewReader(content))
	if err != nil {
		return answer{}, &outbound.Failure{End: outbound.Refused, Step: "github", Fix: "the address cannot be used"}
	}
	req.Header.Set("Accept", "application/vnd.github+json")
	req.Header.Set("X-GitHub-Api-Version", "2022-11-28")
	req.Header.Set("Authorization", "Bearer "+r.GitHub.Token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return exchange(r.github, req, "github")
}

// unwilling words what GitHub refuses.
func (r *Runner) unwilling(a answer, step string) *outbound.Failure {
	f := unwilling(a, step)
	if f.End != outbound.Refused {
		return f
	}
	var said struct {
		Message string `json:"message"`
	}
	_ = json.Unmarshal(a.body, &said) // then it is the status alone
	f.Fix = fmt.Sprintf("GitHub answered %d", a.status)
	if said.Message != "" {
		f.Fix += ": " + strings.TrimSuffix(firstLine(said.Message), ".")
	}
	switch a.status {
	case http.StatusUnauthorized:
		f.Fix += "; ROLLCALL_GITHUB_TOKEN is not valid"
	case http.StatusForbidden:
		f.Fix += "; ROLLCALL_GITHUB_TOKEN may not write to the repository's actions"
	case http.StatusNotFound:
		f.Fix += "; repository, workflow or ref is not there, or ROLLCALL_GITHUB_TOKEN does not reach it"
	}
	return f
}

// firstLine is a text's first line, shortened.
func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	if r := []rune(line); len(r) > 200 {
		return string(r[:199]) + "…"
	}
	return line
}

// Look asks GitHub for a workflow without starting it: "" when it can be started,
// else why not.
func (r *Runner) Look(ctx context.Context, w Workflow) string {
	a, f := r.ask(ctx, http.MethodGet, w.path(), nil)
	if f == nil && a.status != http.StatusOK {
		f = r.unwilling(a, "look at a workflow")
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
	if err := json.Unmarshal(a.body, &found); err != nil || found.State != "active" {
		return "GitHub says that the workflow is not active"
	}
	return ""
}
