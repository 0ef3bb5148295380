// Package toggle switches parts of the program off while it runs, in an emergency.
//
// What asks it does so at the moment of sending, never while something is decided:
// what happened is recorded whatever is switched off. States are evaluated through
// OpenFeature by a provider of our own, which reads them anew at most once a second.
package toggle

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/open-feature/go-sdk/openfeature/isolated"
)

// Feature is a part that can be switched off.
type Feature string

// The features.
const (
	Announcements Feature = "announcements" // what goes to the announcement channel; held
	Paging        Feature = "paging"        // waking people up; skipped, and said who is to be phoned
	Reminders     Feature = "reminders"     // what Rollcall says by itself; held
	Uploads       Feature = "uploads"       // RFOs as files in Slack; skipped, and said where the file is
)

// Features are all of them. Not to be written to.
var Features = []Feature{Announcements, Paging, Reminders, Uploads}

// readEvery is how old what was read may be: the operator who switches something
// off waits, and the file must not be read for each of many steps.
const readEvery = time.Second

// Switches say what is on. They are safe for concurrent use.
type Switches struct {
	client *openfeature.Client
	states *states
}

// New makes the switches. read returns what is switched off; when it fails, what it
// returned last holds, and the log says so once. now is Rollcall's clock.
func New(ctx context.Context, read func() ([]Feature, error), now func() time.Time, log *slog.Logger) (*Switches, error) {
	s := &states{read: read, now: now, log: log}
	api := isolated.NewAPI()
	if err := api.SetProviderAndWait(ctx, s); err != nil {
		return nil, fmt.Errorf("set up the switches: %w", err)
	}
	return &Switches{client: api.NewClient(), states: s}, nil
}

// On says whether a feature is on at this moment. One that nobody knows is on.
func (s *Switches) On(ctx context.Context, f Feature) bool {
	return s.client.Boolean(ctx, string(f), true, openfeature.EvaluationContext{})
}

// Off lists what is off at this moment.
func (s *Switches) Off(ctx context.Context) []Feature {
	var off []Feature
	for _, f := range Features {
		if !s.On(ctx, f) {
			off = append(off, f)
		}
	}
	return off
}

// Problem is why the states could not be read the last time; nil when they could.
func (s *Switches) Problem() error {
	s.states.mu.Lock()
	defer s.states.mu.Unlock()
	return s.states.err
}

// states is the provider: what was read last.
type states struct {
	read func() ([]Feature, error)
	now  func() time.Time
	log  *slog.Logger

	mu  sync.Mutex
	at  time.Time
	off map[Feature]bool
	err error
}

// isOff reads anew when what is known is too old.
func (s *states) isOff(f Feature) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if age := now.Sub(s.at); !s.at.IsZero() && age >= 0 && age < readEvery {
		return s.off[f]
	}
	s.at = now
	list, err := s.read()
	if err != nil {
		if s.err == nil || s.err.Error() != err.Error() {
			s.log.Error("what is switched off cannot be read; what was read last holds", slog.Any("error", err))
		}
		s.err = err
		return s.off[f]
	}
	off := map[Feature]bool{}
	for _, one := range list {
		off[one] = true
	}
	for _, one := range Features {
		if off[one] != s.off[one] {
			s.log.Warn("a feature was switched", slog.String("feature", string(one)), slog.Bool("on", !off[one]))
		}
	}
	s.off, s.err = off, nil
	return s.off[f]
}

// Metadata names the provider.
func (*states) Metadata() openfeature.Metadata { return openfeature.Metadata{Name: "rollcall.yaml"} }

// Hooks are none.
func (*states) Hooks() []openfeature.Hook { return nil }

// BooleanEvaluation is true for what is on.
func (s *states) BooleanEvaluation(_ context.Context, flag string, _ bool, _ openfeature.FlattenedContext) openfeature.BoolResolutionDetail {
	return openfeature.BoolResolutionDetail{
		Value: !s.isOff(Feature(flag)), ProviderResolutionDetail: openfeature.ProviderResolutionDetail{Reason: openfeature.StaticReason},
	}
}

// noSuch is the answer to a flag of another kind: there are none.
var noSuch = openfeature.ProviderResolutionDetail{
	Reason: openfeature.ErrorReason, ResolutionError: openfeature.NewTypeMismatchResolutionError("every feature is on or off"),
}

// StringEvaluation is the default: there are no such flags.
func (*states) StringEvaluation(_ context.Context, _, def string, _ openfeature.FlattenedContext) openfeature.StringResolutionDetail {
	return openfeature.StringResolutionDetail{Value: def, ProviderResolutionDetail: noSuch}
}

// FloatEvaluation is the default: there are no such flags.
func (*states) FloatEvaluation(_ context.Context, _ string, def float64, _ openfeature.FlattenedContext) openfeature.FloatResolutionDetail {
	return openfeature.FloatResolutionDetail{Value: def, ProviderResolutionDetail: noSuch}
}

// IntEvaluation is the default: there are no such flags.
func (*states) IntEvaluation(_ context.Context, _ string, def int64, _ openfeature.FlattenedContext) openfeature.IntResolutionDetail {
	return openfeature.IntResolutionDetail{Value: def, ProviderResolutionDetail: noSuch}
}

// ObjectEvaluation is the default: there are no such flags.
func (*states) ObjectEvaluation(_ context.Context, _ string, def any, _ openfeature.FlattenedContext) openfeature.InterfaceResolutionDetail {
	return openfeature.InterfaceResolutionDetail{Value: def, ProviderResolutionDetail: noSuch}
}
