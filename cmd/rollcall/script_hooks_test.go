package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rollcall-bot/rollcall/bot/playground/githubfake"
	"github.com/rollcall-bot/rollcall/bot/playground/hookfake"
	"github.com/rollcall-bot/rollcall/bot/playground/standin"
)

// deployKey is where a script keeps what rolls services back.
type deployKey struct{}

// deploy is what rolls services back in a script.
type deploy struct {
	hook   *hookfake.Receiver
	github *githubfake.GitHub
}

// deployEvents are what it does by itself.
var deployEvents = map[string]func(*deploy){
	"loses one reply":    func(d *deploy) { d.hook.Faults.Inject(hookfake.Fault{Kind: standin.LostReply, Times: 1}) },
	"refuses everything": func(d *deploy) { d.hook.Faults.Inject(hookfake.Fault{Kind: standin.Status, Code: http.StatusNotFound}) },
	"takes orders only":  func(d *deploy) { d.hook.Answer(http.StatusAccepted) },
	"workflow succeeds":  func(d *deploy) { d.github.EndWith("success"); d.github.Finish("success") },
	"workflow fails":     func(d *deploy) { d.github.EndWith("failure"); d.github.Finish("failure") },
}

// deploys starts a receiver of webhooks and a GitHub, has the program know them, and
// writes the receiver's address in place of https://deploy.invalid, and the script's
// folder in place of /script.invalid, into a file. deploys orders prints what
// was carried out. Words of deployEvents say what happens next.
func (s *stage) deploys(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) > 0, "deploys by FILE | deploys orders | deploys loses one reply|…")
	d := ts.Value(deployKey{}).(*deploy) //nolint:forcetypeassert // set by Setup
	words := strings.Join(args, " ")
	if do, ok := deployEvents[words]; ok {
		do(d)
		return
	}
	if words == "orders" {
		if len(d.hook.Orders())+len(d.github.Runs()) == 0 {
			_, _ = fmt.Fprintln(ts.Stdout(), "none")
		}
		for _, o := range d.hook.Orders() {
			_, _ = fmt.Fprintf(ts.Stdout(), "webhook: %v of %v, title %v\n", o["service"], o["key"], o["title"])
		}
		for _, r := range d.github.Runs() {
			_, _ = fmt.Fprintf(ts.Stdout(), "workflow: %s of %s\n", r.Workflow, r.Inputs["service"])
		}
		return
	}
	usage(ts, len(args) == 2 && args[0] == "by", "deploys by FILE")
	secret, token := strings.Repeat("s", 32), strings.Repeat("g", 20)
	d.hook, d.github = hookfake.New(secret, s.clock.Now), githubfake.New(token, s.clock.Now)
	d.github.Add(githubfake.Workflow{
		Repo: "acme/shop", File: "rollback.yml", Refs: []string{"main"}, Inputs: []string{"service", "run"}, RunName: "Roll back ${{ inputs.service }} (${{ inputs.run }})",
	})
	ts.Setenv("ROLLCALL_HOOK_SECRET", secret)
	ts.Setenv("ROLLCALL_GITHUB_TOKEN", token)
	ts.Setenv("ROLLCALL_GITHUB_API_URL", d.github.Start(s.ctx))
	text := strings.NewReplacer("https://deploy.invalid", d.hook.Start(s.ctx), "/script.invalid", s.dir).Replace(ts.ReadFile(args[1]))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o600))
}
