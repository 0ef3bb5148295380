// Package docs checks the documents against the code: who imports whom, where links lead, how big things are.
package docs

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const (
	module = "github.com/rollcall-bot/rollcall"
	// importHeading is where ARCHITECTURE.md keeps the rule that this test enforces.
	importHeading = "## Who may import whom"
)

// repository is the tree above this folder.
func repository() fs.FS { return os.DirFS("..") }

// importRule is one row of the table: what a package may import. Standard library packages are always allowed, but for
// a package that does no IO.
type importRule struct {
	pkg     string   // a folder, or a folder and all below it: bot/...
	ours    []string // folders, "bot/..." or "*"
	outside []string // module paths, or telling parts of them: uuid, slack-go, x/sync
	noIO    bool
}

// covers says whether the row is about a folder.
func (r importRule) covers(dir string) bool { return coversPath(r.pkg, dir) }

// coversPath says whether a table entry (bot, bot/..., *) names a folder.
func coversPath(entry, dir string) bool {
	if entry == "*" || entry == dir {
		return true
	}
	below, ok := strings.CutSuffix(entry, "/...")
	return ok && (dir == below || strings.HasPrefix(dir, below+"/"))
}

// coversModule says whether an entry names an outside import: as a run of whole path elements, so that uuid stands for
// github.com/google/uuid and x/sync for golang.org/x/sync/errgroup, but pgx not for pgxtools.
func coversModule(entry, imported string) bool {
	return entry == "*" || strings.Contains("/"+imported+"/", "/"+entry+"/")
}

var code = regexp.MustCompile("`([^`]+)`")

// cellWords reads a cell: all that stands in backticks, else the parts between commas; "none" and dashes are nothing.
func cellWords(cell string) []string {
	var words []string
	if spans := code.FindAllStringSubmatch(cell, -1); spans != nil {
		for _, s := range spans {
			words = append(words, strings.TrimSpace(s[1]))
		}
		return words
	}
	for w := range strings.SplitSeq(cell, ",") {
		switch w = strings.TrimSpace(w); strings.ToLower(w) {
		case "", "-", "–", "—", "none", "nothing", "no io":
		case "all", "any", "everything":
			words = append(words, "*")
		default:
			words = append(words, w)
		}
	}
	return words
}

// parseImportTable finds the table below its heading in docs/ARCHITECTURE.md.
func parseImportTable(document string) ([]importRule, error) {
	_, section, ok := strings.Cut(document, importHeading+"\n")
	if !ok {
		return nil, fmt.Errorf("no heading %q", importHeading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var rules []importRule
	rows := 0
	for line := range strings.SplitSeq(section, "\n") {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			continue
		}
		if rows++; rows <= 2 { // the head and its rule
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		if len(cells) != 3 {
			return nil, fmt.Errorf("the row %q has %d cells instead of 3: package, may import (of ours), from outside", line, len(cells))
		}
		for _, pkg := range cellWords(cells[0]) {
			rules = append(rules, importRule{
				pkg: pkg, ours: cellWords(cells[1]), outside: cellWords(cells[2]),
				noIO: strings.Contains(strings.ToLower(line), "no io"),
			})
		}
	}
	if len(rules) == 0 {
		return nil, fmt.Errorf("no table below %q", importHeading)
	}
	return rules, nil
}

// goFiles walks a tree's Go files, with their folder.
func goFiles(tree fs.FS, visit func(name string) error) error {
	return fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() && name != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || path.Ext(name) != ".go" {
			return nil
		}
		return visit(name)
	})
}

// importsOf reads what each package imports, tests left out: they may know what they test with.
func importsOf(tree fs.FS) (map[string][]string, error) {
	all := map[string][]string{}
	err := goFiles(tree, func(name string) error {
		if strings.HasSuffix(name, "_test.go") {
			return nil
		}
		src, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir := path.Dir(name)
		all[dir] = append(all[dir], nil...)
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if !slices.Contains(all[dir], imported) {
				all[dir] = append(all[dir], imported)
			}
		}
		return nil
	})
	return all, err
}

// doesIO says whether a package of the standard library reaches outside the program, or makes it unrepeatable.
func doesIO(std string) bool {
	if std == "net/url" || std == "net/netip" || std == "net/mail" || std == "net/textproto" {
		return false
	}
	for _, io := range []string{"os", "net", "database", "log", "math/rand", "crypto/rand", "io/ioutil", "syscall", "plugin", "testing"} {
		if std == io || strings.HasPrefix(std, io+"/") {
			return true
		}
	}
	return false
}

// importFaults compares a tree with the table.
func importFaults(tree fs.FS, rules []importRule) ([]string, error) {
	all, err := importsOf(tree)
	if err != nil {
		return nil, err
	}
	var faults []string
	used := map[string]bool{}
	for dir, imports := range all {
		rule := importRule{}
		for _, r := range rules {
			if r.covers(dir) && len(r.pkg) > len(rule.pkg) {
				rule = r
			}
		}
		if rule.pkg == "" {
			faults = append(faults, fmt.Sprintf("%s: has no row in the table", dir))
			continue
		}
		used[rule.pkg] = true
		for _, imported := range imports {
			if why := rule.refuses(dir, imported); why != "" {
				faults = append(faults, fmt.Sprintf("%s: imports %s, %s", dir, imported, why))
			}
		}
	}
	for _, r := range rules {
		if !used[r.pkg] {
			faults = append(faults, fmt.Sprintf("%s: has a row but no code", r.pkg))
		}
	}
	sort.Strings(faults)
	return faults, nil
}

// methodsByName are packages on whose account the linker leaves no method out.
var methodsByName = []string{"text/template", "html/template", "github.com/alecthomas/kong", "github.com/urfave/cli"}

// refuses says why a package may not import something; empty when it may.
func (r importRule) refuses(dir, imported string) string {
	if slices.Contains(methodsByName, imported) {
		return "but it calls methods by name, which keeps all methods of everything in the program (docs/adr/0013-no-methods-by-name.md)"
	}
	if ours, ok := strings.CutPrefix(imported, module+"/"); ok {
		if slices.ContainsFunc(r.ours, func(entry string) bool { return coversPath(entry, ours) }) {
			return ""
		}
		return fmt.Sprintf("but the row of %s does not name it", r.pkg)
	}
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		if r.noIO && doesIO(imported) {
			return "but does no IO"
		}
		return ""
	}
	if slices.ContainsFunc(r.outside, func(entry string) bool { return coversModule(entry, imported) }) {
		return ""
	}
	return fmt.Sprintf("which the row of %s does not name from outside", r.pkg)
}

func TestImportsFollowTheTable(t *testing.T) {
	document, err := fs.ReadFile(repository(), "docs/ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	rules, err := parseImportTable(string(document))
	if err != nil {
		t.Fatalf("docs/ARCHITECTURE.md: %v", err)
	}
	for i := range rules {
		// Pure by decree, whatever the table says.
		if slices.Contains([]string{"incident", "incident/near", "bot/grammar", "rfo"}, rules[i].pkg) {
			rules[i].noIO = true
		}
	}
	faults, err := importFaults(repository(), rules)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Error(f)
	}
}

func TestImportTableCatches(t *testing.T) {
	rules, err := parseImportTable("# X\n\n" + importHeading + "\n\nProse.\n\n" +
		"| package | may import (of ours) | from outside |\n|---|---|---|\n" +
		"| `incident` | none | `uuid`; no IO |\n" +
		"| `bot` | `incident` | — |\n" +
		"| `bot/slackio`, `bot/web` | `incident`, `bot` | `slack-go` |\n" +
		"| `cmd/...` | all | x/sync |\n" +
		"| `gone` | none | none |\n\n## Next\n\n| `late` | a | b |\n")
	if err != nil {
		t.Fatal(err)
	}
	file := func(imports ...string) *fstest.MapFile {
		src := "package x\n"
		for _, i := range imports {
			src += "import _ " + strconv.Quote(i) + "\n"
		}
		return &fstest.MapFile{Data: []byte(src)}
	}
	faults, err := importFaults(fstest.MapFS{
		"incident/a.go":      file("fmt", "net/url", "github.com/google/uuid", "os", "log/slog", module+"/bot"),
		"incident/a_test.go": file("os", "pgregory.net/rapid"),
		"bot/b.go":           file("os", "html/template", module+"/incident", "github.com/slack-go/slack"),
		"bot/slackio/c.go":   file(module+"/bot", "github.com/slack-go/slack/slackevents", module+"/bot/web"),
		"bot/web/d.go":       file("net/http"),
		"cmd/rollcall/e.go":  file(module+"/bot/web", "golang.org/x/sync/errgroup", "golang.org/x/syncmap"),
		"stray/f.go":         file(),
		"testdata/g.go":      file("os"),
	}, rules)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"bot/slackio: imports " + module + "/bot/web, but the row of bot/slackio does not name it",
		"bot: imports github.com/slack-go/slack, which the row of bot does not name from outside",
		"bot: imports html/template, but it calls methods by name, which keeps all methods of everything in the program (docs/adr/0013-no-methods-by-name.md)",
		"cmd/rollcall: imports golang.org/x/syncmap, which the row of cmd/... does not name from outside",
		"gone: has a row but no code",
		"incident: imports " + module + "/bot, but the row of incident does not name it",
		"incident: imports log/slog, but does no IO",
		"incident: imports os, but does no IO",
		"stray: has no row in the table",
	}
	if !slices.Equal(faults, want) {
		t.Errorf("faults:\n%s\nwant:\n%s", strings.Join(faults, "\n"), strings.Join(want, "\n"))
	}

	for _, bad := range []string{"", "# no heading", importHeading + "\n\nno table", importHeading + "\n| a | b | c |\n|-|-|-|\n| two | cells |\n"} {
		if rules, err := parseImportTable(bad); err == nil {
			t.Errorf("%q gave %v, want an error", bad, rules)
		}
	}
}
