// Package githubfake is a stand-in of the part of GitHub's REST API that starts
// workflows: it refuses what the original refuses, and can fail in every way.
package githubfake

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/standin"
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

// Call is one request that came; Name is such as "POST dispatches".
type Call struct {
	Seq    int
	Name   string
	Status int // 0 when there was no answer
}

// Fault is something that goes wrong with requests; Method is a call's Name.
type Fault = standin.Fault[Call]

// GitHub is the stand-in. It is safe for concurrent use.
type GitHub struct {
	Token  string
	Now    func() time.Time
	Old    bool // as GitHub Enterprise Server: it does not say which run it begins
	Faults *standin.Faults[Call]

	mu        sync.Mutex
	workflows []Workflow
	runs      []Run
	ends      string // how a run ends at once; "" for not
	hidden    int    // so many lists do not show the newest run yet
	ledger    standin.Ledger[Call]
}

// New makes an empty GitHub that takes one token.
func New(token string, now func() time.Time) *GitHub {
	return &GitHub{Token: token, Now: now, Faults: standin.NewFaults[Call](1)}
}

// Start listens on this machine until ctx ends, and returns the API's address.
func (g *GitHub) Start(ctx context.Context) string {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /repos/{owner}/{name}/actions/workflows/{file}", g.serve("GET workflow", g.look))
	mux.HandleFunc("POST /repos/{owner}/{name}/actions/workflows/{file}/dispatches", g.serve("POST dispatches", g.dispatch))
	mux.HandleFunc("GET /repos/{owner}/{name}/actions/workflows/{file}/runs", g.serve("GET runs", g.list))
	mux.HandleFunc("GET /repos/{owner}/{name}/actions/runs/{id}", g.serve("GET run", g.one))
	server := httptest.NewServer(mux)
	context.AfterFunc(ctx, func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

// Add adds a workflow.
func (g *GitHub) Add(w Workflow) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.workflows = append(g.workflows, w)
}

// EndWith has every run end with a conclusion as soon as it begins; "" for not.
func (g *GitHub) EndWith(conclusion string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ends = conclusion
}

// Hide keeps the newest run off so many lists.
func (g *GitHub) Hide(lists int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hidden = lists
}

// Finish ends every run that runs.
func (g *GitHub) Finish(conclusion string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for n := range g.runs {
		if g.runs[n].Conclusion == "" {
			g.runs[n].Conclusion = conclusion
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
	return slices.Clone(g.runs)
}

// Calls counts the requests of a name that came.
func (g *GitHub) Calls(name string) int {
	return g.ledger.Count(func(c Call) bool { return c.Name == name })
}

type obj = map[string]any

// serve answers one request under the faults in force and writes it down.
func (g *GitHub) serve(name string, run func(*http.Request, []byte) (int, obj)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20)) // half a body is no JSON
		c := Call{Name: name}
		fault := g.Faults.Take(name, c)
		defer func() {
			g.ledger.Add(func(seq int) Call {
				c.Seq = seq
				return c
			})
		}()
		switch fault.Kind {
		case standin.Hang:
			fault.Hold(r.Context())
			standin.Cut(w)
			return
		case standin.Reset:
			standin.Cut(w)
			return
		case standin.Status:
			c.Status = fault.AnswerStatus(w)
			return
		case standin.Limited: // its second kind of limit
			w.Header().Set("Retry-After", strconv.Itoa(max(1, fault.RetryAfter)))
			c.Status = http.StatusForbidden
			answer(w, c.Status, obj{"message": "You have exceeded a secondary rate limit."})
			return
		default: // carried out
		}
		status, content := http.StatusUnauthorized, obj{"message": "Bad credentials"}
		if r.Header.Get("Authorization") == "Bearer "+g.Token {
			g.mu.Lock()
			status, content = run(r, body)
			g.mu.Unlock()
		}
		switch fault.Kind {
		case standin.LostReply:
			standin.Cut(w)
		case standin.Garbled:
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"workflow_ru`)
		default:
			c.Status = status
			answer(w, status, content)
		}
	}
}

func answer(w http.ResponseWriter, status int, content obj) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if content != nil {
		_ = json.NewEncoder(w).Encode(content) // the reader may be gone
	}
}

// find is the workflow that a request is about.
func (g *GitHub) find(r *http.Request) (Workflow, bool) {
	repo := r.PathValue("owner") + "/" + r.PathValue("name")
	n := slices.IndexFunc(g.workflows, func(w Workflow) bool { return w.Repo == repo && w.File == r.PathValue("file") })
	if n < 0 {
		return Workflow{}, false
	}
	return g.workflows[n], true
}

func (g *GitHub) look(r *http.Request, _ []byte) (int, obj) {
	w, ok := g.find(r)
	switch {
	case !ok:
		return http.StatusNotFound, obj{"message": "Not Found"}
	case w.Off:
		return http.StatusOK, obj{"state": "disabled_manually"}
	}
	return http.StatusOK, obj{"state": "active", "path": ".github/workflows/" + w.File}
}

func (g *GitHub) dispatch(r *http.Request, body []byte) (int, obj) {
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
	run := Run{ID: int64(len(g.runs) + 1001), Workflow: workflow, Title: title, Inputs: inputs, Conclusion: g.ends, Created: g.Now()}
	g.runs = append(g.runs, run)
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

func (g *GitHub) list(r *http.Request, _ []byte) (int, obj) {
	w, ok := g.find(r)
	since, err := time.Parse(time.RFC3339, strings.TrimPrefix(r.URL.Query().Get("created"), ">="))
	if !ok || err != nil || r.URL.Query().Get("event") != "workflow_dispatch" {
		return http.StatusNotFound, obj{"message": "Not Found"}
	}
	all := []obj{}
	for n, one := range slices.Backward(g.runs) {
		if n == len(g.runs)-1 && g.hidden > 0 {
			g.hidden--
			continue
		}
		if one.Workflow == w.Repo+"/"+w.File && !one.Created.Before(since) {
			all = append(all, shown(one))
		}
	}
	return http.StatusOK, obj{"total_count": len(all), "workflow_runs": all}
}

func (g *GitHub) one(r *http.Request, _ []byte) (int, obj) {
	for _, one := range g.runs {
		if strconv.FormatInt(one.ID, 10) == r.PathValue("id") {
			return http.StatusOK, shown(one)
		}
	}
	return http.StatusNotFound, obj{"message": "Not Found"}
}
