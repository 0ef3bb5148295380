package docs

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// takesQuery are the calls that hand a query to a database, and which argument is it.
var takesQuery = map[string]int{
	"ExecContext": 1, "QueryContext": 1, "QueryRowContext": 1, "PrepareContext": 1, "Prepare": 0, "Exec": 1, "QueryRow": 1,
	"exec": 0, "row": 0, "collect": 1,
}

// builtQueries are functions whose result is a part of a query, and that were read:
// each is made of constants, or of numbers.
var builtQueries = map[string]string{
	"gate": "the visibility rule and its exception, both constants",
	"bind": "spells placeholders for SQLite's driver",
}

// sqlFaults finds queries that are not made of constants: values must go in by
// placeholders. A function that passes a parameter on as a query becomes one whose
// callers are looked at in the same way.
func sqlFaults(tree fs.FS) ([]string, int, error) {
	fset, files := token.NewFileSet(), map[string][]*ast.File{}
	err := goFiles(tree, func(name string) error {
		if strings.HasSuffix(name, "_test.go") || strings.Contains(name, "storagetest/") {
			return nil
		}
		src, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(fset, name, src, 0)
		files[path.Dir(name)] = append(files[path.Dir(name)], file)
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	var faults []string
	calls := 0
	for dir, all := range files {
		if !strings.HasPrefix(dir, "storage") && !usesSQL(all) {
			continue
		}
		q := &queries{fset: fset, constants: constantsOf(all), takes: map[string]int{}, open: map[string]bool{}}
		for name, at := range takesQuery {
			q.takes[name] = at
		}
		for before := -1; before != len(q.takes); { // until no more functions pass queries on
			before, q.faults, q.calls = len(q.takes), nil, 0
			for _, file := range all {
				q.look(file)
			}
		}
		faults, calls = append(faults, q.faults...), calls+q.calls
	}
	slices.Sort(faults)
	return slices.Compact(faults), calls, nil
}

func usesSQL(files []*ast.File) bool {
	return slices.ContainsFunc(files, func(f *ast.File) bool {
		return slices.ContainsFunc(f.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"database/sql"` })
	})
}

func constantsOf(files []*ast.File) map[string]bool {
	all := map[string]bool{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if d, ok := n.(*ast.GenDecl); ok && d.Tok == token.CONST {
				for _, spec := range d.Specs {
					for _, name := range spec.(*ast.ValueSpec).Names { //nolint:forcetypeassert // of a const declaration
						all[name.Name] = true
					}
				}
			}
			return true
		})
	}
	return all
}

type queries struct {
	fset      *token.FileSet
	constants map[string]bool
	takes     map[string]int
	open      map[string]bool // variables that are being looked at
	faults    []string
	calls     int
}

func (q *queries) look(file *ast.File) {
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			at, ok := q.takes[calledName(call.Fun)]
			if !ok || len(call.Args) <= at {
				return true
			}
			q.calls++
			if !q.constant(f, call.Args[at]) {
				q.faults = append(q.faults, fmt.Sprintf("%s: the query of %s is not made of constants", q.fset.Position(call.Pos()), calledName(call.Fun)))
			}
			return true
		})
	}
}

func calledName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.IndexExpr:
		return calledName(e.X)
	}
	return ""
}

// constant says whether a text is made of constants, or is handed in by callers who
// are looked at.
func (q *queries) constant(f *ast.FuncDecl, e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.ParenExpr:
		return q.constant(f, e.X)
	case *ast.BinaryExpr:
		return e.Op == token.ADD && q.constant(f, e.X) && q.constant(f, e.Y)
	case *ast.CallExpr:
		name := calledName(e.Fun)
		_, known := builtQueries[name]
		return known || name == "string" && len(e.Args) == 1 && q.constant(f, e.Args[0])
	case *ast.Ident:
		if q.constants[e.Name] {
			return true
		}
		if q.open[e.Name] {
			return true // it is being looked at
		}
		q.open[e.Name] = true
		defer delete(q.open, e.Name)
		given, all := q.assigned(f, e.Name)
		if at, ok := parameter(f, e.Name); ok {
			q.takes[f.Name.Name] = at
			return all
		}
		return given > 0 && all
	}
	return false
}

func parameter(f *ast.FuncDecl, name string) (int, bool) {
	at := 0
	for _, field := range f.Type.Params.List {
		for _, n := range field.Names {
			if n.Name == name {
				kind, ok := field.Type.(*ast.Ident)
				return at, ok && kind.Name == "string"
			}
			at++
		}
	}
	return 0, false
}

// assigned says how often a variable is given something, and whether that is constants.
func (q *queries) assigned(f *ast.FuncDecl, name string) (given int, all bool) {
	all = true
	ast.Inspect(f.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if id, ok := left.(*ast.Ident); ok && id.Name == name && len(n.Lhs) == len(n.Rhs) {
					given++
					all = all && q.constant(f, n.Rhs[i])
				}
			}
		case *ast.RangeStmt:
			if id, ok := n.Value.(*ast.Ident); ok && id.Name == name {
				list, ok := n.X.(*ast.CompositeLit)
				given++
				all = all && ok && !slices.ContainsFunc(list.Elts, func(e ast.Expr) bool { return !q.constant(f, e) })
			}
		}
		return true
	})
	return given, all
}

// allowedQueries are built otherwise, each for a reason.
var allowedQueries = map[string]string{
	"storage/postgres/postgres.go": "a timeout in milliseconds: SET takes no placeholders",
}

func TestQueriesAreConstants(t *testing.T) {
	faults, calls, err := sqlFaults(repository())
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range faults {
		file, _, _ := strings.Cut(fault, ":")
		if allowedQueries[file] == "" {
			t.Error(fault)
		}
	}
	if calls < 80 {
		t.Errorf("only %d queries: the test does not see them any more", calls)
	}
	t.Logf("%d queries", calls)
}

func TestQueryCheckCatches(t *testing.T) {
	file := func(body string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("package storage\nconst columns = `a, b`\n" + body)}
	}
	faults, calls, err := sqlFaults(fstest.MapFS{
		"storage/good.go": file("func (r *R) a(id string) { r.row(`SELECT `+columns+` FROM t WHERE id = $1`, args{id}) }"),
		"storage/pass.go": file("func (r *R) b(where string, v string) { r.row(`SELECT a FROM t WHERE `+where, args{v}) }\nfunc (r *R) c(name string) { r.b(`x = $1`, name) }"),
		"storage/bad.go":  file("func (r *R) d(name string) { r.e(name) }\nfunc (r *R) e(x any) { r.row(fmt.Sprintf(`SELECT %s`, x)) }"),
		"storage/join.go": file("func (r *R) f(p P) { r.b(`x = '`+p.Name+`'`, ``) }"),
		"storage/vars.go": file("func (r *R) g(p P) { q := `SELECT a`; if p.ok { q += ` WHERE 1` }; r.row(q) }\nfunc (r *R) h(p P) { q := `SELECT a`; q += p.Name; r.row(q) }"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"storage/bad.go", "storage/join.go", "storage/vars.go"}
	var got []string
	for _, fault := range faults {
		name, _, _ := strings.Cut(fault, ":")
		got = append(got, name)
	}
	if !slices.Equal(got, want) || calls < 7 {
		t.Errorf("%d queries, faults %q", calls, faults)
	}
}
