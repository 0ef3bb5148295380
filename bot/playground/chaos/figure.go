// Package chaos hurts the real program on purpose and counts what is lost and what happens twice: it is killed, its disk
// fails and forgets, Slack and PagerDuty swallow replies, hang and refuse.
//
// The experiments are tests. A short form of each runs with every `go test`; `make chaos` runs them in full and writes
// what came out into docs/reliability.md. Everything is on loopback.
package chaos

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What an experiment is told, in its environment.
const (
	fullVariable   = "ROLLCALL_CHAOS"        // "full" for the full counts, or a number of its own for every count
	seedVariable   = "ROLLCALL_CHAOS_SEED"   // 1 unless set
	reportVariable = "ROLLCALL_CHAOS_REPORT" // the document whose table gets the figures; "" for none
	commitVariable = "ROLLCALL_CHAOS_COMMIT" // what is experimented on; "" for what git says
)

// Count is how often an experiment is tried: short in a normal run, full where it was asked for.
func Count(short, full int) int {
	switch v := os.Getenv(fullVariable); v {
	case "":
		return short
	case "full":
		return full
	default:
		if n, err := strconv.Atoi(v); err == nil && n > 0 {
			return n
		}
		return short
	}
}

// Seed is where an experiment's random choices come from. What the system's scheduler chooses it does not determine.
func Seed() int64 {
	if n, err := strconv.ParseInt(os.Getenv(seedVariable), 10, 64); err == nil {
		return n
	}
	return 1
}

// Figure is what an experiment came to.
type Figure struct {
	Program string // what was done, as the table's first cell
	Seed    int64  // 0 where nothing is left to chance
	Count   string // how often, with its unit
	Result  string // "0 lost, 0 double"
}

// Show prints a figure, and writes it into the document where one was named. A failed experiment is printed as such and
// not written.
func (f Figure) Show(t testing.TB) {
	t.Helper()
	verdict := "held"
	if t.Failed() {
		verdict = "FAILED"
	}
	t.Logf("%s: %s | seed %d | %s | %s", verdict, f.Program, f.Seed, f.Count, f.Result)
	path := os.Getenv(reportVariable)
	if path == "" || t.Failed() {
		return
	}
	unlock := locked(t, path)
	defer unlock()
	before, err := os.ReadFile(path) //nolint:gosec // named by whoever runs the experiment
	if err != nil {
		t.Fatal(err)
	}
	today := time.Now().UTC().Format(time.DateOnly) //nolint:forbidigo // for people, who want to know how old it is
	after := f.into(string(before), today+" "+commit(t))
	if err := os.WriteFile(path, []byte(after), 0o644); err != nil { //nolint:gosec // a document for everybody
		t.Fatal(err)
	}
}

// locked keeps the other experiments, which may run in another process, from writing at the same time.
func locked(t testing.TB, path string) (unlock func()) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // named by whoever runs the experiment
	if err == nil {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() { _ = f.Close() }
}

// commit is what was experimented on: the commit, and a + when something was changed since.
func commit(t testing.TB) string {
	t.Helper()
	if c := os.Getenv(commitVariable); c != "" {
		return c
	}
	head, err := exec.CommandContext(t.Context(), "git", "rev-parse", "--short=9", "HEAD").Output()
	if err != nil {
		return "unknown" // not in a clone
	}
	changed, err := exec.CommandContext(t.Context(), "git", "status", "--porcelain", "--untracked-files=no", "--", ":/", ":(exclude,top)docs/reliability.md").Output()
	text := strings.TrimSpace(string(head))
	if err != nil || len(changed) > 0 {
		text += "+"
	}
	return text
}

// header begins the table of the document.
const header = "| program | seed | count | result | date, commit |\n|---|---|---|---|---|\n"

// into puts the figure's row into the table, in place of the program's former one.
func (f Figure) into(document, when string) string {
	seed := "-"
	if f.Seed != 0 {
		seed = strconv.FormatInt(f.Seed, 10)
	}
	row := fmt.Sprintf("| %s | %s | %s | %s | %s |", f.Program, seed, f.Count, f.Result, when)
	before, rest, ok := strings.Cut(document, header)
	if !ok {
		return strings.TrimRight(document, "\n") + "\n\n" + header + row + "\n"
	}
	lines := strings.Split(rest, "\n")
	end := slices.IndexFunc(lines, func(l string) bool { return !strings.HasPrefix(l, "|") })
	if end < 0 {
		end = len(lines)
	}
	at := slices.IndexFunc(lines[:end], func(l string) bool { return strings.HasPrefix(l, "| "+f.Program+" |") })
	if at >= 0 {
		lines[at] = row
	} else {
		lines = slices.Insert(lines, end, row)
	}
	return before + header + strings.Join(lines, "\n")
}
