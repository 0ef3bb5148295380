package incident_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/templates"
)

// pure are the packages of the standard library that do nothing but compute.
var pure = []string{
	"bytes", "cmp", "encoding/json", "errors", "fmt", "hash/fnv", "iter", "maps", "math", "net/url", "regexp", "slices", "sort",
	"strconv", "strings", "time", "unicode", "unicode/utf8",
}

// impure are the functions of allowed packages that ask the world.
var impure = map[string][]string{
	"time": {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "LoadLocation", "Local"},
	"fmt":  {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln", "Fprint", "Fprintf", "Fprintln"},
	"uuid": {"New", "NewString", "NewRandom", "NewV7", "NewV6", "NewUUID", "Must"},
}

// sources are the files of the package, without its tests.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = file
	}
	if len(files) < 50 {
		t.Fatalf("only %d files were found", len(files))
	}
	return files
}

func TestDomainAsksNothingOfTheWorld(t *testing.T) {
	for name, file := range sources(t) {
		for _, imported := range file.Imports {
			path, err := strconv.Unquote(imported.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(pure, path) && path != "github.com/google/uuid" && path != "github.com/rollcall-bot/rollcall/incident/near" {
				t.Errorf("%s imports %s, which is not on the list of what only computes", name, path)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if pkg, ok := sel.X.(*ast.Ident); ok && slices.Contains(impure[pkg.Name], sel.Sel.Name) {
					t.Errorf("%s uses %s.%s; the moment and the ids come with the command", name, pkg.Name, sel.Sel.Name)
				}
			}
			return true
		})
	}
}

var textName = regexp.MustCompile(`^[a-z][a-z_]*\.[a-z][a-z_]*(\.[a-z][a-z_]*)?$`)

// TestEveryTextOfTheDomainIsWorded finds the names of texts in the sources, so
// that one which no test reaches is not missing at three in the morning.
func TestEveryTextOfTheDomainIsWorded(t *testing.T) {
	book, err := say.Open(templates.Files, nil)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{ // names of other things
		string(incident.CreateChannel): true, string(incident.Invite): true, string(incident.Publish): true, string(incident.Archive): true,
		string(incident.EndPage): true, string(incident.AckAlarm): true, string(incident.NotePager): true,
		string(incident.HookCall): true, string(incident.HookDispatch): true, string(incident.HookExec): true, string(incident.HookReport): true,
		string(incident.Export): true, string(incident.Track): true,
	}
	for kind := range incident.Kinds() {
		known[kind] = true
	}
	for _, kind := range incident.ClockKinds() {
		known[kind] = true
	}
	found := 0
	for name, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if f, ok := call.Fun.(*ast.Ident); ok && (f.Name == "choice" || f.Name == "confirming") && len(call.Args) > 0 {
					if lit, ok := call.Args[0].(*ast.BasicLit); ok {
						label, _ := strconv.Unquote(lit.Value)
						if !book.Has("choice." + label) {
							t.Errorf("%s: the button choice.%s has no text", name, label)
						}
					}
				}
			}
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			id, err := strconv.Unquote(lit.Value)
			if err != nil || !textName.MatchString(id) || known[id] {
				return true
			}
			found++
			if !book.Has(id) {
				t.Errorf("%s: the text %s is missing in templates/message", name, id)
			}
			return true
		})
	}
	for _, status := range []string{"open", "mitigated", "resolved", "cancelled", "merged"} {
		if id := "refuse.status." + status; !book.Has(id) {
			t.Errorf("the text %s is missing", id)
		}
	}
	if found < 200 {
		t.Errorf("only %d names of texts were found", found)
	}
}
