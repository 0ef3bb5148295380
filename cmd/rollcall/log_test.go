package main

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// written remembers each write.
type written struct {
	mu    sync.Mutex
	calls []string
}

func (w *written) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, string(b))
	return len(b), nil
}

// said are the writes since the last time, in order.
func (w *written) said() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := strings.Join(w.calls, "|")
	w.calls = nil
	return all
}

func TestALineAfterSilenceIsWrittenAtOnceAndManyTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w written
		g := gather(&w)
		defer g.end()
		say := func(line string) {
			t.Helper()
			if _, err := io.WriteString(g, line); err != nil {
				t.Error(err)
			}
		}
		expect := func(want string) {
			t.Helper()
			synctest.Wait()
			if got := w.said(); got != want {
				t.Errorf("written is %q, not %q", got, want)
			}
		}
		<-time.After(time.Second)
		say("a ")
		expect("a ")
		say("b ")
		say("c ")
		expect("")
		<-time.After(gatherFor)
		expect("b c ")
		say("d ")
		expect("")
		<-time.After(gatherFor)
		expect("d ")
		<-time.After(gatherFor)
		expect("")
		say("e ")
		expect("e ")
		long := strings.Repeat("x", gatherMost)
		say(long)
		expect(long)
		say("f ")
		g.end()
		expect("f ")
		say("g ")
		say("h ")
		expect("g |h ")
	})
}

func TestAWarningTakesAlongWhatWasSaidBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w written
		g := gather(&w)
		defer g.end()
		log := slog.New(urgent{Handler: slog.NewJSONHandler(g, nil), gathered: g}).With("part", "x").WithGroup("of")
		log.Info("one")
		if got := w.said(); got != "" {
			t.Errorf("the first line did not wait: %q", got)
		}
		log.Warn("two", "n", 2)
		if got := w.said(); strings.Count(got, "\n") != 2 || !strings.Contains(got, `"msg":"two","part":"x","of":{"n":2}`) || strings.Contains(got, "|") {
			t.Errorf("written is %q", got)
		}
	})
}

func TestNoLineIsLostOrOutOfOrder(t *testing.T) {
	var out bytes.Buffer // only one writes at a time
	g := gather(&out)
	var all sync.WaitGroup
	const callers, each = 8, 500
	for c := range callers {
		all.Go(func() {
			for n := range each {
				if _, err := io.WriteString(g, strconv.Itoa(c)+" "+strconv.Itoa(n)+"\n"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	g.end()
	next := map[string]int{}
	for line := range strings.Lines(out.String()) {
		caller, n, _ := strings.Cut(strings.TrimSpace(line), " ")
		if n != strconv.Itoa(next[caller]) {
			t.Fatalf("caller %s said %s, where %d was to come", caller, n, next[caller])
		}
		next[caller]++
	}
	for c, n := range next {
		if n != each {
			t.Errorf("of caller %s %d lines are there", c, n)
		}
	}
	if len(next) != callers {
		t.Errorf("%d callers were heard", len(next))
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestALogThatCannotBeWrittenStopsNobody(t *testing.T) {
	g := gather(full{})
	log := slog.New(urgent{Handler: slog.NewJSONHandler(g, nil), gathered: g})
	log.Info("one")
	log.Error("two")
	g.end()
	log.Info("three")
	if len(g.lines) != 0 {
		t.Errorf("%q is still to be written", g.lines)
	}
}

// TestTheLogOfAServerIsWhole takes what `serve` is given: a file.
func TestTheLogOfAServerIsWhole(t *testing.T) {
	f, err := os.Create(t.TempDir() + "/log")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	log, end := (&program{stderr: f}).log(slog.LevelInfo)
	for range 100 {
		log.Info("answered")
	}
	log.Debug("not this")
	end()
	if text, err := os.ReadFile(f.Name()); err != nil || strings.Count(string(text), `"msg":"answered"`) != 100 || strings.Count(string(text), "\n") != 100 {
		t.Errorf("the log holds %q, %v", text, err)
	}
}
