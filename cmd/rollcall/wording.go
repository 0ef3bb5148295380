package main

import (
	"fmt"
	"io/fs"
	"os"

	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/templates"
)

// wording is how the program speaks.
type wording struct{ book *say.Book }

// newWording reads the texts, and those of the operator's folder in their place.
// What is broken there is named with file and line.
func newWording(folder string) (w wording, err error) {
	var override fs.FS
	if folder != "" {
		info, err := os.Stat(folder)
		if err != nil || !info.IsDir() {
			return w, fmt.Errorf("%s: %q is no folder that can be read; make it, with message/ in it, or unset it", templatesVariable, folder)
		}
		override = os.DirFS(folder)
	}
	if w.book, err = say.Open(templates.Files, override); err != nil {
		return w, fmt.Errorf("%s: %w", templatesVariable, err)
	}
	return w, nil
}
