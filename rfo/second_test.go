package rfo_test

import (
	stdhtml "html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gomarkdown/markdown"
	"github.com/gomarkdown/markdown/ast"
	"github.com/gomarkdown/markdown/html"
	"github.com/gomarkdown/markdown/parser"

	"github.com/rollcall-bot/rollcall/rfo"
)

// second is another Markdown than the one that the other tests use, by other
// people, with everything on that a host may have on.
func second(src []byte) ast.Node {
	return markdown.Parse(src, parser.NewWithExtensions(parser.CommonExtensions|parser.Footnotes|parser.SuperSubscript))
}

// TestAnotherMarkdownReadsTheSame: the document must not rely on one
// implementation's taste.
func TestAnotherMarkdownReadsTheSame(t *testing.T) {
	for name := range scenarios {
		d := kept(t, name).document()
		md := body(t, rfo.Markdown(d))
		first := parse(md)
		var headings, tables int
		var links []string
		ast.WalkFunc(second(md), func(n ast.Node, entering bool) ast.WalkStatus {
			if !entering {
				return ast.GoToNext
			}
			switch n := n.(type) {
			case *ast.Heading:
				headings++
			case *ast.Table:
				tables++
			case *ast.Link:
				links = append(links, string(n.Destination))
			case *ast.HTMLBlock, *ast.HTMLSpan, *ast.Image, *ast.Math, *ast.MathBlock, *ast.BlockQuote, *ast.Del, *ast.Footnotes, *ast.Subscript, *ast.Superscript:
				t.Errorf("%s: a %T came alive", name, n)
				if l := n.AsLeaf(); l != nil {
					t.Logf("%.80q", l.Literal)
				}
			}
			return ast.GoToNext
		})
		if headings != len(first.headings) || tables != first.tables {
			t.Errorf("%s: %d headings and %d tables, the other implementation reads %d and %d", name, headings, tables, len(first.headings), first.tables)
		}
		slices.Sort(links)
		if want := slices.Sorted(slices.Values(first.links)); !slices.Equal(links, want) {
			t.Errorf("%s: links %q and %q", name, links, want)
		}
	}
}

// TestAnotherMarkdownShowsTheSameWords compares what a reader reads. Entities are
// read twice and backslashes are left out: this implementation shows some of them
// as they are written, which is ugly and harmless.
func TestAnotherMarkdownShowsTheSameWords(t *testing.T) {
	tags := regexp.MustCompile(`</?[a-z][^>]*>`)
	words := func(page string) []string {
		return strings.Fields(strings.NewReplacer("“", `"`, "”", `"`, "’", "'", "\u2060", "", `\`, "").Replace(stdhtml.UnescapeString(stdhtml.UnescapeString(tags.ReplaceAllString(page, " ")))))
	}
	for name := range scenarios {
		md := body(t, rfo.Markdown(kept(t, name).document()))
		var page strings.Builder
		if err := gfm.Convert(md, &page); err != nil {
			t.Fatal(err)
		}
		p := parser.NewWithExtensions(parser.CommonExtensions)
		one, other := words(page.String()), words(string(markdown.ToHTML(md, p, html.NewRenderer(html.RendererOptions{}))))
		for n := range min(len(one), len(other)) {
			if one[n] != other[n] {
				t.Errorf("%s: word %d is %q and %q, after %q", name, n, one[n], other[n], one[max(0, n-6):n])
				break
			}
		}
		if len(one) != len(other) {
			t.Errorf("%s: %d words and %d", name, len(one), len(other))
		}
	}
}
