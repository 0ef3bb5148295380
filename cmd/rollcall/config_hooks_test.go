package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/hooks"
	"github.com/rollcall-bot/rollcall/incident"
)

// hookSecrets are what hooks need from the environment.
var hookSecrets = map[string]string{"ROLLCALL_HOOK_SECRET": strings.Repeat("s", 32), "ROLLCALL_GITHUB_TOKEN": "gh"}

func TestRollbackHooks(t *testing.T) {
	c, err := loadConfig(t, hookSecrets, `
rollback_by: [ana@example.org, U012ABCDEF]
outgoing: {allow_hosts: [deploy.internal]}
services:
  - name: checkout
    rollback: {webhook: "https://deploy.example.org/rollback"}
  - name: internal
    rollback: {webhook: "http://deploy.internal/rollback"}
  - name: cart
    rollback:
      workflow:
        repo: acme/shop
        file: rollback.yml
        ref: main
        inputs: [{name: service, value: SERVICE}, {name: run, value: RUN}, {name: mode, value: fast}]
  - name: db
    rollback:
      command: [/usr/local/bin/roll-back, --service, SERVICE, KEY]
      timeout: 5m
      pass: [KUBECONFIG, NOT_SET]
  - name: search
`)
	if err != nil {
		t.Fatal(err)
	}
	p := &program{environ: []string{"KUBECONFIG=/etc/kube", "ROLLCALL_HOOK_SECRET=x"}}
	all := p.rollbackHooks(c)
	if len(all) != 4 || all["checkout"].Webhook != "https://deploy.example.org/rollback" || all["checkout"].Kind() != incident.HookWebhook {
		t.Errorf("hooks: %+v", all)
	}
	flow := all["cart"]
	if flow.Kind() != incident.HookWorkflow || flow.Timeout != 30*time.Minute || !slices.Equal(flow.Workflow.Inputs, []hooks.Input{{Name: "service", Value: "SERVICE"}, {Name: "run", Value: "RUN"}, {Name: "mode", Value: "fast"}}) {
		t.Errorf("workflow: %+v", flow.Workflow)
	}
	db := all["db"]
	if db.Kind() != incident.HookCommand || db.Timeout != 5*time.Minute || !slices.Equal(db.Env, []string{"KUBECONFIG=/etc/kube"}) || len(db.Command) != 4 {
		t.Errorf("command: %+v", db)
	}
	for n, want := range []incident.HookKind{incident.HookWebhook, incident.HookWebhook, incident.HookWorkflow, incident.HookCommand, ""} {
		if got := policy(c).Services[n].Hook; got != want {
			t.Errorf("service %d has the hook %q, want %q", n, got, want)
		}
	}
}

func TestRollbackHooksRefused(t *testing.T) {
	one := func(lines string) string {
		return "rollback_by: [U012ABCDEF]\nservices:\n  - name: checkout\n    rollback:\n      " + strings.ReplaceAll(lines, "\n", "\n      ")
	}
	flow := "workflow: {repo: acme/shop, file: rollback.yml, ref: main"
	for _, tt := range []struct {
		file, want string
		without    string
	}{
		{file: one("timeout: 5m"), want: `rollcall.yaml:5: services[].rollback has no hook; add "webhook: https`},
		{file: one("webhook: https://x.example.org\ncommand: [/bin/true]"), want: "rollcall.yaml:5: services[].rollback has more than one hook"},
		{file: one("webhook: deploy.example.org"), want: "is not an address that begins with https:// or http://"},
		{file: one("webhook: https://user:word@x.example.org"), want: "holds a user's name or password"},
		{file: one("webhook: https://x.example.org"), want: "rollcall.yaml:5: services[].rollback.webhook needs ROLLCALL_HOOK_SECRET", without: "ROLLCALL_HOOK_SECRET"},
		{file: one("webhook: http://x.example.org"), want: `cannot be called: x.example.org is called by plain http, which others can read; use another address, or add "x.example.org" under allow_hosts`},
		{file: one("webhook: https://10.0.0.1/x"), want: "cannot be called: 10.0.0.1 is a private address"},
		{file: one("webhook: https://x.example.org\ntimeout: 5m"), want: "rollcall.yaml:6: services[].rollback.timeout: \"5m\" is of no use with a webhook"},
		{file: one(flow + "}"), want: "rollcall.yaml:5: services[].rollback.workflow needs ROLLCALL_GITHUB_TOKEN", without: "ROLLCALL_GITHUB_TOKEN"},
		{file: one("workflow: {repo: acme, file: rollback.yml, ref: main}"), want: `"acme" is not a repository as OWNER/NAME; try acme/shop`},
		{file: one("workflow: {repo: acme/shop, file: rollback.yml}"), want: "services[].rollback.workflow has no ref"},
		{file: one("workflow: {repo: acme/shop, file: ../x.yml, ref: main}"), want: "is not the name of a workflow's file"},
		{file: one(flow + ",\n  inputs: [{name: service, value: TITLE}]}"), want: "rollcall.yaml:6: services[].rollback.workflow.inputs[].value: \"TITLE\" is no placeholder; try SERVICE, KEY or RUN"},
		{file: one("command: []"), want: "does not begin with a program's absolute path"},
		{file: one("command: [roll-back, SERVICE]"), want: "rollcall.yaml:5: services[].rollback.command: \"roll-back SERVICE\" does not begin with a program's absolute path; try [/usr/local/bin/roll-back, SERVICE]"},
		{file: one("command: [/usr/../bin/x]"), want: "does not begin with a program's absolute path"},
		{file: one("command:\n  - /bin/x\n  - RUN"), want: "rollcall.yaml:7: services[].rollback.command[]: \"RUN\" is no placeholder"},
		{file: one("command: [/bin/x, --service=SERVICE]"), want: "is no placeholder, and no shell is there to replace it"},
		{file: one("command: [/bin/x, $SERVICE]"), want: "is no placeholder"},
		{file: one("command: [/bin/x, '{{service}}']"), want: "is no placeholder"},
		{file: one("command: [/bin/x]\ntimeout: 2h"), want: "\"2h\" is not between 1s and 1h"},
		{file: one("command: [/bin/x]\npass: [SLACK_BOT_TOKEN]"), want: "rollcall.yaml:6: services[].rollback.pass[]: \"SLACK_BOT_TOKEN\" is one of Rollcall's own settings"},
		{file: one(flow + "}\npass: [HOME]"), want: "is of use to a command only"},
		{file: "services:\n  - name: a\n    rollback: {command: [/bin/x]}", want: "rollcall.yaml:3: services[].rollback can be run by nobody; add \"rollback_by: [U012ABCDEF]\""},
		{file: "rollback_by: [U012ABCDEF]\nservices: [{name: a}]", want: "rollcall.yaml:1: rollback_by is of no use: no service has a rollback hook"},
		{file: "rollback_by: [ana]\n", want: `rollback_by[]: "ana" is not a Slack user id or an e-mail address`},
	} {
		env := map[string]string{}
		for name, value := range hookSecrets {
			if name != tt.without {
				env[name] = value
			}
		}
		_, err := loadConfig(t, env, tt.file)
		mustRefuseConfig(t, tt.file, err, tt.want)
	}
}
