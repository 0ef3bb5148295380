// Package chaos hurts the real program on purpose and counts what is lost and what happens twice: it is killed, its disk
// fails and forgets, Slack and PagerDuty swallow replies, hang and refuse.
//
// The experiments are tests. A short form of each runs with every `go test`; `make chaos` runs them in full and writes
// what came out into docs/reliability.md. Everything is on loopback.
package chaos

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What an experiment is told, in its environment.
const (
	fullVariable   = "ROLLCALL_CHAOS"        // "full" for the full counts, or a number of its own for every count
	seedVariable   = "ROLLCALL_CHAOS_SEED"   // 1 unless set
	reportVariable = "ROLLCALL_CHAOS_REPORT" // the document whose table gets the figures; "" for none
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
	before, err := os.ReadFile(path) //nolint:gosec // named by whoever runs the experiment
	if err != nil {
		t.Fatal(err)
	}
	today := time.Now().UTC().Format(time.DateOnly) //nolint:forbidigo // for people, who want to know how old it is
	after := f.into(string(before), today)
	if err := os.WriteFile(path, []byte(after), 0o644); err != nil { //nolint:gosec // a document for everybody
		t.Fatal(err)
	}
}

// header begins the table of the document.
const header = "| program | seed | count | result | date |\n|---|---|---|---|---|\n"

// into puts the figure's row into the table, in place of the program's former one.
func (f Figure) into(document, date string) string {
	seed := "-"
	if f.Seed != 0 {
		seed = strconv.FormatInt(f.Seed, 10)
	}
	row := fmt.Sprintf("| %s | %s | %s | %s | %s |", f.Program, seed, f.Count, f.Result, date)
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
