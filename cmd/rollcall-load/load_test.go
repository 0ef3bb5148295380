package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMain makes the test's own binary one of the bare servers when it is started as one.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == serveBare {
		if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
			os.Exit(1)
		}
		return
	}
	dir, err := os.MkdirTemp("", "rollcall-load.test.")
	if err != nil {
		os.Exit(1)
	}
	program = sync.OnceValues(func() (string, error) { return build(context.Background(), dir) })
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// program is the real program, built once.
var program func() (string, error)

func built(t *testing.T) string {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// A run in miniature: every design answers, each answer is checked, and Rollcall is held against the bare ones.
func TestMeasuresAllDesigns(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), []string{"-rollcall", built(t), "-rounds", "3", "-each", "40ms", "-callers", "1,4", "-open", "3"}, &out); err != nil {
		t.Fatal(err)
	}
	var r report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	seen := map[string]int{}
	for _, f := range r.Designs {
		seen[f.Design]++
		if f.Rate <= 0 || f.P50 <= 0 || f.P99 < f.P50 || f.P999 < f.P99 {
			t.Errorf("%s with %d at once has the figures %+v", f.Design, f.Callers, f)
		}
	}
	for _, design := range []string{bareHTTP, bareSigned, bareInsert, bareGroup, designRollcall} {
		if seen[design] != 2 {
			t.Errorf("%s was measured %d times, not with 1 and 4 at once", design, seen[design])
		}
	}
	if len(r.Ratios) != 6 || r.Syncs <= 0 {
		t.Errorf("the ratios are %+v and the disk syncs %f times a second", r.Ratios, r.Syncs)
	}
	for _, x := range r.Ratios {
		if x.Median <= 0 || x.Least > x.Median || x.Most < x.Median {
			t.Errorf("a ratio is %+v", x)
		}
	}
	var table strings.Builder
	if err := r.table(&table); err != nil || !strings.Contains(table.String(), "| **Rollcall**, all of it | 4 |") {
		t.Errorf("the table is (%v)\n%s", err, table.String())
	}
}

// What is not an acknowledgement ends the measure: a server that refuses fast must not look fast.
func TestWrongAnswersDoNotCount(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"not saved": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"text":"NOT saved"}`) },
		"refused":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) },
		"in pieces, and not saved": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("x", 5000)+"NOT saved")
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(answer)
			defer server.Close()
			l, err := fire(t.Context(), server.Listener.Addr().String(), 2, 1, time.Minute, isNoted)
			if err == nil || len(l.answers) != 0 {
				t.Errorf("%d answers counted, error %v", len(l.answers), err)
			}
		})
	}
}

func TestAnswersInPieces(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("x", 5000)+"Noted")
	}))
	defer server.Close()
	l, err := fire(t.Context(), server.Listener.Addr().String(), 2, 1, 20*time.Millisecond, isNoted)
	if err != nil || len(l.answers) < 4 {
		t.Errorf("%d answers counted, error %v", len(l.answers), err)
	}
}

func TestBadFlags(t *testing.T) {
	for _, args := range [][]string{{"-callers", "0"}, {"-callers", "100000"}, {"-rounds", "0"}, {"-each", "1h"}, {"-open", "0"}, {"-designs", "fast"}, {"-what"}} {
		if _, err := parse(args, io.Discard); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
}

func TestFiguresOfABenchmark(t *testing.T) {
	got := figuresOf("goos: linux\nBenchmarkGrowth/events=10000/store-2         \t    1000\t    512345 ns/op\t       415 p50-µs\nBenchmarkDocument-2 \t 5\t 12 ns/op\t 0.71 ratio\nPASS\n")
	if got["events=10000/store p50-µs"] != 415 || got["events=10000/store ns/op"] != 512345 || got["ratio"] != 0.71 {
		t.Errorf("read %v", got)
	}
}

func TestFiguresStandBetweenTheirMarks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "doc.md")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("before\n" + beginMark + "\nold\n" + endMark + "\nafter\n")
	p := &plan{goals: []goal{{"a", 0.9, 0.8, "×", true}, {"b", 61.25, 50, "MB", false}}}
	if err := insert(path, p.String()); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"before\n", "| a | at least 0.8 × | 0.9 × | yes |\n", "| b | at most 50 MB | 61.25 MB | **no** |\n", endMark + "\nafter\n"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("%q is not in\n%s", want, b)
		}
	}
	if strings.Contains(string(b), "old") {
		t.Error("the old figures are still there")
	}
	write("no marks")
	if err := insert(path, "x"); err == nil {
		t.Error("a document without marks is taken")
	}
}

// The way to the channel, with the real program and a Slack that is fast.
func TestTheWayToTheChannelIsMeasured(t *testing.T) {
	p := &plan{s: settings{program: built(t), open: 2, rounds: 1, each: 50 * time.Millisecond}, dir: t.TempDir()}
	if err := p.channel(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := p.hung(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, g := range p.goals {
		if g.came <= 0 {
			t.Errorf("%+v was not measured", g)
		}
	}
	if len(p.goals) != 3 {
		t.Errorf("%d goals", len(p.goals))
	}
}
