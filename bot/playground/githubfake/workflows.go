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

// Workflow is a workflow that can be started by hand.
type Workflow struct {
	Repo, File string
	Refs       []string // branches and tags that have it
	Inputs     []string // that it declares
	RunName    string   // "${{ inputs.NAME }}" stands for an input; "" for File
	Off        bool
}

// Run is one run of a workflow.
type Run struct {
	ID         int64
	Workflow   string // repo/file
	Title      string
	Inputs     map[string]string
	Conclusion string // "" while it runs
	Created    time.Time
}

// flows are the workflows and their runs.
type flows struct {
	all    []Workflow
	runs   []Run
	ends   string // how a run ends at once; "" for not
	hidden int    // so many lists do not show the newest run yet
}

// Add adds a workflow.
func (g *GitHub) Add(w Workflow) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.flows.all = append(g.flows.all, w)
}

// EndWith has every run end with a conclusion as soon as it begins; "" for not.
func (g *GitHub) EndWith(conclusion string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.flows.ends = conclusion
}

// Hide keeps the newest run off so many lists.
func (g *GitHub) Hide(lists int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.flows.hidden = lists
}

// Finish ends every run that runs.
func (g *GitHub) Finish(conclusion string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for n := range g.flows.runs {
		if g.flows.runs[n].Conclusion == "" {
			g.flows.runs[n].Conclusion = conclusion
		}
	}
}

// Begin has somebody else start a workflow by hand.
func (g *GitHub) Begin(repo, file, title string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.begin(repo+"/"+file, title, nil)
}

// Runs are all runs, the oldest first.
func (g *GitHub) Runs() []Run {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.flows.runs)
}

// find is the workflow that a request is about.
func (g *GitHub) find(r *http.Request) (Workflow, bool) {
	repo := r.PathValue("owner") + "/" + r.PathValue("name")
	n := slices.IndexFunc(g.flows.all, func(w Workflow) bool { return w.Repo == repo && w.File == r.PathValue("file") })
	if n < 0 {
		return Workflow{}, false
	}
	return g.flows.all[n], true
}

func (g *GitHub) look(r *http.Request, _ []byte) (int, any) {
	w, ok := g.find(r)
	switch {
	case !ok:
		return http.StatusNotFound, obj{"message": "Not Found"}
	case w.Off:
		return http.StatusOK, obj{"state": "disabled_manually"}
	}
	return http.StatusOK, obj{"state": "active", "path": ".github/workflows/" + w.File}
}

func (g *GitHub) dispatch(r *http.Request, body []byte) (int, any) {
	w, ok := g.find(r)
	var order struct {
		Ref     string            `json:"ref"`
		Inputs  map[string]string `json:"inputs"`
		Details *bool             `json:"return_run_details"`
	}
	if err := json.Unmarshal(body, &order); err != nil {
		return http.StatusBadRequest, obj{"message": "Problems parsing JSON"}
	}
	switch {
	case !ok:
		return http.StatusNotFound, obj{"message": "Not Found"}
	case g.Old && order.Details != nil:
		return http.StatusBadRequest, obj{"message": "Invalid request.\n\n\"return_run_details\" is not a permitted key."}
	case !slices.Contains(w.Refs, order.Ref):
		return http.StatusUnprocessableEntity, obj{"message": "No ref found for: " + order.Ref}
	}
	var odd []string
	title := w.RunName
	for name, value := range order.Inputs {
		if !slices.Contains(w.Inputs, name) {
			odd = append(odd, strconv.Quote(name))
		}
		title = strings.ReplaceAll(title, "${{ inputs."+name+" }}", value)
	}
	if len(odd) > 0 {
		return http.StatusUnprocessableEntity, obj{"message": fmt.Sprintf("Unexpected inputs provided: %v", odd)}
	}
	if title == "" {
		title = w.File
	}
	run := g.begin(w.Repo+"/"+w.File, title, order.Inputs)
	if order.Details == nil || !*order.Details {
		return http.StatusNoContent, nil
	}
	return http.StatusOK, obj{"workflow_run_id": run.ID, "html_url": address(run)}
}

func (g *GitHub) begin(workflow, title string, inputs map[string]string) Run {
	run := Run{ID: int64(len(g.flows.runs) + 1001), Workflow: workflow, Title: title, Inputs: inputs, Conclusion: g.flows.ends, Created: g.Now()}
	g.flows.runs = append(g.flows.runs, run)
	return run
}

func address(r Run) string {
	return fmt.Sprintf("https://github.example.org/%s/runs/%d", r.Workflow, r.ID)
}

func shown(r Run) obj {
	o := obj{"id": r.ID, "display_title": r.Title, "html_url": address(r), "created_at": r.Created.UTC().Format(time.RFC3339), "status": "in_progress", "conclusion": nil}
	if r.Conclusion != "" {
		o["status"], o["conclusion"] = "completed", r.Conclusion
	}
	return o
}

func (g *GitHub) list(r *http.Request, _ []byte) (int, any) {
	w, ok := g.find(r)
	since, err := time.Parse(time.RFC3339, strings.TrimPrefix(r.URL.Query().Get("created"), ">="))
	if !ok || err != nil || r.URL.Query().Get("event") != "workflow_dispatch" {
		return http.StatusNotFound, obj{"message": "Not Found"}
	}
	all := []obj{}
	for n, one := range slices.Backward(g.flows.runs) {
		if n == len(g.flows.runs)-1 && g.flows.hidden > 0 {
			g.flows.hidden--
			continue
		}
		if one.Workflow == w.Repo+"/"+w.File && !one.Created.Before(since) {
			all = append(all, shown(one))
		}
	}
	return http.StatusOK, obj{"total_count": len(all), "workflow_runs": all}
}

func (g *GitHub) one(r *http.Request, _ []byte) (int, any) {
	for _, one := range g.flows.runs {
		if strconv.FormatInt(one.ID, 10) == r.PathValue("id") {
			return http.StatusOK, shown(one)
		}
	}
	return http.StatusNotFound, obj{"message": "Not Found"}
}
