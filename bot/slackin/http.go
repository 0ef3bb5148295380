package slackin

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
)

// maxBody bounds a request; Slack's largest (a view) is 250 kB.
const maxBody = 1 << 20

// Door is what stands behind the way in.
type Door interface {
	bot.Handler
	// Observe takes in something that happened in Slack. An error means that it
	// is not stored and has to be sent again.
	Observe(context.Context, bot.Happening) error
}

// Options are what the ways in need.
type Options struct {
	Secret string // SLACK_SIGNING_SECRET; HTTP refuses everything without it
	Door   Door
	// Render lays an answer out as a message in JSON, and adds that to what is in to.
	Render func(to []byte, a bot.Answer) ([]byte, error)
	Now    func() time.Time
	Log    *slog.Logger
	// Robots are other bots that may give some commands by mentioning us, by Slack's
	// id of the bot or of its app.
	Robots map[string]bot.Robot
}

// Server answers Slack's HTTP requests.
type Server struct {
	Options
	signatures *verifier
}

// New returns the HTTP side.
func New(o Options) *Server { return &Server{Options: o, signatures: newVerifier(o.Secret)} }

// Register adds the three addresses that Slack calls.
func (s *Server) Register(mux *http.ServeMux) {
	mux.HandleFunc("/slack/commands", s.signed("application/x-www-form-urlencoded", s.command))
	mux.HandleFunc("/slack/interactions", s.signed("application/x-www-form-urlencoded", s.interaction))
	mux.HandleFunc("/slack/events", s.signed("application/json", s.event))
}

// signed lets only what Slack signed through to next, which must not keep the body: its
// memory is the next request's.
func (s *Server) signed(contentType string, next func(http.ResponseWriter, *http.Request, []byte)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "send a POST request", http.StatusMethodNotAllowed)
			return
		}
		in := takeBuffer()
		defer giveBuffer(in)
		if _, err := in.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
			var tooLarge *http.MaxBytesError
			if errors.As(err, &tooLarge) {
				http.Error(w, "the body is larger than 1 MiB", http.StatusRequestEntityTooLarge)
				return
			}
			http.Error(w, "the body did not arrive whole", http.StatusBadRequest)
			return
		}
		body := in.Bytes()
		if err := s.signatures.verify(r.Header, body, s.Now()); err != nil {
			s.Log.WarnContext(r.Context(), "refused a request that Slack did not sign", "path", r.URL.Path)
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		if !isType(r.Header.Get("Content-Type"), contentType) {
			http.Error(w, "send "+contentType, http.StatusUnsupportedMediaType)
			return
		}
		next(w, r, body)
	}
}

// isType says whether a Content-Type is the one that is wanted, whatever its parameters.
func isType(header, wanted string) bool {
	if header == wanted {
		return true
	}
	got, _, err := mime.ParseMediaType(header)
	return err == nil && got == wanted
}

func (s *Server) command(w http.ResponseWriter, r *http.Request, body []byte) {
	p, err := decodeCommandForm(body)
	switch {
	case err != nil:
		http.Error(w, "this is not a slash command", http.StatusBadRequest)
	case p.SSLCheck == "1":
		w.WriteHeader(http.StatusOK)
	default:
		s.answer(w, r, s.Door.Handle(r.Context(), p.request()))
	}
}

func (s *Server) interaction(w http.ResponseWriter, r *http.Request, body []byte) {
	p, err := decodeInteractionForm(body)
	if err != nil {
		http.Error(w, "this is not an interaction", http.StatusBadRequest)
		return
	}
	if req, ok := p.submission(); ok {
		s.formAnswer(w, r, s.Door.Handle(r.Context(), req))
		return
	}
	req, ok := p.request()
	if !ok { // something in a message that means nothing to us, such as a link button
		w.WriteHeader(http.StatusOK)
		return
	}
	s.answer(w, r, s.Door.Handle(r.Context(), req))
}

func (s *Server) event(w http.ResponseWriter, r *http.Request, body []byte) {
	e, err := decodeEvent(body)
	if err != nil {
		http.Error(w, "this is not an event", http.StatusBadRequest)
		return
	}
	if e.Type == "url_verification" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, e.Challenge)
		return
	}
	if !s.take(r.Context(), e) {
		http.Error(w, "not stored; send it again", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// take hands an event on: a mention is a command, the rest is observed. It says
// whether Slack may forget the event.
func (s *Server) take(ctx context.Context, e envelope) bool {
	if req, ok := e.mention(s.Robots); ok {
		return s.Door.Handle(ctx, req).Kind != bot.NotSaved
	}
	h, ok := e.happening()
	if !ok {
		return true
	}
	if err := s.Door.Observe(ctx, h); err != nil {
		s.Log.ErrorContext(ctx, "an event of Slack's was not stored", "type", h.Type, "error", err)
		return false
	}
	return true
}

// formAnswer closes a form that was sent, or shows what is wrong in it.
func (s *Server) formAnswer(w http.ResponseWriter, r *http.Request, a bot.Answer) {
	body := formAnswer(a)
	if body == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if err := json.NewEncoder(w).Encode(body); err != nil {
		s.Log.WarnContext(r.Context(), "the answer to a form was not taken", "error", err)
	}
}

// answer writes what the person reads. Slack hides everything but a 200.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, a bot.Answer) {
	if a.Kind == bot.Silent {
		w.WriteHeader(http.StatusOK)
		return
	}
	out := takeBuffer()
	defer giveBuffer(out)
	body, err := s.Render(out.AvailableBuffer(), a)
	if err != nil {
		s.Log.ErrorContext(r.Context(), "an answer could not be laid out", "error", err)
		body, _ = json.Marshal(map[string]string{"response_type": "ephemeral", "text": a.Text})
	}
	out.Write(body) // where it stands already, unless it was too long for that
	w.Header()["Content-Type"] = jsonType
	_, _ = w.Write(out.Bytes())
}

// jsonType is the Content-Type of an answer; nobody changes it.
var jsonType = []string{"application/json; charset=utf-8"}
