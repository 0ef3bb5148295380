package chaos

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/githubfake"
	"github.com/rollcall-bot/rollcall/bot/playground/hookfake"
	"github.com/rollcall-bot/rollcall/storage/storagetest"
)

// pressing is a program whose rollback hooks are pressed until it dies, over and over.
type pressing struct {
	*stage
	p      *program
	dice   *dice
	hooks  *hookfake.Receiver
	github *githubfake.GitHub
	open   int    // incidents
	driver string // of the database, and where it is
	source string
	diary  string // where the command writes that it begins and ends
	next   int    // service, of each kind in turn
	cut    map[string]int
}

// roomsFor is how many incidents there are: a channel takes about one message a second, and each run says a few things; but Slack
// makes only 20 channels a minute.
func roomsFor(kills int) int { return 3 + min(kills/16, 12) }

// kinds are the services' names without their numbers.
var kinds = []string{"web", "flow", "cmd"}

// service is the nth one to be rolled back; each is once.
func service(n int) string { return fmt.Sprint(kinds[n%len(kinds)], n) }

// newPressing puts up what rolls back, with as many services and incidents as so many kills need. The
// database is an SQLite file unless url names another one.
func newPressing(t *testing.T, kills int, url string) *pressing {
	services := 2*kills + 3
	s := newStage(t)
	s.env["DATABASE_URL"] = url
	k := &pressing{stage: s, p: newProgram(t, s.env), dice: newDice(Seed()), open: roomsFor(kills), cut: map[string]int{}}
	secret, token := strings.Repeat("h", 32), strings.Repeat("g", 20)
	k.hooks, k.github = hookfake.New(secret, time.Now), githubfake.New(token, time.Now)
	k.github.Add(githubfake.Workflow{
		Repo: "acme/shop", File: "rollback.yml", Refs: []string{"main"}, Inputs: []string{"service", "run"}, RunName: "Roll back ${{ inputs.service }} (${{ inputs.run }})",
	})
	k.github.EndWith("success")
	receiver, api := s.serve(t.Context(), k.hooks), s.serve(t.Context(), k.github.Handler())
	if k.driver, k.source = "pgx", url; url == "" {
		k.driver, k.source = "sqlite3", "file:"+k.p.database()+"?mode=ro&_busy_timeout=5000"
	}
	k.diary = filepath.Join(k.p.dir, "diary")
	script := filepath.Join(k.p.dir, "roll-back")
	write(t, script, 0o700, "#!/bin/sh\necho \"begin $1\" >>"+k.diary+"\nsleep 0.1\necho \"end $1\" >>"+k.diary+"\n")
	ways := map[string]string{
		"web": "webhook: " + receiver, "cmd": "command: [" + script + ", SERVICE]",
		"flow": "workflow: {repo: acme/shop, file: rollback.yml, ref: main, inputs: [{name: service, value: SERVICE}, {name: run, value: RUN}]}",
	}
	settings := "call_block: yes\nrollback_by: [ana@example.org]\noutgoing: {allow_hosts: [127.0.0.1]}\nservices:\n"
	for n := range services {
		settings += "  - name: " + service(n) + "\n    rollback:\n      " + ways[kinds[n%len(kinds)]] + "\n"
	}
	write(t, filepath.Join(k.p.dir, "rollcall.yaml"), 0o600, settings)
	for name, value := range map[string]string{
		"ROLLCALL_CONFIG": filepath.Join(k.p.dir, "rollcall.yaml"), "ROLLCALL_HOOK_SECRET": secret, "ROLLCALL_GITHUB_TOKEN": token, "ROLLCALL_GITHUB_API_URL": api,
	} {
		k.p.env[name] = value
	}
	s.slack.SetBotURL(k.p.base())
	return k
}

func write(t *testing.T, path string, mode os.FileMode, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// press has Ana ask for the rollback of the next service and press the button, twice, while the program lives. It says whether there was a button.
func (k *pressing) press(ctx context.Context) bool {
	name := service(k.next)
	k.next++
	ana := k.slack.Actor(k.users[0])
	if _, err := ana.Slash(ctx, "incidents", "/incident", fmt.Sprintf("INC-%d rollback %s", 1+k.next%k.open, name)); err != nil {
		k.t.Error(err)
	}
	for _, e := range slices.Backward(k.slack.Ephemerals(k.users[0])) {
		for _, b := range e.Buttons() {
			if b.Text != "Run rollback" || !strings.Contains(e.Plain(), "`"+name+"`") {
				continue
			}
			if _, err := ana.Click(ctx, "incidents", e.TS, b.ActionID, ""); err != nil {
				k.t.Error(err)
			}
			_, _ = ana.Click(ctx, "incidents", e.TS, b.ActionID, "") // unless the button is gone by now
			return true
		}
	}
	return false
}

// life is one life of the program, which ends while hooks run.
func (k *pressing) life(n int) {
	k.p.start()
	if _, ok := k.p.ready(10 * time.Second); !ok {
		k.t.Fatal("it ended by itself while starting")
	}
	if n == 0 {
		for range k.open {
			a, err := k.slack.Actor(k.users[0]).Slash(k.t.Context(), "incidents", "/incident", "open Outage")
			if err != nil || !strings.Contains(a.Text(), "INC-") {
				k.t.Fatalf("%q %v", a.Text(), err)
			}
		}
		// Until it has read the list of people, it does not know Ana by her address.
		if !within(k.t.Context(), 20*time.Second, k.knowsAna) || !k.press(k.t.Context()) {
			k.t.Fatal("Ana is offered no hook")
		}
	}
	k.slack.RedeliverEvents(k.t.Context())
	for range 2 {
		k.press(k.t.Context())
	}
	how := "at a random moment"
	switch k.dice.upTo(3) {
	case 0:
		how = "before a call is carried out"
		k.insideCall(false)
	case 1:
		how = "between a call and its record"
		k.insideCall(true)
	default:
		select {
		case <-time.After(k.dice.between(0, 250*time.Millisecond)):
		case <-k.p.ended():
		}
	}
	k.cut[how]++
	k.hook.Store(nil)
	k.p.kill()
}

// knowsAna looks whether the program has read who she is.
func (k *pressing) knowsAna() (known bool) {
	db, err := sql.Open(k.driver, k.source)
	if err != nil {
		k.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	each(k.t, db, `SELECT email FROM person WHERE email = 'ana@example.org'`, func(string) { known = true })
	return known
}

// insideCall has the program killed in one of its next calls, or soon if it makes none.
func (k *pressing) insideCall(after bool) {
	done := make(chan struct{})
	k.inside(1+k.dice.upTo(6), after, func() { k.p.kill(); close(done) })
	select {
	case <-done:
	case <-time.After(500 * time.Millisecond):
	}
}

// TestKilledWhileHooksRun kills the program while rollback hooks are pressed and run. Nothing is rolled back twice; a webhook and a
// workflow are carried out in the end, and of a command that was cut people are asked.
func TestKilledWhileHooksRun(t *testing.T) {
	together(t)
	kills := Count(3, 200)
	k := newPressing(t, kills, "")
	k.killed(t, kills, "kill -9 while rollback hooks are pressed and run")
	sound(t, k.p.database())
}

// TestKilledWhileHooksRunOnPostgres does so on PostgreSQL, where a start has to wait until it is certain that the one before is dead.
func TestKilledWhileHooksRunOnPostgres(t *testing.T) {
	together(t)
	kills := Count(2, 100)
	newPressing(t, kills, storagetest.PostgresURL(t)).killed(t, kills, "kill -9 while rollback hooks are pressed and run, on PostgreSQL")
}

// killed kills the program so often, lets it end its work, and compares.
func (k *pressing) killed(t *testing.T, kills int, program string) {
	t.Helper()
	for n := range kills {
		k.life(n)
		if t.Failed() {
			return
		}
	}
	k.p.start()
	if _, ok := k.p.ready(10 * time.Second); !ok {
		t.Fatal("it does not start any more")
	}
	var j journal
	if !within(t.Context(), time.Duration(60+5*kills)*time.Second, func() bool { j = readOn(t, k.driver, k.source); return j.open == 0 }) {
		t.Errorf("%d outbound steps are still to do", j.open)
	}
	k.p.stop()
	asked := k.judge()
	var got tally
	k.rooms(j.keys, &got)
	for _, what := range slices.Concat(got.twice, got.missing) {
		t.Error(what)
	}
	runs := k.runs()
	if len(runs) < kills {
		t.Errorf("only %d hooks ran", len(runs))
	}
	Figure{
		Program: program, Seed: Seed(),
		Count:  fmt.Sprintf("%d kills (%s), %d runs of webhooks, workflows and commands, each button pressed twice", kills, k.ways(), len(runs)),
		Result: fmt.Sprintf("0 rolled back twice, 0 webhooks and workflows not carried out; of %d commands that were cut people were asked", asked),
	}.Show(t)
}

func (k *pressing) ways() string {
	var all []string
	for _, how := range []string{"at a random moment", "before a call is carried out", "between a call and its record"} {
		all = append(all, fmt.Sprint(k.cut[how], " ", how))
	}
	return strings.Join(all, ", ")
}
