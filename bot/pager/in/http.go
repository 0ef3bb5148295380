package pagerin

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/alarm"
)

const (
	// maxBody bounds a request; PagerDuty drops what is larger than 256 KB itself.
	maxBody = 1 << 20
	// answerWithin leaves a second of the five that PagerDuty waits.
	answerWithin = 4 * time.Second
)

// Intake is what stands behind the way in.
type Intake interface {
	Take(context.Context, alarm.Alarm) error
	Keep(ctx context.Context, deliveries []bot.Delivery, body []byte) (fresh bool, err error)
	KeepOdd(context.Context, alarm.Odd) (fresh bool, err error)
}

// Options are what the way in needs.
type Options struct {
	Secrets []string // of PAGERDUTY_WEBHOOK_SECRET; any of them may have signed
	// Kept are secrets that are kept elsewhere; nil for none. It is asked when none of
	// Secrets signed.
	Kept   func(context.Context) ([]string, error)
	Intake Intake
	Log    *slog.Logger
	// Count is told how each request ended: taken, ignored, malformed, forged,
	// not_saved, refused. "forged" and "not_saved" are the ones to alarm on.
	Count func(result string)
}

// Server answers PagerDuty's requests.
type Server struct{ Options }

// New returns the way in.
func New(o Options) *Server {
	if o.Count == nil {
		o.Count = func(string) {}
	}
	return &Server{o}
}

// Register adds the address that PagerDuty calls.
func (s *Server) Register(mux *http.ServeMux) { mux.HandleFunc("/pagerduty/webhooks", s.receive) }

func (s *Server) receive(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		s.refuse(w, "refused", http.StatusMethodNotAllowed, "send a POST request")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		s.refuse(w, "refused", http.StatusRequestEntityTooLarge, "the body is larger than 1 MiB")
		return
	case err != nil:
		s.refuse(w, "refused", http.StatusServiceUnavailable, "the body did not arrive whole; send it again")
		return
	}
	genuine, err := s.genuine(r, body)
	if err != nil {
		s.Log.ErrorContext(r.Context(), "a webhook's signature could not be checked: the secrets cannot be read", "error", err)
		s.refuse(w, "not_saved", http.StatusServiceUnavailable, "the signature cannot be checked now; send it again")
		return
	}
	if !genuine {
		s.Log.ErrorContext(r.Context(), "refused a webhook that was signed with no secret that is known here; "+
			"three in a row and PagerDuty stops sending for a day", "subscription", subscription(r.Header))
		s.refuse(w, "forged", http.StatusUnauthorized, "the signature is missing or wrong")
		return
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		s.refuse(w, "refused", http.StatusUnsupportedMediaType, "send application/json")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
	defer cancel()
	result, err := s.take(ctx, r.Header.Get("X-Webhook-Id"), body)
	if err != nil {
		s.Log.ErrorContext(ctx, "a webhook of PagerDuty's was not stored", "error", err)
		s.refuse(w, "not_saved", http.StatusServiceUnavailable, "not stored; send it again")
		return
	}
	s.Count(result)
	w.WriteHeader(http.StatusAccepted)
}

// genuine says whether PagerDuty signed a body. An error means that it is not known:
// PagerDuty must not be told that it was forged.
func (s *Server) genuine(r *http.Request, body []byte) (bool, error) {
	if signed(s.Secrets, r.Header, body) {
		return true, nil
	}
	if s.Kept == nil || len(r.Header.Values("X-PagerDuty-Signature")) == 0 {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
	defer cancel()
	kept, err := s.Kept(ctx)
	if err != nil {
		return false, err
	}
	return signed(kept, r.Header, body), nil
}

// subscription is what the header calls the subscription, when that is an id: whoever
// sends a forged webhook chooses it, and must not write our log.
func subscription(h http.Header) string {
	id := h.Get("X-Webhook-Subscription")
	if len(id) > 32 || strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
		return "?"
	}
	return id
}

func (s *Server) refuse(w http.ResponseWriter, result string, status int, text string) {
	s.Count(result)
	http.Error(w, text, status)
}

// take takes a signed body in. An error means that it was not stored.
func (s *Server) take(ctx context.Context, webhook string, body []byte) (result string, err error) {
	seen := []bot.Delivery{{Source: "pagerduty.webhook", ID: webhook}}
	e, err := decode(body)
	if err != nil {
		return s.odd(ctx, seen, body, err)
	}
	seen = append(seen, bot.Delivery{Source: "pagerduty.event", ID: e.ID})
	read, known := readers[e.Type]
	if !known {
		fresh, err := s.Intake.Keep(ctx, seen, body)
		if fresh {
			s.Log.InfoContext(ctx, "accepted an event of PagerDuty's that means nothing here", "type", e.Type, "event", e.ID)
		}
		return "ignored", err
	}
	m, err := read(e)
	if err != nil {
		return s.odd(ctx, seen, body, err)
	}
	if m.own {
		_, err := s.Intake.Keep(ctx, seen, nil)
		return "own", err
	}
	err = s.Intake.Take(ctx, alarm.Alarm{Deliveries: seen, Report: m.report, Responders: m.who})
	if errors.Is(err, alarm.ErrUnnamed) {
		return s.odd(ctx, seen, body, err)
	}
	return "taken", err
}

// odd keeps what PagerDuty signed and nobody here can read, and says so once.
func (s *Server) odd(ctx context.Context, seen []bot.Delivery, body []byte, why error) (string, error) {
	fresh, err := s.Intake.KeepOdd(ctx, alarm.Odd{Source: Source, Why: why.Error(), Deliveries: seen, Body: body})
	if fresh {
		s.Log.ErrorContext(ctx, "a webhook of PagerDuty's cannot be read; `rollcall unread` shows it for a week",
			"report", "alert.unread", "source", Source, "error", why, "size", len(body))
	}
	return "malformed", err
}
