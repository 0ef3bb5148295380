package hooks_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/hooks"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
)

// script writes a program and makes it the hook of a service.
func (w *world) script(service, text string, args ...string) string {
	w.t.Helper()
	file := filepath.Join(w.t.TempDir(), "roll-back")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
		w.t.Fatal(err)
	}
	w.opts.Hooks[service] = hooks.Hook{Command: append([]string{file}, args...), Timeout: time.Minute, Env: []string{"CLUSTER=blue"}}
	w.restart()
	return file
}

// waits takes attempts until the program has ended.
func (w *world) waits(h outbound.Hook) outbound.Hooked {
	w.t.Helper()
	end := time.Now().Add(20 * time.Second)
	for time.Now().Before(end) {
		got, err := w.runner.Run(w.t.Context(), h)
		if err != nil {
			w.t.Fatal(err)
		}
		if got.End != "" {
			return got
		}
		<-time.After(5 * time.Millisecond)
	}
	w.t.Fatal("it did not end")
	return outbound.Hooked{}
}

func (w *world) printed() string {
	p, _, _ := w.memory.Look(w.t.Context(), ask(incident.HookCommand, "db"))
	return p.Output
}

func TestCommand(t *testing.T) {
	w := newWorld(t)
	if got := w.waits(ask(incident.HookCommand, "db")); got.End != incident.HookDone {
		t.Errorf("it ended %+v", got)
	}
	if got := w.printed(); got != "rolled back db INC-7 SERVICE-x" {
		t.Errorf("it printed %q", got)
	}
}

// TestCommandRunsOnce: attempts while it runs and after it ended begin nothing.
func TestCommandRunsOnce(t *testing.T) {
	w := newWorld(t)
	trace := filepath.Join(t.TempDir(), "trace")
	w.script("db", "echo run >> "+trace+"\necho out; echo err >&2\nexit 3")
	h := ask(incident.HookCommand, "db")
	for range 20 {
		if _, err := w.runner.Run(t.Context(), h); err != nil {
			t.Fatal(err)
		}
	}
	got := w.waits(h)
	w.waits(h)
	if got.End != incident.HookFailed || got.Reason != "exit status 3" || w.printed() != "out\nerr" {
		t.Errorf("it ended %+v with %q", got, w.printed())
	}
	if b, err := os.ReadFile(trace); err != nil || string(b) != "run\n" {
		t.Errorf("it ran: %q, %v", b, err)
	}
}

// TestCommandKnowsNoSecrets: it sees what it is given and nothing of ours, and no
// shell reads its arguments.
func TestCommandKnowsNoSecrets(t *testing.T) {
	t.Setenv("SLACK_BOT_TOKEN", "xoxb-"+"canary")
	w := newWorld(t)
	w.script("db", "env | sort\npwd\necho \"[$1] [$2]\"", "$(id); rm -rf x", hooks.PlaceService)
	w.waits(ask(incident.HookCommand, "db"))
	lines := strings.Split(w.printed(), "\n")
	seen := map[string]bool{}
	for _, line := range lines {
		seen[line] = true
		if name, _, _ := strings.Cut(line, "="); strings.Contains(line, "canary") || strings.HasPrefix(name, "SLACK") {
			t.Errorf("it sees %s", line)
		}
	}
	for _, want := range []string{"CLUSTER=blue", "ROLLCALL_SERVICE=db", "ROLLCALL_KEY=INC-7", "HOME=/", "/", "[$(id); rm -rf x] [db]"} {
		if !seen[want] {
			t.Errorf("no line %q in %q", want, lines)
		}
	}
}

func TestCommandThatCannotBeStarted(t *testing.T) {
	w := newWorld(t)
	w.opts.Hooks["db"] = hooks.Hook{Command: []string{"/nowhere/roll-back"}, Timeout: time.Minute}
	w.restart()
	got := w.waits(ask(incident.HookCommand, "db"))
	if got.End != incident.HookFailed || !strings.Contains(got.Reason, "no such file") {
		t.Errorf("it ended %+v", got)
	}
	if why := hooks.Executable("/nowhere/roll-back"); why != "there is no such file" {
		t.Error(why)
	}
	if why := hooks.Executable("/etc/passwd"); why != "it is not executable" {
		t.Error(why)
	}
	if why := hooks.Executable("/bin/sh"); why != "" {
		t.Error(why)
	}
}

// TestCommandThatHangsIsEnded, with what it started.
func TestCommandThatHangsIsEnded(t *testing.T) {
	w := newWorld(t)
	file := w.script("db", "echo begun\nsleep 300 &\nsleep 300")
	w.opts.Hooks["db"] = hooks.Hook{Command: []string{file}, Timeout: 300 * time.Millisecond}
	w.restart()
	got := w.waits(ask(incident.HookCommand, "db"))
	if got.End != incident.HookFailed || got.Reason != "it was ended after 300ms" || w.printed() != "begun" {
		t.Errorf("it ended %+v with %q", got, w.printed())
	}
}

// TestCommandWhenRollcallIsStopped ends and says so.
func TestCommandWhenRollcallIsStopped(t *testing.T) {
	w := newWorld(t)
	w.script("db", "echo begun\nsleep 300")
	h := ask(incident.HookCommand, "db")
	if _, err := w.runner.Run(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	end, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	w.runner.Close(end)
	got := w.waits(h)
	if got.End != incident.HookFailed || !strings.Contains(got.Reason, "Rollcall was stopped") {
		t.Errorf("it ended %+v", got)
	}
	h.Number = 2
	if got, err := w.runner.Run(t.Context(), h); err != nil || got.End != "" || len(w.memory.runs) != 1 {
		t.Errorf("after the end another was begun: %+v, %v", got, err)
	}
}

// TestCommandWhoseProcessDiedIsNotRepeated: between the note that it begins and the
// note how it ended anything may have happened.
func TestCommandWhoseProcessDiedIsNotRepeated(t *testing.T) {
	w := newWorld(t)
	trace := filepath.Join(t.TempDir(), "trace")
	w.script("db", "echo run >> "+trace)
	h := ask(incident.HookCommand, "db")
	if mine, err := w.memory.Begin(t.Context(), h, "process-0", w.clock.Now()); !mine || err != nil {
		t.Fatal(err)
	}
	if got, err := w.runner.Run(t.Context(), h); err != nil || got.End != "" {
		t.Fatalf("another process may still have it: %+v, %v", got, err)
	}
	w.clock.advance(time.Minute)
	got := w.waits(h)
	if got.End != incident.HookUnclear || got.Reason != "Rollcall ended while it ran" {
		t.Errorf("it ended %+v", got)
	}
	if _, err := os.ReadFile(trace); err == nil {
		t.Error("it was run")
	}
}

func TestCommandIsNotBegunUnlessThatIsNoted(t *testing.T) {
	w := newWorld(t)
	trace := filepath.Join(t.TempDir(), "trace")
	w.script("db", "echo run >> "+trace)
	w.memory.full = true
	_, err := w.runner.Run(t.Context(), ask(incident.HookCommand, "db"))
	if f := outbound.FailureOf(err); f == nil || f.End != outbound.NotDone {
		t.Errorf("said %v", err)
	}
	if _, err := os.ReadFile(trace); err == nil {
		t.Error("it was run")
	}
	w.memory.full = false
	if got := w.waits(ask(incident.HookCommand, "db")); got.End != incident.HookDone {
		t.Errorf("it ended %+v", got)
	}
}

func TestWhatACommandPrintsIsCappedAndTame(t *testing.T) {
	w := newWorld(t)
	w.script("db", `i=0; while [ $i -lt 3000 ]; do echo "line $i <&>"; i=$((i+1)); done; printf '\033[31mred\033[0m \000\377 `+"```"+` end\n'`)
	w.waits(ask(incident.HookCommand, "db"))
	got := w.printed()
	if !strings.HasPrefix(got, "…\n") || !strings.HasSuffix(got, "line 2999 <&>\nred ? ''' end") {
		t.Errorf("kept is %q", got)
	}
	if n := len(strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(got)); n > 2600 {
		t.Errorf("kept are %d signs", n)
	}
}
