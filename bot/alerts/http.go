package alerts

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/alarm"
	"github.com/rollcall-bot/rollcall/incident"
)

const (
	maxBody      = 1 << 20         // bytes
	answerWithin = 8 * time.Second // Alertmanager waits ten by default
)

// Intake is what stands behind the way in.
type Intake interface {
	Take(context.Context, alarm.Alarm) error
	Keep(ctx context.Context, deliveries []bot.Delivery, body []byte) (fresh bool, err error)
}

// Options are what the way in needs.
type Options struct {
	Token  string // of ROLLCALL_ALERT_TOKEN; without one Register adds nothing
	Intake Intake
	Log    *slog.Logger
	// Count is told how each request ended: taken, malformed, forged, not_saved,
	// refused. nil for nobody.
	Count func(source, result string)
}

// Server answers monitors' requests.
type Server struct{ Options }

// New returns the way in.
func New(o Options) *Server {
	if o.Count == nil {
		o.Count = func(string, string) {}
	}
	return &Server{o}
}

// decoders reads each source's payload into reports. bad counts alerts in it that
// cannot be read while others can.
var decoders = map[string]func(body []byte) (reports []incident.AlarmReport, bad int, err error){
	"alertmanager": group("alertmanager"),
	"grafana":      group("grafana"),
	"generic":      generic,
}

// Register adds an address for each source, when there is a token.
func (s *Server) Register(mux *http.ServeMux) {
	if s.Token == "" {
		return
	}
	for source := range decoders {
		mux.HandleFunc("/alerts/"+source, func(w http.ResponseWriter, r *http.Request) { s.receive(w, r, source) })
	}
}

func (s *Server) receive(w http.ResponseWriter, r *http.Request, source string) {
	refuse := func(result string, status int, text string) {
		s.Count(source, result)
		http.Error(w, text, status)
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		refuse("refused", http.StatusMethodNotAllowed, "send a POST request")
		return
	}
	if !s.authorised(r.Header.Get("Authorization")) {
		w.Header().Set("WWW-Authenticate", "Bearer")
		refuse("forged", http.StatusUnauthorized, "send the token of ROLLCALL_ALERT_TOKEN as a bearer token")
		return
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		refuse("refused", http.StatusUnsupportedMediaType, "send application/json")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		refuse("refused", http.StatusRequestEntityTooLarge, "the body is larger than 1 MiB")
		return
	case err != nil:
		refuse("refused", http.StatusServiceUnavailable, "the body did not arrive whole; send it again")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
	defer cancel()
	result, err := s.take(ctx, source, body)
	if err != nil {
		s.Log.ErrorContext(ctx, "an alert was not stored", "source", source, "error", err)
		refuse("not_saved", http.StatusServiceUnavailable, "not stored; send it again")
		return
	}
	s.Count(source, result)
	w.WriteHeader(http.StatusAccepted)
}

// authorised compares digests, so that the time tells nothing of the token, not
// even its length.
func (s *Server) authorised(header string) bool {
	scheme, token, _ := strings.Cut(header, " ")
	got, want := sha256.Sum256([]byte(strings.TrimSpace(token))), sha256.Sum256([]byte(s.Token))
	return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

// take takes an authorised body in. An error means that not all of it was stored;
// what was is known again when it is sent again.
func (s *Server) take(ctx context.Context, source string, body []byte) (result string, err error) {
	reports, bad, err := decoders[source](body)
	if err != nil {
		return s.odd(ctx, source, body)
	}
	for _, rep := range reports {
		err := s.Intake.Take(ctx, alarm.Alarm{Report: rep, Deliveries: []bot.Delivery{{Source: "alert." + source, ID: deliveryID(rep)}}})
		if errors.Is(err, alarm.ErrUnnamed) {
			bad++
			continue
		}
		if err != nil {
			return "", err
		}
	}
	if bad > 0 {
		return s.odd(ctx, source, body)
	}
	return "taken", nil
}

// deliveryID names what an alert told: which alarm, what of it, and since when.
// An alert that resolves is sent again with the same end.
func deliveryID(r incident.AlarmReport) string {
	sum := sha256.Sum256([]byte(r.Ref.ID + "\x00" + string(r.Kind) + "\x00" + r.At.UTC().Format(time.RFC3339Nano)))
	return hex.EncodeToString(sum[:])
}

// odd keeps what nobody here can read, and says so once.
func (s *Server) odd(ctx context.Context, source string, body []byte) (string, error) {
	sum := sha256.Sum256(body)
	id := hex.EncodeToString(sum[:])
	fresh, err := s.Intake.Keep(ctx, []bot.Delivery{{Source: "alert.body", ID: source + ":" + id}}, body)
	if fresh {
		s.Log.ErrorContext(ctx, "an alert cannot be read; it is kept for a week in the table delivery, source alert.body",
			"source", source, "body_sha256", id, "size", len(body))
	}
	return "malformed", err
}
