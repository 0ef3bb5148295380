package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/guard"
	"github.com/rollcall-bot/rollcall/bot/hooks"
)

// HooksConfig are the secrets of rollback hooks.
type HooksConfig struct {
	Secret      Secret // signs webhooks
	GitHubToken Secret
	GitHubURL   string // without a slash at the end
}

// Rollback is what rolls a service back.
type Rollback struct {
	Webhook  string           `key:"webhook" as:"hook address" doc:"An address that is called, signed with ROLLCALL_HOOK_SECRET (docs/rollback-hooks.md)."`
	Workflow RollbackWorkflow `key:"workflow" doc:"A workflow of GitHub Actions that has workflow_dispatch; started with ROLLCALL_GITHUB_TOKEN."`
	Command  []string         `key:"command" as:"argument" try:"/usr/local/bin/roll-back, SERVICE" doc:"A program on Rollcall's machine and its arguments, run without a shell. SERVICE and KEY stand for the service and the incident, as whole arguments."`
	Timeout  time.Duration    `key:"timeout" as:"duration" try:"10m" doc:"How long a command (10m unless set) or a workflow (30m) may take; at most 1h."`
	Pass     []string         `key:"pass" as:"variable" doc:"Environment variables that a command is given. It gets none of Rollcall's own but these and PATH, HOME=/, LANG, ROLLCALL_SERVICE, ROLLCALL_KEY."`
}

// RollbackWorkflow is a workflow of GitHub Actions.
type RollbackWorkflow struct {
	Repo   string          `key:"repo" as:"repository" need:"yes" doc:"Its repository."`
	File   string          `key:"file" as:"workflow file" need:"yes" doc:"Its file in .github/workflows."`
	Ref    string          `key:"ref" as:"git ref" need:"yes" doc:"The branch or tag that it runs on."`
	Inputs []RollbackInput `key:"inputs" doc:"What it is given."`
}

// RollbackInput is an input of a workflow.
type RollbackInput struct {
	Name  string `key:"name" as:"input" need:"yes" doc:"As the workflow names it."`
	Value string `key:"value" as:"argument" need:"yes" try:"SERVICE" doc:"SERVICE, KEY and RUN stand for the service, the incident and the run's id; an input with RUN, shown in the workflow's run-name, keeps it from being started twice."`
}

const (
	maxHookTimeout  = time.Hour
	commandTimeout  = 10 * time.Minute
	workflowTimeout = 30 * time.Minute
)

var (
	kindHookAddress = kind[string]{noun: "an address that begins with https:// or http://", try: "https://deploy.example.org/rollback", parse: kindCheckAddress.parse}
	kindRepository  = kindMatching("a repository as OWNER/NAME", "acme/shop", `[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}`)
	kindWorkflow    = kindMatching("the name of a workflow's file", "rollback.yml", `[A-Za-z0-9._-]{1,100}\.ya?ml`)
	kindGitRef      = kindMatching("a branch or a tag", "main", `[A-Za-z0-9][A-Za-z0-9._/-]{0,200}`)
	kindInput       = kindMatching("the name of an input", "service", `[A-Za-z_][A-Za-z0-9_-]{0,99}`)
	kindVariable    = kindMatching("the name of an environment variable", "KUBECONFIG", `[A-Za-z_][A-Za-z0-9_]{0,99}`)
	kindArgument    = kindText.like("SERVICE")
)

// placeholderForm is what looks as if it were to be replaced.
var placeholderForm = lazily(`^[A-Z][A-Z_]+$|\$|\{\{|%s|\b(SERVICE|KEY|RUN)\b`)

// checkHooks wants each hook to be one that can be run, and somebody who may.
func checkHooks(c *Config, file *fileReader) *ConfigError {
	any := false
	for i := range c.Practice.Services {
		at := func(key string) string { return fmt.Sprintf("services[%d].rollback%s", i, key) }
		if !file.given(at("")) {
			continue
		}
		any = true
		if e := c.Practice.Services[i].Rollback.check(c, file, at); e != nil {
			return e
		}
		if len(c.Practice.RollbackBy) == 0 {
			return file.misfit(at(""), "", "can be run by nobody", "add \"rollback_by: [U012ABCDEF]\" with Slack ids or e-mail addresses")
		}
	}
	if len(c.Practice.RollbackBy) > 0 && !any {
		return file.misfit("rollback_by", "", "is of no use: no service has a rollback hook", "add \"rollback:\" to one under services, or remove it")
	}
	return nil
}

func (r *Rollback) check(c *Config, file *fileReader, at func(string) string) *ConfigError {
	kinds := 0
	for _, given := range []bool{r.Webhook != "", r.Workflow.Repo != "", file.given(at(".command"))} {
		if given {
			kinds++
		}
	}
	switch {
	case kinds == 0:
		return file.misfit(at(""), "", "has no hook", "add \"webhook: https://…\", \"workflow:\" or \"command: [/usr/local/bin/roll-back, SERVICE]\"")
	case kinds > 1:
		return file.misfit(at(""), "", "has more than one hook", "leave one of webhook, workflow and command")
	case r.Timeout != 0 && r.Webhook != "":
		return file.misfit(at(".timeout"), formatDuration(r.Timeout), "is of no use with a webhook, which is called for 10 s at most", "remove it")
	case r.Timeout > maxHookTimeout || r.Timeout != 0 && r.Timeout < time.Second:
		return file.misfit(at(".timeout"), formatDuration(r.Timeout), "is not between 1s and 1h", "try 10m")
	case len(r.Pass) > 0 && len(r.Command) == 0:
		return file.misfit(at(".pass"), "", "is of use to a command only", "remove it")
	case r.Webhook != "":
		return r.checkWebhook(c, file, at(".webhook"))
	case r.Workflow.Repo != "":
		return r.checkWorkflow(c, file, at)
	}
	return r.checkCommand(file, at)
}

func (r *Rollback) checkWebhook(c *Config, file *fileReader, key string) *ConfigError {
	u, err := url.Parse(r.Webhook)
	if err != nil {
		return file.misfit(key, r.Webhook, "is no address", "try "+kindHookAddress.try)
	}
	if !c.Hooks.Secret.IsSet() {
		return file.misfit(key, "", "needs ROLLCALL_HOOK_SECRET, which signs it", "set it to "+kindBearer.try)
	}
	o := c.Practice.outgoing()
	o.Resolve = func(context.Context, string, string) ([]netip.Addr, error) {
		return nil, errors.New("names are looked up by doctor")
	}
	var refused *guard.Refused
	if errors.As(guard.Look(context.Background(), o, u), &refused) {
		return file.misfit(key, "", "cannot be called: "+refused.Host+" "+refused.Why, "use another address, or add \""+u.Host+"\" under allow_hosts of outgoing")
	}
	return nil
}

func (r *Rollback) checkWorkflow(c *Config, file *fileReader, at func(string) string) *ConfigError {
	if !c.Hooks.GitHubToken.IsSet() {
		return file.misfit(at(".workflow"), "", "needs ROLLCALL_GITHUB_TOKEN", "set it to a token that may write to the repository's actions")
	}
	for i, in := range r.Workflow.Inputs {
		if wrongPlaceholder(in.Value, hooks.PlaceService, hooks.PlaceKey, hooks.PlaceRun) {
			return file.misfit(at(fmt.Sprintf(".workflow.inputs[%d].value", i)), in.Value, "is no placeholder", "try SERVICE, KEY or RUN alone, or a text in small letters")
		}
	}
	if r.Timeout == 0 {
		r.Timeout = workflowTimeout
	}
	return nil
}

func (r *Rollback) checkCommand(file *fileReader, at func(string) string) *ConfigError {
	if len(r.Command) == 0 || !filepath.IsAbs(r.Command[0]) || filepath.Clean(r.Command[0]) != r.Command[0] {
		return file.misfit(at(".command"), strings.Join(r.Command, " "), "does not begin with a program's absolute path", "try [/usr/local/bin/roll-back, SERVICE]")
	}
	for i, a := range r.Command[1:] {
		if wrongPlaceholder(a, hooks.PlaceService, hooks.PlaceKey) {
			return file.misfit(at(fmt.Sprintf(".command[%d]", i+1)), a, "is no placeholder, and no shell is there to replace it", "try SERVICE or KEY alone, or a text in small letters")
		}
	}
	for i, name := range r.Pass {
		if settingNamed(name) != nil || strings.HasPrefix(name, "ROLLCALL_") {
			return file.misfit(at(fmt.Sprintf(".pass[%d]", i)), name, "is one of Rollcall's own settings, which no command is given", "give it a variable of its own")
		}
	}
	if r.Timeout == 0 {
		r.Timeout = commandTimeout
	}
	return nil
}

// wrongPlaceholder says whether a text looks like a placeholder and is none.
func wrongPlaceholder(text string, known ...string) bool {
	return !slices.Contains(known, text) && placeholderForm().MatchString(text)
}

// hook is the hook as the runner wants it; ok is false for a service without one.
func (s Service) hook(lookup func(string) (string, bool)) (h hooks.Hook, ok bool) {
	r := s.Rollback
	h = hooks.Hook{Webhook: r.Webhook, Command: r.Command, Timeout: r.Timeout}
	if r.Workflow.Repo != "" {
		h.Workflow = &hooks.Workflow{Repo: r.Workflow.Repo, File: r.Workflow.File, Ref: r.Workflow.Ref}
		for _, in := range r.Workflow.Inputs {
			h.Workflow.Inputs = append(h.Workflow.Inputs, hooks.Input(in))
		}
	}
	for _, name := range r.Pass {
		if value, there := lookup(name); there {
			h.Env = append(h.Env, name+"="+value)
		}
	}
	return h, h.Webhook != "" || h.Workflow != nil || len(h.Command) > 0
}
