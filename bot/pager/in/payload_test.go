package pagerin

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what is read of each event anew")

// TestEveryDocumentedEventIsRead holds what is read of each documented type of
// event to a file. Types that are not used are read as nothing.
func TestEveryDocumentedEventIsRead(t *testing.T) {
	files, err := filepath.Glob("testdata/events/*.json")
	if err != nil || len(files) < 23 {
		t.Fatalf("%d events (%v)", len(files), err)
	}
	used := map[string]bool{}
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		e, err := decode(body)
		if err != nil || e.Type != strings.TrimSuffix(filepath.Base(name), ".json") || e.OccurredAt.IsZero() {
			t.Fatalf("%s: %+v %v", name, e, err)
		}
		golden := strings.TrimSuffix(name, ".json") + ".golden"
		read, known := readers[e.Type]
		if !known {
			if _, err := os.Stat(golden); err == nil {
				t.Errorf("%s is read no more", e.Type)
			}
			continue
		}
		used[e.Type] = true
		m, err := read(e)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := json.MarshalIndent(map[string]any{"report": m.report, "responders": m.who}, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, '\n')
		if *update {
			if err := os.WriteFile(golden, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(golden); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is read as\n%s\nand was read as\n%s (%v)", e.Type, got, want, err)
		}
	}
	for _, kind := range Types() {
		if !used[kind] {
			t.Errorf("there is no sample of %s", kind)
		}
	}
	if len(Types()) != len(readers) {
		t.Errorf("%d types are subscribed to, %d are read", len(Types()), len(readers))
	}
}

func TestFieldsMayBeNullOrMissing(t *testing.T) {
	for _, c := range []struct {
		name, event, data string
		ok                bool
	}{
		{"nothing but the id", "incident.triggered", `{"id":"P1"}`, true},
		{"nulls", "incident.resolved", `{"id":"P1","service":null,"assignees":null,"priority":null,"created_at":"2026-03-04T13:50:00Z"}`, true},
		{"no id", "incident.triggered", `{"title":"x"}`, false},
		{"a list", "incident.triggered", `[]`, false},
		{"a number for a title", "incident.triggered", `{"id":"P1","title":7}`, false},
		{"a note about nothing", "incident.annotated", `{"content":"x"}`, false},
		{"a responder without a user", "incident.responder.added", `{"incident":{"id":"P1"},"user":null,"escalation_policy":{"id":"PE","summary":"Default"}}`, true},
	} {
		e, err := decode([]byte(`{"event":{"id":"e1","event_type":"` + c.event + `","occurred_at":"2026-03-04T13:55:00Z","agent":null,"client":null,"data":` + c.data + `}}`))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if _, err := readers[e.Type](e); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func FuzzEvents(f *testing.F) {
	files, _ := filepath.Glob("testdata/events/*.json")
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add([]byte(`{"event":null}`))
	f.Add([]byte(`[[[[`))
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := decode(body)
		if err != nil {
			return
		}
		if e.ID == "" || e.Type == "" {
			t.Fatalf("an event without id or type: %+v", e)
		}
		read, known := readers[e.Type]
		if known != slices.Contains(Types(), e.Type) {
			t.Fatalf("%q is read and not subscribed to", e.Type)
		}
		if !known {
			return
		}
		m, err := read(e)
		if err == nil && (m.report.Ref.ID == "" || m.report.At.IsZero()) {
			t.Fatalf("a report without id or time: %+v", m.report)
		}
	})
}

func TestANoteOfOursIsNoNews(t *testing.T) {
	for content, own := range map[string]bool{"Rollcall INC-7 E12: decided: roll back": true, "Rollcall INC-7: over": true, "Rollcall is late": false} {
		e, err := decode([]byte(`{"event":{"id":"e1","event_type":"incident.annotated","occurred_at":"2026-03-04T13:55:00Z",` +
			`"data":{"id":"PN1","content":"` + content + `","incident":{"id":"P1"}}}}`))
		if err != nil {
			t.Fatal(err)
		}
		if m, err := readers[e.Type](e); err != nil || m.own != own {
			t.Errorf("%q: %v %v", content, m.own, err)
		}
	}
}
