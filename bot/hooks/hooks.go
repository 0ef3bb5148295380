package hooks

import (
	"context"
	"net/http"
	"time"

	"github.com/rollcall-bot/rollcall/bot/guard"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/rest"
	"github.com/rollcall-bot/rollcall/incident"
)

// Hook is what rolls one service back. Exactly one of the three is set.
type Hook struct {
	Webhook  string    // the address that is called
	Workflow *Workflow // of GitHub Actions
	Command  []string  // a program by its absolute path, and its arguments
	// Timeout is how long a workflow or a program may take; at least a second.
	Timeout time.Duration
	// Env are variables for the program, NAME=VALUE, beside the few that it always has.
	Env []string
}

// Placeholders stand for a run's own values, as whole arguments and inputs.
const (
	PlaceService = "SERVICE" // the service's name
	PlaceKey     = "KEY"     // the incident's, such as INC-7
	PlaceRun     = "RUN"     // the run's id, by which a workflow's runs are told apart; inputs only
)

// Kind is the hook's kind.
func (h Hook) Kind() incident.HookKind {
	switch {
	case h.Webhook != "":
		return incident.HookWebhook
	case h.Workflow != nil:
		return incident.HookWorkflow
	default:
		return incident.HookCommand
	}
}

// Options are what a runner needs.
type Options struct {
	Hooks    map[string]Hook // by service
	Outgoing guard.Options   // bounds of calls to addresses
	Secret   string          // that signs webhooks
	GitHub   GitHub
	Programs Programs
	Owner    string                                     // this process, among those that share the database
	Wall     func() time.Time                           // the machine's
	Sleep    func(context.Context, time.Duration) error // on the machine's clock; nil for real time
}

// Runner runs hooks. It is safe for concurrent use.
type Runner struct {
	Options
	client   *http.Client
	github   rest.GitHub
	programs programs
}

// New makes a runner; Close ends the programs that still run.
func New(o Options) *Runner {
	if o.Sleep == nil {
		o.Sleep = pause
	}
	return &Runner{Options: o, client: guard.Client(o.Outgoing), github: o.GitHub.client(o.Outgoing), programs: programs{running: map[run]context.CancelCauseFunc{}}}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Run starts a run of a service's hook, or looks how far it has got. The error is
// an *outbound.Failure.
func (r *Runner) Run(ctx context.Context, h outbound.Hook) (outbound.Hooked, error) {
	hook, ok := r.Hooks[h.Service]
	if !ok || hook.Kind() != h.Kind {
		// Started under settings that hold no more. Nothing is begun; whether it was is
		// not looked for, since nobody says where.
		if h.Again || h.State != "" {
			return outbound.Hooked{End: incident.HookUnclear, Reason: "the hook was changed in rollcall.yaml meanwhile", State: h.State}, nil
		}
		return outbound.Hooked{End: incident.HookFailed, Reason: "the hook is not in rollcall.yaml any more"}, nil
	}
	switch h.Kind {
	case incident.HookWebhook:
		return r.call(ctx, hook, h)
	case incident.HookWorkflow:
		return r.workflow(ctx, hook, h)
	default:
		return r.command(ctx, hook, h)
	}
}

// fill puts a run's values in the place of placeholders.
func fill(text string, h outbound.Hook) string {
	switch text {
	case PlaceService:
		return h.Service
	case PlaceKey:
		return h.Key
	case PlaceRun:
		return h.ID
	}
	return text
}
