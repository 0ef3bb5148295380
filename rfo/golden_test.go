package rfo_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rollcall-bot/rollcall/rfo"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden holds whole documents against files that people have read.
func TestGolden(t *testing.T) {
	for name := range scenarios {
		t.Run(name, func(t *testing.T) {
			s := kept(t, name)
			d := s.document()
			golden(t, name+".md", rfo.Markdown(d))
			golden(t, name+".html", rfo.HTML(d))
			if name == "full" || name == "empty" {
				golden(t, name+".json", rfo.JSON(d))
			}
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; go test -update writes it anew. Got:\n%s", name, got)
	}
}
