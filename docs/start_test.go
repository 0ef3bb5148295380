package docs

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// eagerPatterns finds the regular expressions that are compiled whenever the program starts, whether somebody needs them
// or not: all of them together took longer than opening the database.
func eagerPatterns(tree fs.FS) ([]string, error) {
	var faults []string
	err := goFiles(tree, func(name string) error {
		if strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "cmd/rollcall-load/") || strings.HasPrefix(name, "incident/") {
			return nil // incident has one, and only computes: it may not know of sync
		}
		src, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, 0)
		if err != nil {
			return err
		}
		for _, d := range file.Decls {
			if vars, ok := d.(*ast.GenDecl); ok && vars.Tok == token.VAR {
				ast.Inspect(vars, func(n ast.Node) bool {
					if call, ok := n.(*ast.SelectorExpr); ok && call.Sel.Name == "MustCompile" {
						faults = append(faults, fmt.Sprintf("%s: a regular expression is compiled at every start; compile it when it is first needed, by sync.OnceValue", name))
					}
					_, later := n.(*ast.FuncLit)
					return !later
				})
			}
		}
		return nil
	})
	slices.Sort(faults)
	return faults, err
}

func TestNoPatternIsCompiledAtTheStart(t *testing.T) {
	faults, err := eagerPatterns(repository())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Error(f)
	}
}

func TestPatternCheckCatches(t *testing.T) {
	file := func(code string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("package a\n\nimport (\n\"regexp\"\n\"sync\"\n)\n\n" + code)}
	}
	faults, err := eagerPatterns(fstest.MapFS{
		"a/eager.go":      file("var x = regexp.MustCompile(`x`)\n"),
		"a/list.go":       file("var (\n\tn = 1\n\tx = []any{regexp.MustCompile(`x`)}\n)\n"),
		"a/eager_test.go": file("var x = regexp.MustCompile(`x`)\n"),
		"a/later.go":      file("var y = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`x`) })\n\nfunc z() { _ = regexp.MustCompile(`x`) }\n"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(faults) != 2 || !strings.HasPrefix(faults[0], "a/eager.go:") || !strings.HasPrefix(faults[1], "a/list.go:") {
		t.Errorf("got %q", faults)
	}
}
