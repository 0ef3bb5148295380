package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// threatRow is a row of the table of docs/threat-model.md.
type threatRow struct {
	threat string
	places []string // files and folders that the defence is in
	tests  []string // folder.TestName, or a script
}

var placeForm = regexp.MustCompile(`^[a-z]+(/[a-z_]+)*(\.go)?$`)

func threatRows(document string) []threatRow {
	var rows []threatRow
	_, section, _ := strings.Cut(document, "## Table\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for line := range strings.SplitSeq(section, "\n") {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		if !strings.HasPrefix(line, "|") || len(cells) != 3 || cells[0] == "threat" {
			continue
		}
		row := threatRow{threat: cells[0]}
		for _, word := range code.FindAllStringSubmatch(cells[1], -1) {
			if placeForm.MatchString(word[1]) && strings.ContainsAny(word[1], "/.") {
				row.places = append(row.places, word[1])
			}
		}
		for _, word := range code.FindAllStringSubmatch(cells[2], -1) {
			row.tests = append(row.tests, word[1])
		}
		rows = append(rows, row)
	}
	return rows
}

// testsOf are the tests and fuzz targets of a tree, as folder.Name, and its scripts.
func testsOf(tree fs.FS) (map[string]bool, error) {
	all := map[string]bool{}
	err := goFiles(tree, func(name string) error {
		if !strings.HasSuffix(name, "_test.go") {
			return nil
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
			f, ok := d.(*ast.FuncDecl)
			if ok && f.Recv == nil && (strings.HasPrefix(f.Name.Name, "Test") || strings.HasPrefix(f.Name.Name, "Fuzz")) {
				all[path.Dir(name)+"."+f.Name.Name] = true
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	scripts, err := fs.Glob(tree, "cmd/rollcall/testdata/script/*.txtar")
	for _, script := range scripts {
		all[path.Base(script)] = true
	}
	return all, err
}

// threatFaults says which rows name tests or places that are not there, or none.
func threatFaults(tree fs.FS, rows []threatRow) ([]string, error) {
	tests, err := testsOf(tree)
	if err != nil {
		return nil, err
	}
	var faults []string
	for _, row := range rows {
		if len(row.tests) == 0 {
			faults = append(faults, row.threat+": no test")
		}
		for _, name := range row.tests {
			if !tests[name] {
				faults = append(faults, row.threat+": there is no test "+name)
			}
		}
		for _, place := range row.places {
			if _, err := fs.Stat(tree, place); err != nil {
				faults = append(faults, row.threat+": there is no "+place)
			}
		}
	}
	return faults, nil
}

func TestThreatsNameTestsThatExist(t *testing.T) {
	document, err := fs.ReadFile(repository(), "docs/threat-model.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := threatRows(string(document))
	if len(rows) < 20 {
		t.Fatalf("only %d rows are read", len(rows))
	}
	faults, err := threatFaults(repository(), rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Error(f)
	}
}

func TestThreatCheckCatches(t *testing.T) {
	rows := threatRows("# x\n\n## Table\n\n| threat | what | tests |\n|---|---|---|\n" +
		"| a | here (`bot/a.go`) | `bot.TestA`, `a.txtar` |\n| b | (`bot/gone.go`) | `bot.TestB` |\n| c | nothing | by hand |\n\n## Next\n\n| d | e | f |\n")
	faults, err := threatFaults(fstest.MapFS{
		"bot/a.go": &fstest.MapFile{Data: []byte("package bot")}, "bot/a_test.go": &fstest.MapFile{Data: []byte("package bot\nfunc TestA() {}\nfunc (w world) TestB() {}")},
		"cmd/rollcall/testdata/script/a.txtar": &fstest.MapFile{},
	}, rows)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"b: there is no test bot.TestB", "b: there is no bot/gone.go", "c: no test"}
	if !slices.Equal(faults, want) {
		t.Errorf("faults %q", faults)
	}
}
