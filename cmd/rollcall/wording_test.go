package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
)

func TestACompanyHasItsOwnWords(t *testing.T) {
	for _, tt := range []struct {
		name, file, text string
		want             []string // of the error; none when it is taken
	}{
		{"a text", "message/undo.tmpl", `{{define "undo.hint"}}Mit undo {{.minutes}} Minuten lang zurück.{{end}}`, nil},
		{"nothing in it", "notes.txt", "x", nil},
		{"a text that is not closed", "message/undo.tmpl", "{{define \"undo.hint\"}}Mit undo\n{{if .x}}", []string{"ROLLCALL_TEMPLATES", "undo.tmpl:2"}},
		{"a text that nobody says", "message/undo.tmpl", "\n{{define \"undo.hunt\"}}Mit undo{{end}}", []string{"ROLLCALL_TEMPLATES", "undo.tmpl:2", `"undo.hunt"`}},
		{"a layout", "rfo/document.md.tmpl", "# {{.Head.Key}}", nil},
		{"a layout that is not closed", "rfo/document.md.tmpl", "# x\n{{if .x}}", []string{"ROLLCALL_TEMPLATES", "document.md.tmpl:"}},
		{"a layout of what there is not", "rfo/document.html.tmpl", "<p>\n\n{{.Titel}}", []string{"ROLLCALL_TEMPLATES", "document.html.tmpl:3"}},
		{"a layout that nobody uses", "rfo/rfo.md.tmpl", "x", []string{"ROLLCALL_TEMPLATES", "rfo.md.tmpl", "document.md.tmpl"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, tt.file)
			if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			words, err := newWording(dir)
			if (err == nil) != (tt.want == nil) {
				t.Fatalf("the error is %v", err)
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
			if err != nil {
				return
			}
			hint := words.book.Text(incident.Say{ID: "undo.hint", Args: incident.Args{"minutes": 10}}, say.Plain{})
			if own := tt.name == "a text"; own != (hint == "Mit undo 10 Minuten lang zurück.") {
				t.Errorf("the hint is %q", hint)
			}
			if words.book.Text(incident.Say{ID: "update.empty"}, say.Plain{}) == "[update.empty]" {
				t.Error("the other texts are gone")
			}
		})
	}
	if _, err := newWording(filepath.Join(t.TempDir(), "none")); err == nil || !strings.Contains(err.Error(), "no folder") {
		t.Errorf("a folder that is not there: %v", err)
	}
}
