// Package githubfake is a stand-in of the parts of GitHub's REST API that start
// workflows and keep issues and pull requests: it refuses what the original refuses,
// and can fail in every way.
package githubfake

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/standin"
)

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

	mu     sync.Mutex
	flows  flows
	repos  map[string]*repo
	ledger standin.Ledger[Call]
}

// New makes an empty GitHub that takes one token.
func New(token string, now func() time.Time) *GitHub {
	return &GitHub{Token: token, Now: now, Faults: standin.NewFaults[Call](1), repos: map[string]*repo{}}
}

// Start listens on this machine until ctx ends, and returns the API's address.
func (g *GitHub) Start(ctx context.Context) string {
	server := httptest.NewServer(g.Handler())
	context.AfterFunc(ctx, func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

// Handler is the API, for whoever listens by themselves.
func (g *GitHub) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /repos/{owner}/{name}/actions/workflows/{file}", g.serve("GET workflow", g.look))
	mux.HandleFunc("POST /repos/{owner}/{name}/actions/workflows/{file}/dispatches", g.serve("POST dispatches", g.dispatch))
	mux.HandleFunc("GET /repos/{owner}/{name}/actions/workflows/{file}/runs", g.serve("GET runs", g.list))
	mux.HandleFunc("GET /repos/{owner}/{name}/actions/runs/{id}", g.serve("GET run", g.one))
	g.issueRoutes(mux)
	g.pullRoutes(mux)
	return mux
}

// Calls counts the requests of a name that came.
func (g *GitHub) Calls(name string) int {
	return g.ledger.Count(func(c Call) bool { return c.Name == name })
}

// CaughtUp says that the last request was carried out and answered.
func (g *GitHub) CaughtUp() bool {
	all := g.ledger.Calls(func(Call) bool { return true })
	return len(all) > 0 && all[len(all)-1].Status/100 == 2
}

type obj = map[string]any

// answers is what a request is answered with: a status, and what becomes JSON.
type answers = func(*http.Request, []byte) (int, any)

// serve answers one request under the faults in force and writes it down.
func (g *GitHub) serve(name string, run answers) http.HandlerFunc {
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
		if status, over := fault.Befall(w, r, http.StatusForbidden); over { // its second kind of limit
			c.Status = status
			return
		}
		var content any = obj{"message": "Bad credentials"}
		status := http.StatusUnauthorized
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
			_, _ = io.WriteString(w, `{"id": 1, "number": `)
		default:
			c.Status = status
			answer(w, status, content)
		}
	}
}

func answer(w http.ResponseWriter, status int, content any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if content != nil {
		_ = json.NewEncoder(w).Encode(content) // the reader may be gone
	}
}
