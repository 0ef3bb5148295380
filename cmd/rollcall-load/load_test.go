package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
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
	os.Exit(m.Run())
}

// A run in miniature: every design answers, each answer is checked, and Rollcall is held against the bare ones.
func TestMeasuresAllDesigns(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), []string{"-rounds", "3", "-each", "40ms", "-callers", "1,4", "-open", "3"}, &out); err != nil {
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
