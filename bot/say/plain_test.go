package say

import (
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"text/template/parse"
	"time"

	template "github.com/DataDog/datadog-agent/pkg/template/text"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/templates"
)

// bare is a reader to whom a text is what it is.
type bare struct{}

func (bare) Text(s string) string              { return s }
func (bare) Person(p incident.PersonID) string { return "person " + string(p) }
func (bare) Time(t time.Time) string           { return t.Format(time.RFC3339) }

// TestPlainTextsAreSaidLikeAllOthers says every text of the product both ways, with
// each of its arguments there, not there, and of every type.
func TestPlainTextsAreSaidLikeAllOthers(t *testing.T) {
	b, err := Open(templates.Files, nil)
	if err != nil {
		t.Fatal(err)
	}
	plain := map[string][]part{}
	for id := range b.sources {
		one := b.text(id)
		if one.whole() == nil {
			t.Errorf("%s cannot be read", id)
		}
		if one.plain {
			plain[id] = one.parts
		}
	}
	if len(plain) < 100 {
		t.Errorf("only %d texts are plain", len(plain))
	}
	values := []any{
		"some *words* <here>", "", 7, 0, true, false, nil,
		[]incident.Args{{"one": "x"}},
		int64(3), 2.5, incident.PersonID("p"), incident.System,
		time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC),
		time.Time{},
		90 * time.Second,
		incident.Civil{Year: 2026, Month: 3, Day: 4},
		incident.Say{ID: "undo.hint", Args: incident.Args{"minutes": 5}},
		incident.Say{},
		incident.Say{ID: "none such"},
	}
	for id, parts := range plain {
		names := argumentsOf(b.template(id).Root, nil)
		for shift := range values {
			args := incident.Args{}
			for n, name := range names {
				if v := values[(n*3+shift)%len(values)]; v != nil {
					args[name] = v
				}
			}
			quick, ok := write(nil, parts, scope{book: b, reader: bare{}, args: args})
			if !ok {
				continue
			}
			if slow := b.byTemplate(incident.Say{ID: id, Args: args}, bare{}); strings.TrimSpace(string(quick)) != slow {
				t.Errorf("%s with %v is %q, as a template %q", id, args, quick, slow)
			}
		}
	}
	for _, id := range []string{"note.done", "undo.hint"} {
		if _, ok := plain[id]; b.Has(id) && !ok {
			t.Errorf("%s is no plain text", id)
		}
	}
}

// TestTheFilesAreTakenApartAsTheParserDoes reads every file of texts in one go, too: what is between two texts is
// nobody's.
func TestTheFilesAreTakenApartAsTheParserDoes(t *testing.T) {
	names, err := fs.Glob(templates.Files, "message/*.tmpl")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		file, err := fs.ReadFile(templates.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := template.New(name).Parse(string(file))
		if err != nil {
			t.Fatal(err)
		}
		if whole.Tree != nil && strings.TrimSpace(whole.Root.String()) != "" {
			t.Errorf("%s says %q outside of its texts", name, whole.Root)
		}
		found := map[string]bool{}
		for id, written := range texts(string(file)) {
			one, err := template.New("").Parse(written)
			if err != nil || found[id] || whole.Lookup(id) == nil || one.Lookup(id).Root.String() != whole.Lookup(id).Root.String() {
				t.Errorf("%s: %s is taken for %q, %v", name, id, written, err)
			}
			found[id] = true
		}
		for _, one := range whole.Templates() {
			if one.Name() != name && !found[one.Name()] {
				t.Errorf("%s: %s is not found", name, one.Name())
			}
		}
	}
}

// A text is said by many at once.
func TestTextsAreReadOnceByMany(t *testing.T) {
	b, err := Open(templates.Files, nil)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for id := range b.sources {
				b.Text(incident.Say{ID: id}, bare{})
			}
		})
	}
	all.Wait()
	if one, again := b.text("note.done"), b.text("note.done"); one != again || b.text("nobody.says") != nil {
		t.Error("a text is read again, or one is there that nobody wrote")
	}
}

// argumentsOf are the names that a text asks for.
func argumentsOf(node parse.Node, names []string) []string {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return names
		}
		for _, one := range n.Nodes {
			names = argumentsOf(one, names)
		}
	case *parse.ActionNode:
		names = argumentsOf(n.Pipe, names)
	case *parse.PipeNode:
		for _, c := range n.Cmds {
			for _, a := range c.Args {
				names = argumentsOf(a, names)
			}
		}
	case *parse.FieldNode:
		names = append(names, n.Ident[0])
	case *parse.IfNode:
		names = argumentsOf(n.ElseList, argumentsOf(n.List, argumentsOf(n.Pipe, names)))
	case *parse.WithNode:
		names = argumentsOf(n.ElseList, argumentsOf(n.List, argumentsOf(n.Pipe, names)))
	}
	return names
}

func TestWhatIsNotPlainIsLeftToTheTemplate(t *testing.T) {
	for text, want := range map[string]string{
		"{{.key}}":                                 "K",
		"{{.none}}":                                "<no value>",
		"{{if .key}}a{{else}}b{{end}}":             "a",
		"{{if .none}}a{{else if .key}}b{{end}}":    "b",
		"{{with .key}}[{{.}}]{{end}}":              "[K]",
		"{{with .none}}x{{else}}{{.key}}{{end}}":   "K",
		"{{with $k := .key}}{{$k}}{{end}}":         "K",
		"{{if eq .key \"K\"}}same{{end}}":          "same",
		"{{with .key}}{{if .}}{{.}}{{end}}{{end}}": "K",
		"{{with .key}}{{.key}}{{end}}":             "[x]",
	} {
		root, err := Open(fstest.MapFS{"message/x.tmpl": {Data: []byte(`{{define "x"}}` + text + `{{end}}`)}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := root.Text(incident.Say{ID: "x", Args: incident.Args{"key": "K"}}, bare{}); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}
