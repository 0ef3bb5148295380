package docs

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// page is what a Markdown file links to and can be linked at.
type page struct {
	links   []string
	anchors []string
}

// readPage parses Markdown; code blocks hold no links.
func readPage(src []byte) (page, error) {
	var p page
	root := goldmark.DefaultParser().Parse(text.NewReader(src))
	err := ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			p.links = append(p.links, string(n.Destination))
		case *ast.Image:
			p.links = append(p.links, string(n.Destination))
		case *ast.Heading:
			anchor := slug(plainText(n, src))
			for i, base := 1, anchor; slices.Contains(p.anchors, anchor); i++ {
				anchor = fmt.Sprintf("%s-%d", base, i)
			}
			p.anchors = append(p.anchors, anchor)
		}
		return ast.WalkContinue, nil
	})
	return p, err
}

// plainText is what is read of a heading, without its marks.
func plainText(n ast.Node, src []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(src))
			continue
		}
		b.WriteString(plainText(c, src))
	}
	return b.String()
}

// slug is a heading's anchor as GitHub makes it: lower case, blanks to hyphens, other signs dropped.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// linkFaults follows every relative link of every Markdown file of a tree; templates and golden files speak of other trees.
func linkFaults(tree fs.FS) ([]string, error) {
	pages := map[string]page{}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (name == ".git" || name == "templates" || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || path.Ext(name) != ".md" {
			return nil
		}
		src, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		pages[name], err = readPage(src)
		return err
	})
	if err != nil {
		return nil, err
	}
	var faults []string
	for name, p := range pages {
		for _, link := range p.links {
			if why := linkFault(tree, pages, name, link); why != "" {
				faults = append(faults, fmt.Sprintf("%s: the link %q %s", name, link, why))
			}
		}
	}
	slices.Sort(faults)
	return faults, nil
}

// linkFault says what is wrong with one link; empty when nothing is, or when it leads to the web.
func linkFault(tree fs.FS, pages map[string]page, from, link string) string {
	if strings.Contains(link, "://") || strings.HasPrefix(link, "mailto:") {
		return ""
	}
	file, anchor, _ := strings.Cut(link, "#")
	target := from
	if file != "" {
		target = path.Join(path.Dir(from), file)
	}
	if !fs.ValidPath(target) {
		return "leads out of the repository"
	}
	if _, err := fs.Stat(tree, target); err != nil {
		return "leads nowhere"
	}
	if anchor != "" && !slices.Contains(pages[target].anchors, anchor) {
		return "leads to a heading that is not there"
	}
	return ""
}

func TestLinksResolve(t *testing.T) {
	faults, err := linkFaults(repository())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Error(f)
	}
}

func TestLinkCheckCatches(t *testing.T) {
	md := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	faults, err := linkFaults(fstest.MapFS{
		"README.md": md("# Hi `there`, you\n\n## Hi there you\n\n[a](docs/a.md) [b](docs/a.md#one--two) [c](docs/c.md) [d](#hi-there-you-1) " +
			"[e](#nope) [f](../up.md) ![g](p.png) [h](https://example.org/x.md)\n\n```\n[i](gone.md)\n```\n"),
		"docs/a.md":          md("# One & two\n\n[up](../README.md#hi-there-you) [down](adr/)\n"),
		"docs/adr/1.md":      md("[x](../a.md#two)"),
		"templates/rfo/x.md": md("[x](gone.md)"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`README.md: the link "#nope" leads to a heading that is not there`,
		`README.md: the link "../up.md" leads out of the repository`,
		`README.md: the link "docs/c.md" leads nowhere`,
		`README.md: the link "p.png" leads nowhere`,
		`docs/adr/1.md: the link "../a.md#two" leads to a heading that is not there`,
	}
	if !slices.Equal(faults, want) {
		t.Errorf("faults:\n%s\nwant:\n%s", strings.Join(faults, "\n"), strings.Join(want, "\n"))
	}
}
