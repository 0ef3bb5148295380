// Package statuspagefake is a stand-in of Atlassian Statuspage: one page, its
// components and its incidents, over the calls that Rollcall makes. It checks the
// key and what it is sent, and can fail in every way.
package statuspagefake

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/rollcall-bot/rollcall/bot/playground/standin"
)

// Call is one request that came; Name is such as "POST incidents".
type Call struct {
	Seq    int
	Name   string
	Status int // 0 when there was no answer
}

// Fault is something that goes wrong with requests; Method is a call's Name.
type Fault = standin.Fault[Call]

// Update is one text of an incident, as everybody reads it.
type Update struct{ Status, Text string }

// Incident is one incident of the page.
type Incident struct {
	ID, Name, Status string
	Updates          []Update // the oldest first
	Components       []string // ids
	Metadata         map[string]map[string]string
}

// Page is the stand-in. It is safe for concurrent use.
type Page struct {
	ID, Key string
	Faults  *standin.Faults[Call]

	mu         sync.Mutex
	incidents  []Incident
	components map[string]string // id to state
	ledger     standin.Ledger[Call]
}

// New makes a page with components that are all well.
func New(id, key string, components ...string) *Page {
	p := &Page{ID: id, Key: key, Faults: standin.NewFaults[Call](1), components: map[string]string{}}
	for _, c := range components {
		p.components[c] = "operational"
	}
	return p
}

// Start listens on this machine until ctx ends, and returns the API's address.
func (p *Page) Start(ctx context.Context) string {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/pages/{page}", p.serve("GET page", p.about))
	mux.HandleFunc("GET /v1/pages/{page}/components", p.serve("GET components", p.parts))
	mux.HandleFunc("GET /v1/pages/{page}/incidents", p.serve("GET incidents", func(*http.Request, []byte) (int, any) { return p.list(false) }))
	mux.HandleFunc("GET /v1/pages/{page}/incidents/unresolved", p.serve("GET unresolved", func(*http.Request, []byte) (int, any) { return p.list(true) }))
	mux.HandleFunc("GET /v1/pages/{page}/incidents/{id}", p.serve("GET incident", p.one))
	mux.HandleFunc("POST /v1/pages/{page}/incidents", p.serve("POST incidents", p.create))
	mux.HandleFunc("PATCH /v1/pages/{page}/incidents/{id}", p.serve("PATCH incident", p.update))
	server := httptest.NewServer(mux)
	context.AfterFunc(ctx, func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL + "/v1"
}

// Incidents are all incidents of the page, the oldest first.
func (p *Page) Incidents() []Incident {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.incidents)
}

// Component is the state that a component shows; "" when there is none.
func (p *Page) Component(id string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.components[id]
}

// Delete has somebody remove an incident by hand.
func (p *Page) Delete(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.incidents = slices.DeleteFunc(p.incidents, func(i Incident) bool { return i.ID == id })
}

// Write has somebody make an incident by hand.
func (p *Page) Write(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.incidents = append(p.incidents, Incident{ID: p.nextID(), Name: name, Status: "investigating"})
}

// Calls counts the requests of a name that came.
func (p *Page) Calls(name string) int {
	return p.ledger.Count(func(c Call) bool { return c.Name == name })
}

type obj = map[string]any

// serve answers one request under the faults in force and writes it down.
func (p *Page) serve(name string, run func(*http.Request, []byte) (int, any)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20)) // half a body is no JSON
		c := Call{Name: name}
		fault := p.Faults.Take(name, c)
		defer func() {
			p.ledger.Add(func(seq int) Call {
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
		case standin.Limited:
			w.Header().Set("Retry-After", strconv.Itoa(max(1, fault.RetryAfter)))
			c.Status = http.StatusTooManyRequests
			answer(w, c.Status, obj{"error": "Too Many Requests"})
			return
		case standin.LimitedNo:
			c.Status = 420
			answer(w, c.Status, obj{"error": "Too many requests"})
			return
		default: // carried out
		}
		status, content := p.checked(r, body, run)
		switch fault.Kind {
		case standin.LostReply:
			standin.Cut(w)
		case standin.Garbled:
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"id": "p31z`)
		case standin.ErrorDone:
			c.Status = fault.AnswerStatus(w)
		default:
			c.Status = status
			answer(w, status, content)
		}
	}
}

func (p *Page) checked(r *http.Request, body []byte, run func(*http.Request, []byte) (int, any)) (int, any) {
	if r.Header.Get("Authorization") != "OAuth "+p.Key {
		return http.StatusUnauthorized, obj{"error": "Could not authenticate"}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.PathValue("page") != p.ID {
		return http.StatusNotFound, obj{"error": "Not found"}
	}
	return run(r, body)
}

func answer(w http.ResponseWriter, status int, content any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(content) // the reader may be gone
}

func (p *Page) about(*http.Request, []byte) (int, any) {
	return http.StatusOK, obj{"id": p.ID, "name": "Example"}
}

func (p *Page) parts(r *http.Request, _ []byte) (int, any) {
	all := []obj{}
	if n, _ := strconv.Atoi(r.URL.Query().Get("page")); n <= 1 {
		for id, state := range p.components {
			all = append(all, obj{"id": id, "status": state})
		}
	}
	return http.StatusOK, all
}

func (p *Page) nextID() string { return fmt.Sprintf("p%011d", len(p.incidents)+1) }

func shown(i Incident) obj {
	return obj{"id": i.ID, "name": i.Name, "status": i.Status, "shortlink": "https://stspg.io/" + i.ID, "metadata": i.Metadata}
}

func (p *Page) list(unresolved bool) (int, any) {
	all := []obj{}
	for _, one := range slices.Backward(p.incidents) {
		if !unresolved || one.Status != "resolved" {
			all = append(all, shown(one))
		}
	}
	return http.StatusOK, all
}

func (p *Page) one(r *http.Request, _ []byte) (int, any) {
	if n := p.find(r); n >= 0 {
		return http.StatusOK, shown(p.incidents[n])
	}
	return http.StatusNotFound, obj{"error": "Not found"}
}

func (p *Page) find(r *http.Request) int {
	return slices.IndexFunc(p.incidents, func(i Incident) bool { return i.ID == r.PathValue("id") })
}

func (p *Page) create(_ *http.Request, body []byte) (int, any) {
	p.incidents = append(p.incidents, Incident{ID: p.nextID()})
	status, content := p.change(len(p.incidents)-1, body)
	if status != http.StatusOK {
		p.incidents = p.incidents[:len(p.incidents)-1]
		return status, content
	}
	return http.StatusCreated, content
}

func (p *Page) update(r *http.Request, body []byte) (int, any) {
	n := p.find(r)
	if n < 0 {
		return http.StatusNotFound, obj{"error": "Not found"}
	}
	return p.change(n, body)
}

// change sets an incident's fields, after all of them were looked at.
func (p *Page) change(n int, body []byte) (int, any) {
	var order struct {
		Incident struct {
			Name       string                       `json:"name"`
			Status     string                       `json:"status"`
			Body       string                       `json:"body"`
			Components map[string]string            `json:"components"`
			IDs        []string                     `json:"component_ids"`
			Metadata   map[string]map[string]string `json:"metadata"` // everything in there is an object
		} `json:"incident"`
	}
	if err := json.Unmarshal(body, &order); err != nil {
		return http.StatusBadRequest, obj{"error": "incident is missing"}
	}
	in := order.Incident
	var wrong []string
	if in.Name == "" || utf8.RuneCountInString(in.Name) > 255 {
		wrong = append(wrong, "Name is invalid")
	}
	if !slices.Contains([]string{"investigating", "identified", "monitoring", "resolved"}, in.Status) {
		wrong = append(wrong, "Status is invalid")
	}
	if in.Body == "" || len(in.Body) > 25000 {
		wrong = append(wrong, "Body is invalid")
	}
	for id, state := range in.Components {
		known := slices.Contains([]string{"operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"}, state)
		if _, there := p.components[id]; !there || !known || !slices.Contains(in.IDs, id) {
			wrong = append(wrong, "Component "+id+" is invalid")
		}
	}
	if len(wrong) > 0 {
		return http.StatusUnprocessableEntity, obj{"error": wrong}
	}
	i := &p.incidents[n]
	i.Name, i.Status, i.Metadata = in.Name, in.Status, in.Metadata
	i.Updates = append(i.Updates, Update{Status: in.Status, Text: in.Body})
	for id, state := range in.Components {
		p.components[id] = state
		if !slices.Contains(i.Components, id) {
			i.Components = append(i.Components, id)
		}
	}
	return http.StatusOK, shown(*i)
}
