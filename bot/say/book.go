package say

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"strings"
	"sync"
	"text/template/parse"

	template "github.com/DataDog/datadog-agent/pkg/template/text"
)

// Book is every text there is. It is safe for concurrent use.
//
// A text is read when it is first said: most are never said between one start and the
// next, and reading them all took a third of a start.
type Book struct {
	sources map[string]source
	ready   sync.Map // by name, *text: those that were said
}

// source is a text as it was written: within {{define}} and {{end}}, or, of an
// operator's, as it was read.
type source struct {
	written string
	tree    *parse.Tree
}

// text is a text that is ready to be said.
type text struct {
	parts []part
	plain bool // it is said by its parts; what they cannot say, by whole
	whole func() *template.Template
}

// Open takes in the texts of files (message/*.tmpl). Files of override, when there
// is one, replace texts of the same name, so that a company can say everything
// in its own language: they are read at once, and the error names file and line.
func Open(files, override fs.FS) (*Book, error) {
	names, err := fs.Glob(files, "message/*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("read the texts: %w", err)
	}
	b := &Book{sources: map[string]source{}}
	for _, name := range names {
		file, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read the texts: %w", err)
		}
		for id, written := range texts(string(file)) {
			b.sources[id] = source{written: written}
		}
	}
	if override == nil {
		return b, nil
	}
	own, err := fs.Glob(override, "message/*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("read the overriding texts: %w", err)
	}
	for _, name := range own {
		if err := b.replace(override, name); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// texts are the texts of a file of ours by name, as they are written. A test holds
// this to what the template's own parser finds.
func texts(file string) iter.Seq2[string, string] {
	return func(yield func(id, written string) bool) {
		const begin = "{{define \""
		for at := strings.Index(file, begin); at >= 0; {
			file = file[at:]
			id, _, _ := strings.Cut(file[len(begin):], "\"")
			written := file
			if at = strings.Index(file[len(begin):], begin); at >= 0 {
				at += len(begin)
				written = file[:at]
			}
			if !yield(id, written) {
				return
			}
		}
	}
}

// replace takes the texts of an overriding file in. A text of a name that there is
// not would never be said: it is a slip.
func (b *Book) replace(override fs.FS, name string) error {
	own, err := template.New(path.Base(name)).ParseFS(override, name)
	if err != nil {
		return fmt.Errorf("read the overriding texts: %w", err)
	}
	for _, one := range own.Templates() {
		if one.Name() == path.Base(name) || one.Tree == nil {
			continue
		}
		if !b.Has(one.Name()) {
			where, _ := one.ErrorContext(one.Root)
			return fmt.Errorf("read the overriding texts: %s: there is no text %q to replace", where, one.Name())
		}
		b.sources[one.Name()] = source{tree: one.Tree}
	}
	return nil
}

// Has says whether there is a text of this name.
func (b *Book) Has(id string) bool {
	_, ok := b.sources[id]
	return ok
}

// text is a text ready to be said; nil when there is none of the name.
func (b *Book) text(id string) *text {
	if known, ok := b.ready.Load(id); ok {
		one, _ := known.(*text)
		return one
	}
	if !b.Has(id) {
		return nil
	}
	t := b.template(id)
	one := &text{whole: func() *template.Template { return t }}
	if t != nil {
		if one.parts, one.plain = plain(t.Root); one.plain {
			one.whole = sync.OnceValue(func() *template.Template { return b.template(id) }) // hardly ever needed
		}
	}
	known, _ := b.ready.LoadOrStore(id, one)
	one, _ = known.(*text)
	return one
}

// template reads a text and what it includes; nil when it cannot be read.
func (b *Book) template(id string) *template.Template {
	set := template.New("message").Option("missingkey=zero")
	if b.include(set, id) != nil {
		return nil
	}
	return set.Lookup(id)
}

func (b *Book) include(set *template.Template, id string) error {
	if set.Lookup(id) != nil {
		return nil
	}
	from := b.sources[id]
	var err error
	if from.tree != nil {
		_, err = set.AddParseTree(id, from.tree.Copy())
	} else {
		_, err = set.Parse(from.written)
	}
	if err != nil || set.Lookup(id) == nil {
		return errors.Join(err, fmt.Errorf("there is no text %q", id))
	}
	for _, name := range included(set.Lookup(id).Root, nil) {
		if err := b.include(set, name); err != nil {
			return err
		}
	}
	return nil
}

// included are the names of the texts that a text includes.
func included(node parse.Node, names []string) []string {
	switch n := node.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, one := range n.Nodes {
				names = included(one, names)
			}
		}
	case *parse.TemplateNode:
		names = append(names, n.Name)
	case *parse.IfNode:
		names = included(n.ElseList, included(n.List, names))
	case *parse.WithNode:
		names = included(n.ElseList, included(n.List, names))
	case *parse.RangeNode:
		names = included(n.ElseList, included(n.List, names))
	}
	return names
}
