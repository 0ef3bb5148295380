package report

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/getsentry/sentry-go"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

const (
	sentryTimeout = 5 * time.Second
	stackBytes    = 16 << 10
)

// Sentry is the project of a DSN. key names an incident as people do, "" when it
// cannot be told.
func Sentry(dsn, version string, key func(context.Context, outbound.Trouble) string) (Place, error) {
	sent := &status{RoundTripper: http.DefaultTransport}
	transport := sentry.NewHTTPSyncTransport()
	transport.Timeout = sentryTimeout
	client, err := sentry.NewClient(sentry.ClientOptions{
		Dsn: dsn, Release: version, ServerName: "rollcall", MaxBreadcrumbs: -1, Transport: transport,
		HTTPClient: &http.Client{Timeout: sentryTimeout, Transport: sent},
		// Nothing is gathered from the environment: all that is sent is made below.
		Integrations: func([]sentry.Integration) []sentry.Integration { return nil },
	})
	if err != nil {
		return Place{}, errors.New("SENTRY_DSN: the DSN cannot be used; copy it from the project's settings in Sentry")
	}
	return Place{Name: "Sentry", Tell: func(ctx context.Context, t outbound.Trouble, count int) error {
		e := sentry.NewEvent()
		e.Level, e.Message, e.Fingerprint = sentry.LevelError, t.Kind+": "+t.What, []string{t.Kind, t.What}
		e.Tags = map[string]string{"kind": t.Kind, "count": fmt.Sprint(count)}
		if k := key(ctx, t); k != "" {
			e.Tags["incident"] = k
		}
		if len(t.Stack) > 0 {
			e.Contexts = map[string]sentry.Context{"stack": {"goroutine": strings.ToValidUTF8(string(t.Stack[:min(len(t.Stack), stackBytes)]), "")}}
		}
		sent.last = 0
		if client.CaptureEvent(e, nil, nil) == nil {
			return errors.New("the library of Sentry does not take the report")
		}
		if sent.last < http.StatusOK || sent.last >= http.StatusMultipleChoices {
			return fmt.Errorf("Sentry answers %d (0: not at all)", sent.last)
		}
		return nil
	}}, nil
}

// status remembers what the last request was answered with; reports are sent one by
// one.
type status struct {
	http.RoundTripper
	last int
}

// RoundTrip sends a request.
func (s *status) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := s.RoundTripper.RoundTrip(r)
	if err == nil {
		s.last = resp.StatusCode
	}
	return resp, err
}
