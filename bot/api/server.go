package api

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
	"github.com/rollcall-bot/rollcall/storage"
)

// Options are what the API needs.
type Options struct {
	Token     string // reads and writes; "" for none
	ReadToken string // reads; "" for none. Without any token Register adds nothing
	Store     *storage.Store
	Door      bot.Handler
	// Line turns typed text into what Slack would send for it.
	Line func(ctx context.Context, typed string) string
	// Choices are an answer's buttons as commands that can be sent.
	Choices func(context.Context, bot.Answer) []Choice
	// Document is an incident's RFO as it stands now.
	Document func(*storage.Reader, *incident.Incident) (rfo.Document, error)
	Zone     *time.Location   // of the team: what "overdue" and a customer's times are in
	Now      func() time.Time // Rollcall's clock
	Version  string           // of the program, for the OpenAPI document
	Log      *slog.Logger
}

// Server answers programs.
type Server struct {
	Options
	document func() []byte // the OpenAPI document, made when it is first asked for
}

// New returns the API.
func New(o Options) *Server {
	return &Server{Options: o, document: sync.OnceValue(func() []byte { return openAPI(o.Version) })}
}

// base begins every address.
const base = "/api/v1"

// Register adds the API when there is a token for it.
func (s *Server) Register(mux *http.ServeMux) {
	if s.Token == "" && s.ReadToken == "" {
		return
	}
	// The inner table sets the request's pattern, which names it in the log.
	inner := http.NewServeMux()
	for path, byMethod := range routesByPath() {
		inner.HandleFunc(base+path, func(w http.ResponseWriter, r *http.Request) { s.route(w, r, byMethod) })
	}
	inner.HandleFunc(base+"/", func(w http.ResponseWriter, _ *http.Request) {
		fail(w, http.StatusNotFound, "no_such_address", "There is nothing at this address. GET "+base+"/openapi.json lists what there is.")
	})
	mux.HandleFunc(base+"/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if s.right(r) == none {
			w.Header().Set("WWW-Authenticate", "Bearer")
			fail(w, http.StatusUnauthorized, "unauthorized", "Send `Authorization: Bearer TOKEN` with the token of ROLLCALL_API_TOKEN, or of ROLLCALL_API_READ_TOKEN to read only.")
			return
		}
		inner.ServeHTTP(w, r)
	})
}

// right is what a token opens.
type right int

const (
	none right = iota
	reads
	writes
)

// right compares digests, and always both, so that the time tells nothing of
// either token, not even its length.
func (s *Server) right(r *http.Request) right {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	got := sha256.Sum256([]byte(strings.TrimSpace(token)))
	is := func(secret string) bool {
		want := sha256.Sum256([]byte(secret))
		return subtle.ConstantTimeCompare(got[:], want[:]) == 1 && secret != ""
	}
	full, readOnly := is(s.Token), is(s.ReadToken)
	switch {
	case !strings.EqualFold(scheme, "Bearer"):
		return none
	case full:
		return writes
	case readOnly:
		return reads
	default:
		return none
	}
}

// route finds what answers a method at an address, and whether the token reaches it.
func (s *Server) route(w http.ResponseWriter, r *http.Request, byMethod map[string]*route) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	to := byMethod[method]
	switch {
	case to == nil:
		var allowed []string
		for m := range byMethod {
			allowed = append(allowed, m)
		}
		slices.Sort(allowed)
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		fail(w, http.StatusMethodNotAllowed, "method", "This address takes "+strings.Join(allowed, " and ")+".")
	case to.Method != http.MethodGet && s.right(r) != writes:
		fail(w, http.StatusForbidden, "read_only", "This token only reads. Send the token of ROLLCALL_API_TOKEN to change something.")
	default:
		to.serve(s, &call{ResponseWriter: w, Request: r, to: to})
	}
}

// call is one request under way.
type call struct {
	http.ResponseWriter
	*http.Request
	to *route
}

// Write and Header are the answer's; a request has some, too.
func (c *call) Write(b []byte) (int, error) { return c.ResponseWriter.Write(b) }

// Header is the answer's.
func (c *call) Header() http.Header { return c.ResponseWriter.Header() }

// Error is what went wrong.
type Error struct {
	Error Trouble `json:"error" doc:"What went wrong."`
}

// Trouble is the one shape of errors.
type Trouble struct {
	Code    string   `json:"code" doc:"One word for programs; it does not change."`
	Message string   `json:"message" doc:"A sentence that says what to do next."`
	Choices []Choice `json:"choices,omitempty" doc:"The commands that are the ways on, when the answer is a question."`
}

func fail(w http.ResponseWriter, status int, code, message string) {
	reply(w, status, Error{Trouble{Code: code, Message: message}})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(body) // the other side is gone: nobody to tell
}

// unread answers when the database could not be read.
func (s *Server) unread(c *call, err error) {
	s.Log.ErrorContext(c.Context(), "the API could not read", slog.Any("error", err))
	c.Header().Set("Retry-After", retryAfter)
	fail(c, http.StatusServiceUnavailable, "unavailable", "The database did not answer. Send the request again in a moment.")
}

// retryAfter is how many seconds a program waits that could not be served; a
// database that is busy takes about as long to be given up.
const retryAfter = "2"
