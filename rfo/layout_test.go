package rfo_test

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rollcall-bot/rollcall/incident"
	. "github.com/rollcall-bot/rollcall/incident/incidenttest"
	"github.com/rollcall-bot/rollcall/rfo"
	"github.com/rollcall-bot/rollcall/templates"
)

// overridden is the built-in layout with one file of an operator's.
func overridden(t *testing.T, name, content string) fs.FS {
	t.Helper()
	folder := fstest.MapFS{}
	for _, f := range []string{"document.md.tmpl", "document.html.tmpl", "customer.md.tmpl"} {
		src, err := fs.ReadFile(templates.Files, "rfo/"+f)
		if err != nil {
			t.Fatal(err)
		}
		folder[f] = &fstest.MapFile{Data: src}
	}
	folder[name] = &fstest.MapFile{Data: []byte(content)}
	return folder
}

// TestBrokenLayout names the file and the line of a mistake.
func TestBrokenLayout(t *testing.T) {
	for name, content := range map[string]string{
		"document.md.tmpl": "# {{.Head.Title}}\n\n{{if}}", "document.html.tmpl": "<p>\n\n{{nonsense .}}", "customer.md.tmpl": "\n\n{{end}}",
	} {
		_, err := rfo.NewLayout(overridden(t, name, content))
		if err == nil || !strings.Contains(err.Error(), name+":3") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOwnLayoutIsEscaped: an operator's template cannot forget to escape.
func TestOwnLayoutIsEscaped(t *testing.T) {
	l, err := rfo.NewLayout(overridden(t, "document.md.tmpl", `{{define "x"}}{{.}}{{end}}# {{.Head.Title}}
{{range .Timeline.Rows}}{{if .Text}}{{with .Text}}- {{.}}
{{end}}{{end}}{{end}}{{template "x" .Head.Title}}`))
	if err != nil {
		t.Fatal(err)
	}
	md, err := l.Markdown(kept(t, "hostile").document())
	if err != nil {
		t.Fatal(err)
	}
	if a := parse(md); len(a.headings) != 1 || len(a.links)+len(a.other)+a.tables > 0 {
		t.Errorf("came alive: %+v", a)
	}
}

// TestFailingLayout returns the error of a template that asks for what is not there.
func TestFailingLayout(t *testing.T) {
	l, err := rfo.NewLayout(overridden(t, "document.html.tmpl", "{{.NoSuchField}}"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.HTML(kept(t, "full").document()); err == nil || !strings.Contains(err.Error(), "NoSuchField") {
		t.Errorf("%v", err)
	}
}

// TestBuiltInLayout is what Markdown, HTML and CustomerMarkdown rely on.
func TestBuiltInLayout(t *testing.T) {
	if _, err := rfo.BuiltIn(); err != nil {
		t.Fatal(err)
	}
}

// TestNothingAtAll builds from an incident without a single event.
func TestNothingAtAll(t *testing.T) {
	d := rfo.Build(incident.New("x"), nil, staff, rfo.Options{})
	if !bytes.Contains(rfo.Markdown(d), []byte("_Not answered yet_")) || len(rfo.HTML(d)) == 0 || !rfo.Blocking(rfo.Check(d)) {
		t.Errorf("%s", rfo.Markdown(d))
	}
}

// TestStates is what head and banner say of documents that are not owed, or not yet.
func TestStates(t *testing.T) {
	for _, c := range []struct {
		name   string
		end    func(w *World)
		state  rfo.State
		banner string
	}{
		{"open", func(*World) {}, rfo.Draft, "incident open · draft, not published"},
		{"cancelled", func(w *World) { w.Do(Ana, incident.Cancel{Reason: "a test alert"}) }, rfo.NotOwed, "Cancelled, it was no incident: a test alert"},
		{"skipped", func(w *World) {
			w.Do(Ana, incident.Resolve{})
			w.Do(Ana, incident.SkipRFO{Reason: "nobody was affected"})
		}, rfo.Skipped, "There will be no RFO: nobody was affected"},
		{"merged", func(w *World) {
			w.Do(Ana, incident.Merge{Into: incident.Brief{ID: "0190-8", Number: 8, Status: incident.Open}, Confirmed: true})
		}, rfo.NotOwed, "Went on in INC-8."},
		{"changed", func(w *World) {
			w.Do(Ana, incident.Resolve{})
			w.Do(Ana, incident.PublishRFO{})
			w.Do(Ana, incident.AnswerQuestion{Question: "summary", Text: "It was the cache."})
		}, rfo.Changed, "changed since revision 1"},
	} {
		w := New(t)
		c.end(w)
		d := rfo.Build(w.Incident, w.Records, staff, rfo.Options{})
		if d.Head.State != c.state {
			t.Errorf("%s: is %s", c.name, d.Head.State)
		}
		for view, out := range map[string][]byte{"Markdown": rfo.Markdown(d), "HTML": rfo.HTML(d)} {
			if !bytes.Contains(out, []byte(c.banner)) {
				t.Errorf("%s: %s does not say %q", c.name, view, c.banner)
			}
		}
	}
}
