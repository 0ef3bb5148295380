package pages

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
	"github.com/rollcall-bot/rollcall/storage"
)

// Options are what the pages need.
type Options struct {
	Store *storage.Store
	Door  bot.Handler // takes notes
	// Document makes an incident's RFO as it stands.
	Document  func(*storage.Reader, *incident.Incident) (rfo.Document, error)
	Questions Questions // that the RFO answers
	// Zone is the team's time zone, for readers whose own is not known.
	Zone *time.Location
	// PublicURL is how browsers reach the pages, without a slash at the end; "" when
	// nobody said.
	PublicURL string
	SignIn    SignIn
	Now       func() time.Time // Rollcall's clock
	NewID     func() string    // a UUID at each call
	Secret    func() string    // at least 256 random bits, as letters and digits
	Log       *slog.Logger
}

// Server answers browsers.
type Server struct {
	Options
	layouts layouts
	issuer  issuer
	guesses guesses // codes of links
	returns guesses // from Slack, of sign-ins that were not taken
	seal    sealer
}

// New returns the pages.
func New(o Options) (*Server, error) {
	s := &Server{Options: o, layouts: newLayouts()}
	if o.SignIn.On() {
		var err error
		if s.seal, err = newSealer(o.SignIn.Key); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Register adds the pages' addresses.
func (s *Server) Register(mux *http.ServeMux) {
	guard := http.NewCrossOriginProtection()
	if s.PublicURL != "" {
		// Behind a proxy that changes the Host header, this is what browsers call us.
		if err := guard.AddTrustedOrigin(s.PublicURL); err != nil {
			s.Log.Warn("ROLLCALL_PUBLIC_URL is no origin; forms work only where the proxy keeps the Host header", slog.Any("error", err))
		}
	}
	for pattern, h := range map[string]http.HandlerFunc{
		"GET /{$}":                      s.list,
		"GET /incidents/{key}":          s.incident,
		"POST /incidents/{key}":         s.enter,
		"POST /incidents/{key}/note":    s.note,
		"GET /incidents/{key}/rfo":      s.rfoPage,
		"POST /incidents/{key}/rfo":     s.answers,
		"GET /incidents/{key}/rfo.md":   s.rfoMarkdown,
		"GET /incidents/{key}/rfo.html": s.rfoHTML,
		"GET /actions":                  s.actions,
		"GET /metrics-dashboard":        s.figures,
		"GET /sign-in":                  s.signIn,
		"GET /sign-in/callback":         s.signedIn,
		"POST /sign-out":                s.signOut,
		"GET /static/{file}":            s.static,
	} {
		mux.Handle(pattern, guard.Handler(headed(pattern, h)))
	}
}

// policy is what a page may load and do: our own style and scripts, and forms that
// come back to us.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// bodyLimit bounds a form; a note has at most 3,000 characters.
const bodyLimit = 64 << 10

// answersLimit bounds the form of all answers: twelve of 20,000 characters, as they are
// sent by a browser in most languages.
const answersLimit = 1 << 20

const (
	noteTooLarge    = "NOT saved: this is longer than a note may be (3,000 characters). Your browser still has it: go back and shorten it."
	answersTooLarge = "NOT saved: the answers are longer together than the page takes. Your browser still has them: go back and shorten them; one may have 20,000 characters."
)

// headed sets what holds for every page.
func headed(pattern string, next http.HandlerFunc) http.Handler {
	limit, why := int64(bodyLimit), noteTooLarge
	if pattern == "POST /incidents/{key}/rfo" {
		limit, why = answersLimit, answersTooLarge
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Cache-Control", "no-store")
		// With "no-referrer" browsers would hide from us where a form comes from.
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Robots-Tag", "noindex")
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		var tooLarge *http.MaxBytesError
		if r.Method == http.MethodPost && errors.As(r.ParseForm(), &tooLarge) {
			http.Error(w, why, http.StatusRequestEntityTooLarge)
			return
		}
		next(w, r)
	})
}
