package hooks_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/guard"
	"github.com/rollcall-bot/rollcall/bot/hooks"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/playground/githubfake"
	"github.com/rollcall-bot/rollcall/bot/playground/hookfake"
	"github.com/rollcall-bot/rollcall/incident"
)

// hand is a clock that moves when it is told to.
type hand struct {
	mu sync.Mutex
	at time.Time
}

func (h *hand) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *hand) advance(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

// memory keeps what is known of programs, as the database does.
type memory struct {
	mu   sync.Mutex
	runs map[int]outbound.Program
	full bool // nothing can be written
}

var errFull = errors.New("the disk is full")

func (m *memory) Begin(_ context.Context, h outbound.Hook, owner string, at time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, there := m.runs[h.Number]; there || m.full {
		return false, map[bool]error{true: errFull}[m.full]
	}
	m.runs[h.Number] = outbound.Program{Owner: owner, Beat: at}
	return true, nil
}

func (m *memory) Beat(_ context.Context, h outbound.Hook, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.runs[h.Number]
	p.Beat = at
	m.runs[h.Number] = p
	return nil
}

func (m *memory) End(_ context.Context, h outbound.Hook, p outbound.Program) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.full {
		return errFull
	}
	p.Owner = m.runs[h.Number].Owner
	m.runs[h.Number] = p
	return nil
}

func (m *memory) Look(_ context.Context, h outbound.Hook) (outbound.Program, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok := m.runs[h.Number]
	return p, ok, nil
}

// world is a runner with everything that it calls.
type world struct {
	t      *testing.T
	clock  *hand
	hook   *hookfake.Receiver
	github *githubfake.GitHub
	memory *memory
	opts   hooks.Options
	runner *hooks.Runner
}

const run = "0190c8e0-1111-7222-8333-444455556666"

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: &hand{at: time.Now()}, memory: &memory{runs: map[int]outbound.Program{}}}
	secret, token := strings.Repeat("s", 32), "github-"+strings.Repeat("t", 8)
	w.hook, w.github = hookfake.New(secret, w.clock.Now), githubfake.New(token, w.clock.Now)
	w.github.Add(githubfake.Workflow{
		Repo: "acme/shop", File: "rollback.yml", Refs: []string{"main"}, Inputs: []string{"service", "run"}, RunName: "Roll back ${{ inputs.service }} (${{ inputs.run }})",
	})
	inputs := []hooks.Input{{Name: "service", Value: hooks.PlaceService}, {Name: "run", Value: hooks.PlaceRun}}
	flow := func(inputs ...hooks.Input) hooks.Hook {
		return hooks.Hook{Workflow: &hooks.Workflow{Repo: "acme/shop", File: "rollback.yml", Ref: "main", Inputs: inputs}, Timeout: 30 * time.Minute}
	}
	w.opts = hooks.Options{
		Hooks: map[string]hooks.Hook{
			"checkout": {Webhook: w.hook.Start(t.Context()) + "/rollback"}, "cart": flow(inputs...), "search": flow(inputs[0]),
			"db": {Command: []string{"/bin/echo", "rolled back", hooks.PlaceService, hooks.PlaceKey, "SERVICE-x"}, Timeout: time.Minute},
		},
		Outgoing: guard.Options{Allow: []string{"127.0.0.1"}, Timeout: 300 * time.Millisecond},
		Secret:   secret, GitHub: hooks.GitHub{Token: token, APIURL: w.github.Start(t.Context())}, Programs: w.memory, Owner: "process-1", Wall: w.clock.Now,
	}
	w.restart()
	return w
}

// restart makes a new runner, as a process that comes after a death.
func (w *world) restart() {
	w.runner = hooks.New(w.opts)
	runner := w.runner
	w.t.Cleanup(func() { runner.Close(context.WithoutCancel(w.t.Context())) })
}

// attempts takes attempts as the workers do, until the run has ended. What is kept
// is kept; time passes as it is waited for.
func (w *world) attempts(h outbound.Hook, most int) (got outbound.Hooked, last *outbound.Failure) {
	w.t.Helper()
	for range most {
		h.Keep = func(state string) error {
			h.State = state
			return nil
		}
		var err error
		got, err = w.runner.Run(w.t.Context(), h)
		last = outbound.FailureOf(err)
		switch {
		case last == nil && got.End != "":
			return got, nil
		case last == nil:
			h.State, h.Again = got.State, true
			w.clock.advance(max(got.Wait, time.Second))
		case last.End == outbound.Refused:
			return got, last
		default:
			h.Again = h.Again || last.End == outbound.Unclear
			w.clock.advance(max(last.Wait, 5*time.Second))
		}
	}
	return got, last
}

func ask(kind incident.HookKind, service string) outbound.Hook {
	return outbound.Hook{ID: run, Incident: "i1", Number: 1, Kind: kind, Service: service, Key: "INC-7", Title: "Checkout is down"}
}

func (w *world) ends(h outbound.Hook, most int, want incident.HookState) outbound.Hooked {
	w.t.Helper()
	got, f := w.attempts(h, most)
	if f != nil || got.End != want {
		w.t.Errorf("it ended %+v, %v; want %s", got, f, want)
	}
	return got
}

func TestAHookThatWasChangedMeanwhile(t *testing.T) {
	w := newWorld(t)
	got := w.ends(ask(incident.HookWebhook, "nothing"), 1, incident.HookFailed)
	if got.Reason != "the hook is not in rollcall.yaml any more" {
		t.Errorf("said %q", got.Reason)
	}
	h := ask(incident.HookWebhook, "cart")
	h.Again = true
	w.ends(h, 1, incident.HookUnclear)
	if len(w.github.Runs()) != 0 {
		t.Error("another hook was run")
	}
}
