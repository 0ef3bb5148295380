package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"time"

	"github.com/rollcall-bot/rollcall/bot/guard"
	"github.com/rollcall-bot/rollcall/bot/hooks"
	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/incident"
)

// rollbackHooks are the hooks of the settings, by service.
func (p *program) rollbackHooks(c Config) map[string]hooks.Hook {
	all := map[string]hooks.Hook{}
	for _, s := range c.Practice.Services {
		if h, ok := s.hook(p.lookup); ok {
			all[s.Name] = h
		}
	}
	return all
}

// hookOptions are what hooks are run with, without what is kept of them.
func (p *program) hookOptions(c Config) hooks.Options {
	return hooks.Options{
		Hooks: p.rollbackHooks(c), Outgoing: c.Practice.outgoing(), Secret: c.Hooks.Secret.Reveal(),
		GitHub: hooks.GitHub{Token: c.Hooks.GitHubToken.Reveal(), APIURL: c.Hooks.GitHubURL}, Wall: p.wall,
	}
}

// newHooks runs rollback hooks; nil when no service has one.
func (s *server) newHooks() *hooks.Runner {
	o := s.p.hookOptions(s.cfg)
	if len(o.Hooks) == 0 {
		return nil
	}
	o.Programs, o.Owner = jobs.HookRuns{Store: s.store}, s.store.Holder()
	return hooks.New(o)
}

// hookKind is the kind of a service's hook; "" for a service without one.
func hookKind(s Service) incident.HookKind {
	if h, ok := s.hook(func(string) (string, bool) { return "", false }); ok {
		return h.Kind()
	}
	return ""
}

// hookLook bounds a look at what a hook would reach.
const hookLook = 10 * time.Second

// hooks looks at every hook without running it.
func (d *doctor) hooks(ctx context.Context) []finding {
	o := d.p.hookOptions(d.c)
	runner := hooks.New(o)
	var found []finding
	for _, s := range d.c.Practice.Services {
		if h, ok := o.Hooks[s.Name]; ok {
			found = append(found, lookAtHook(ctx, s, h, o.Outgoing, runner))
		}
	}
	return found
}

func lookAtHook(ctx context.Context, s Service, h hooks.Hook, outgoing guard.Options, runner *hooks.Runner) finding {
	ctx, cancel := context.WithTimeout(ctx, hookLook)
	defer cancel()
	f := finding{what: "rollback hook of " + s.Name}
	switch h.Kind() {
	case incident.HookWebhook:
		to, err := url.Parse(h.Webhook)
		if err == nil {
			f.said = "a webhook at " + to.Host + ", which was not called"
			err = guard.Look(ctx, outgoing, to)
		}
		if err != nil {
			f.said, f.fix = f.said+"; it could not be: "+err.Error(), "Look at `webhook` of the service in rollcall.yaml"
		}
	case incident.HookWorkflow:
		w := *h.Workflow
		f.said = fmt.Sprintf("the workflow %s of %s on %s, which was not started", w.File, w.Repo, w.Ref)
		if why := runner.Look(ctx, w); why != "" {
			f.said, f.fix = f.said+"; it could not be: "+why, "Look at `workflow` of the service in rollcall.yaml, and at ROLLCALL_GITHUB_TOKEN"
		}
	default:
		f.said = "the command " + h.Command[0] + ", which was not run"
		if why := hooks.Executable(h.Command[0]); why != "" {
			f.said, f.fix = f.said+"; it could not be: "+why, "Look at `command` of the service in rollcall.yaml"
		} else if os.Getuid() == 0 {
			f.said += "; it would run as root"
		}
	}
	return f
}
