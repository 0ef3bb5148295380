package bot_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/templates"
)

// TestEveryTextIsThere reads the code for the names of texts and looks each up:
// an answer whose text is missing would show the name instead.
func TestEveryTextIsThere(t *testing.T) {
	book, err := say.Open(templates.Files, nil)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, dir := range []string{"../incident", ".", "slackio", "jobs"} {
		for id, where := range textNames(t, dir) {
			found++
			if !book.Has(id) {
				t.Errorf("%s: there is no text %q in templates/message", where, id)
			}
		}
	}
	if found < 100 {
		t.Errorf("found only %d names of texts: the test does not see them any more", found)
	}
}

func textNames(t *testing.T, dir string) map[string]string {
	t.Helper()
	names := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && path != dir {
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if id := textName(n); id != "" {
				names[id] = fset.Position(n.Pos()).String()
			}
			return true
		})
		return nil
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return names
}

// textName is the name of the text that a node names, or "".
func textName(n ast.Node) string {
	switch n := n.(type) {
	case *ast.CallExpr:
		name, ok := n.Fun.(*ast.Ident)
		if !ok {
			return ""
		}
		prefix, argument := "", 0
		switch name.Name {
		case "say":
		case "refuse":
			argument = 1
		case "choice", "confirming":
			prefix = "choice."
		default:
			return ""
		}
		if len(n.Args) <= argument {
			return ""
		}
		if id := literal(n.Args[argument]); id != "" {
			return prefix + id
		}
	case *ast.CompositeLit:
		if !strings.HasSuffix(typeName(n.Type), "Say") {
			return ""
		}
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok && typeName(kv.Key) == "ID" {
				return literal(kv.Value)
			}
		}
	case *ast.FuncDecl:
		if n.Name.Name == "instead" && n.Body != nil && len(n.Body.List) == 1 {
			if r, ok := n.Body.List[0].(*ast.ReturnStmt); ok && len(r.Results) == 1 {
				return literal(r.Results[0])
			}
		}
	}
	return ""
}

func literal(e ast.Expr) string {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return ""
	}
	s, err := strconv.Unquote(l.Value)
	if err != nil {
		return ""
	}
	return s
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}
