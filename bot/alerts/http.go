package alerts

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/bot/alarm"
)

const (
	maxBody      = 1 << 20         // bytes
	answerWithin = 8 * time.Second // Alertmanager waits ten by default
	// oddAgain is how long a source that cannot be read is not reported again.
	oddAgain = time.Hour
)

// Intake is what stands behind the way in.
type Intake interface {
	Take(context.Context, alarm.Alarm) error
	KeepOdd(context.Context, alarm.Odd) (fresh bool, err error)
}

// Options are what the way in needs.
type Options struct {
	Token string // of ROLLCALL_ALERT_TOKEN, for every source; "" for none
	// Sources are the settings' own, and Secrets those that sign for Sentry.
	Sources []Source
	Secrets []string
	Intake  Intake
	Now     func() time.Time // Rollcall's clock
	Log     *slog.Logger
	// Count is told how each request ended: taken, ignored, malformed, forged,
	// not_saved, refused. nil for nobody.
	Count func(source, result string)
}

// Server answers monitors' requests.
type Server struct {
	Options

	sources map[string]Source // by kind and name

	mu  sync.Mutex
	odd map[string]time.Time // when a source that cannot be read was reported last
}

// New returns the way in.
func New(o Options) *Server {
	if o.Count == nil {
		o.Count = func(string, string) {}
	}
	s := &Server{Options: o, sources: map[string]Source{}, odd: map[string]time.Time{}}
	for _, kind := range Kinds() {
		s.sources[sourceKey(kind, string(kind))] = Source{Name: string(kind), Kind: kind}
	}
	for _, one := range o.Sources {
		s.sources[sourceKey(one.Kind, one.Name)] = one
	}
	for key, one := range s.sources {
		if one.Kind == Sentry && len(one.Secrets) == 0 {
			one.Secrets = o.Secrets
			s.sources[key] = one
		}
	}
	return s
}

func sourceKey(kind Kind, name string) string { return string(kind) + "?" + name }

// Register adds the address of each kind that has a source which anybody can open.
func (s *Server) Register(mux *http.ServeMux) {
	for _, kind := range Kinds() {
		open := false
		for _, one := range s.sources {
			open = open || one.Kind == kind && one.open(s.Token)
		}
		if open {
			mux.HandleFunc("/alerts/"+string(kind), func(w http.ResponseWriter, r *http.Request) { s.receive(w, r, kind) })
		}
	}
}

// refusal is a request that is not taken.
type refusal struct {
	result string
	status int
	text   string
}

func (s *Server) receive(w http.ResponseWriter, r *http.Request, kind Kind) {
	m, no := s.admit(w, r, kind)
	if no != nil {
		s.Count(string(kind), no.result)
		http.Error(w, no.text, no.status)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
	defer cancel()
	result, err := s.take(ctx, m)
	if err != nil {
		s.Log.ErrorContext(ctx, "an alert was not stored", "source", m.Name, "error", err)
		s.Count(m.Name, "not_saved")
		http.Error(w, "not stored; send it again", http.StatusServiceUnavailable)
		return
	}
	s.Count(m.Name, result)
	w.WriteHeader(http.StatusAccepted)
}

// admit reads a request of a source that proves who it is. Nothing of the body is
// parsed before.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, kind Kind) (message, *refusal) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return message{}, &refusal{"refused", http.StatusMethodNotAllowed, "send a POST request"}
	}
	name := r.URL.Query().Get("source")
	if name == "" {
		name = string(kind)
	}
	source, known := s.sources[sourceKey(kind, name)]
	trusted := bearer(r.Header, s.Token, source.Token)
	forged := &refusal{"forged", http.StatusUnauthorized, "send the token of ROLLCALL_ALERT_TOKEN, or the source's own, as a bearer token"}
	if !trusted && (len(source.Secrets) == 0 || r.Header.Get(signatureHeader) == "") {
		w.Header().Set("WWW-Authenticate", "Bearer")
		return message{}, forged
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return message{}, &refusal{"refused", http.StatusRequestEntityTooLarge, "the body is larger than 1 MiB"}
	case err != nil:
		return message{}, &refusal{"refused", http.StatusServiceUnavailable, "the body did not arrive whole; send it again"}
	case !trusted && !signed(r.Header, body, source.Secrets):
		return message{}, &refusal{"forged", http.StatusUnauthorized, "the signature is not that of the client secret"}
	case !known:
		return message{}, &refusal{"refused", http.StatusNotFound, "there is no such source under `monitors` in rollcall.yaml"}
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return message{}, &refusal{"refused", http.StatusUnsupportedMediaType, "send application/json"}
	}
	return message{Source: source, header: r.Header, body: body, now: s.Now()}, nil
}

// take takes a message in. An error means that not all of it was stored; what was
// is known again when it is sent again.
func (s *Server) take(ctx context.Context, m message) (result string, err error) {
	list, bad, err := decoders[m.Kind](m)
	if err != nil {
		return s.keep(ctx, m, err)
	}
	for _, t := range list {
		err := s.Intake.Take(ctx, t.alarm())
		if errors.Is(err, alarm.ErrUnnamed) {
			bad = err
			continue
		}
		if err != nil {
			return "", err
		}
	}
	switch {
	case bad != nil:
		return s.keep(ctx, m, bad)
	case len(list) == 0:
		return "ignored", nil
	}
	return "taken", nil
}

// keep keeps what cannot be read, and says so once in a while: a monitor that is
// set up wrongly sends the like of it every minute.
func (s *Server) keep(ctx context.Context, m message, why error) (string, error) {
	_, err := s.Intake.KeepOdd(ctx, alarm.Odd{Source: m.Name, Why: why.Error(), Body: m.body})
	if err == nil && s.tell(m.Name, m.now) {
		s.Log.ErrorContext(ctx, "an alert cannot be read; `rollcall unread` shows it for a week",
			"report", "alert.unread", "source", m.Name, "error", why, "size", len(m.body))
	}
	return "malformed", err
}

// tell says whether it is to be reported that a source cannot be read.
func (s *Server) tell(source string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last, told := s.odd[source]; told && now.Sub(last) < oddAgain {
		return false
	}
	s.odd[source] = now
	return true
}
