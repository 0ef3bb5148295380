package rfo_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestIsPure lists what this package may know: the domain, its templates, and the
// parts of the standard library that reach nothing outside the program.
func TestIsPure(t *testing.T) {
	allowed := []string{
		"bytes", "cmp", "crypto/sha256", "embed", "encoding/hex", "encoding/json", "errors", "fmt", "io/fs", "maps", "math", "net/netip", "net/url", "path", "regexp", "slices", "strconv",
		"strings", "sync", "text/template/parse", "time", "unicode", "unicode/utf8",
		"github.com/rollcall-bot/rollcall/incident", "github.com/rollcall-bot/rollcall/templates",
		"github.com/DataDog/datadog-agent/pkg/template/html", "github.com/DataDog/datadog-agent/pkg/template/text",
	}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		src, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range src.Imports {
			path, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(allowed, path) {
				t.Errorf("%s imports %s", file, path)
			}
		}
	}
}
