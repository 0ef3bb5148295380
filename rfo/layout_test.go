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

// TestAnOperatorsLayout takes the place of ours file by file, and is tried when it is read.
func TestAnOperatorsLayout(t *testing.T) {
	file := func(name, content string) fs.FS { return fstest.MapFS{name: &fstest.MapFile{Data: []byte(content)}} }
	for _, c := range []struct {
		name   string
		folder fs.FS
		want   string // in the error; "" when it is taken
	}{
		{"no folder", fstest.MapFS{}, ""},
		{"a note beside", file("README.md", "{{nonsense"), ""},
		{"no name of ours", file("dokument.md.tmpl", "x"), "document.md.tmpl"},
		{"broken", file("document.md.tmpl", "# {{.Head.Title}}\n\n{{if}}"), "document.md.tmpl:3"},
		{"a field that there is not", file("document.html.tmpl", "<p>\n{{.NoSuchField}}"), "document.html.tmpl:2"},
		{"one that only a full document asks for", file("document.md.tmpl", "# x\n\n{{range .Actions.List}}\n{{.Wer}}{{end}}"), "document.md.tmpl:4"},
		{"a customer's", file("customer.md.tmpl", "{{.Reference}}\n{{.Title}}"), "customer.md.tmpl:2"},
	} {
		_, err := rfo.Override(c.folder)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	own, err := rfo.Override(file("document.md.tmpl", "# Bericht {{.Head.Key}}\n\n{{.Head.Title}}"))
	if err != nil {
		t.Fatal(err)
	}
	s := kept(t, "full")
	s.options.Layout = own
	d := s.document()
	if got := string(rfo.Markdown(d)); got != "# Bericht INC-7\n\n"+d.Head.Title+"\n" {
		t.Errorf("the Markdown is\n%s", got)
	}
	if !bytes.Contains(rfo.HTML(d), []byte("<h2>Impact</h2>")) || len(rfo.CustomerMarkdown(rfo.Customer(d, rfo.CustomerText{}))) == 0 {
		t.Error("what is not overridden is not ours")
	}
	if rfo.ContentHash(s.world.Incident, s.world.Records) == "" || !bytes.Equal(rfo.JSON(d), rfo.JSON(kept(t, "full").document())) {
		t.Error("the layout changes what the document says")
	}
}

// TestWhatWasEditedSurvivesANewLayout: a file written in one layout is taken back in another.
func TestWhatWasEditedSurvivesANewLayout(t *testing.T) {
	s := &shelf{w: resolved(t)}
	s.publish()
	s.edit("## Fix\n", "## Fix\n\nThe valve was turned by hand.\n")
	own, err := rfo.Override(fstest.MapFS{"document.md.tmpl": &fstest.MapFile{Data: []byte("# {{.Head.Key}}\n\n## Kurz\n\n{{.Head.Title}}\n")}})
	if err != nil {
		t.Fatal(err)
	}
	s.layout = own
	s.publish()
	s.has(t, "The valve was turned by hand.")
	s.has(t, "## Kurz")
}
