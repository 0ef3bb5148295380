package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/rfo"
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
			return w, fmt.Errorf("%s: %q is no folder that can be read; make it, with message/ or rfo/ in it, or unset it", templatesVariable, folder)
		}
		override = os.DirFS(folder)
	}
	if w.book, err = say.Open(templates.Files, override); err != nil {
		return w, fmt.Errorf("%s: %w", templatesVariable, err)
	}
	if _, err := layoutOf(folder); err != nil {
		return w, err
	}
	return w, nil
}

// layouts are those of operators' folders that were read. They are read once, like
// the texts: a file that is half written must not get into a document.
var layouts sync.Map

// layoutOf is how RFOs are laid out by the files of an operator's folder, in rfo/;
// nil for the built-in layout.
func layoutOf(folder string) (*rfo.Layout, error) {
	if folder == "" {
		return nil, nil //nolint:nilnil // no folder, no layout of one's own
	}
	if l, ok := layouts.Load(folder); ok {
		layout, _ := l.(*rfo.Layout)
		return layout, nil
	}
	layout, err := rfo.Override(os.DirFS(filepath.Join(folder, "rfo")))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", templatesVariable, err)
	}
	layouts.Store(folder, layout)
	return layout, nil
}
