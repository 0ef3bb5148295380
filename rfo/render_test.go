package rfo_test

import (
	"bytes"
	stdhtml "html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"

	"github.com/rollcall-bot/rollcall/rfo"
)

// gfm is a Markdown with everything on that a host may have on, raw HTML too.
var gfm = goldmark.New(
	goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList),
	goldmark.WithRendererOptions(html.WithUnsafe()),
)

// body is the document without its front matter.
func body(t *testing.T, md []byte) []byte {
	t.Helper()
	parts := bytes.SplitN(md, []byte("\n---\n"), 2)
	if len(parts) != 2 || !bytes.HasPrefix(md, []byte("---\n")) {
		t.Fatal("no front matter")
	}
	return parts[1]
}

// alive is what came alive in a Markdown text.
type alive struct {
	headings, links, other []string
	tables                 int
}

func parse(src []byte) alive {
	var a alive
	root := gfm.Parser().Parse(text.NewReader(src))
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			a.headings = append(a.headings, strings.Repeat("#", n.Level)+" "+string(n.Lines().Value(src)))
		case *ast.Link:
			a.links = append(a.links, string(n.Destination))
		case *ast.AutoLink:
			a.links = append(a.links, string(n.URL(src)))
		case *extast.Table:
			a.tables++
		case *ast.Image, *ast.RawHTML, *ast.HTMLBlock, *ast.CodeBlock, *ast.Blockquote, *ast.ThematicBreak,
			*extast.Strikethrough, *extast.TaskCheckBox, *extast.FootnoteLink, *extast.DefinitionList:
			a.other = append(a.other, n.Kind().String())
		case *ast.FencedCodeBlock:
			if lang := string(n.Language(src)); lang != "text" {
				a.other = append(a.other, "fence "+lang)
			}
		}
		return ast.WalkContinue, nil
	})
	return a
}

var sections = []string{
	"## At a glance", "## Impact", "## Alerting and monitoring", "## Response speed", "### Metrics", "### Moments", "## Timeline",
	"## What happened: trigger and contributing factors", "## Fix", "## Avoiding the class", "## What went well", "## What was hard",
	"## Where we were lucky", "## Actions", "## Considered, not doing", "## Open questions", "## People and sources", "## Revision history",
}

// TestHostileTextStaysText renders what attackers typed by another program.
func TestHostileTextStaysText(t *testing.T) {
	md := rfo.Markdown(kept(t, "hostile").document())
	a := parse(body(t, md))
	if len(a.headings) == 0 || !strings.HasPrefix(a.headings[0], "# INC-7: title") || !slices.Equal(a.headings[1:], sections) {
		t.Errorf("headings: %q", a.headings)
	}
	for _, link := range a.links {
		if !strings.HasPrefix(link, "https://rollcall.example.org/") {
			t.Errorf("a link to %s came alive", link)
		}
	}
	if len(a.other) > 0 {
		t.Errorf("came alive: %q", a.other)
	}
	if want := bytes.Count(md, []byte("\n|---|")); a.tables != want {
		t.Errorf("%d tables, %d were written", a.tables, want)
	}
}

// TestFrontMatterIsHarmless renders the document by something that knows no front matter.
func TestFrontMatterIsHarmless(t *testing.T) {
	front, _, _ := bytes.Cut(rfo.Markdown(kept(t, "hostile").document())[4:], []byte("\n---\n"))
	a := parse(front)
	if len(a.headings)+len(a.links)+len(a.other)+a.tables > 0 {
		t.Errorf("came alive: %+v", a)
	}
	for line := range bytes.SplitSeq(front, []byte("\n")) {
		if !frontLine.Match(line) {
			t.Errorf("%s is no flat key with a quoted or plain value", line)
		}
	}
}

var frontLine = regexp.MustCompile(`^[a-z_]+: ("([^"\\]|\\["\\]|\\u[0-9a-f]{4})*"|\d+|true|false)$`)

// TestHostileTextIsReadable looks for what was typed in what is read.
func TestHostileTextIsReadable(t *testing.T) {
	d := kept(t, "hostile").document()
	var page bytes.Buffer
	if err := gfm.Convert(body(t, rfo.Markdown(d)), &page); err != nil {
		t.Fatal(err)
	}
	for name, out := range map[string]string{"Markdown": page.String(), "HTML": string(rfo.HTML(d))} {
		read := stdhtml.UnescapeString(regexp.MustCompile(`</?[a-z][^>]*>`).ReplaceAllString(out, ""))
		read = strings.ReplaceAll(read, "\u2060", "")
		for _, want := range []string{
			"<script>alert(1)</script>", "[click](javascript:alert(1))", "@channel", "#123", "# Owned", "| a | b |", "&lt;b&gt;", "<!-- c -->",
			"*a* **b** _c_ __d__ ~e~ ~~f~~ snake_case $x$", "{{.Head.Title}}", "www.evil.example", "a@evil.example", "edited |",
			"[x]: https://evil.example",
		} {
			if !strings.Contains(read, want) {
				t.Errorf("%s: %s cannot be read", name, want)
			}
		}
		for _, gone := range []string{"secret password", "to be edited", "\u202e", "\x1b", "\x00", "\ue000", "<@"} {
			if strings.Contains(read, gone) {
				t.Errorf("%s shows %q", name, gone)
			}
		}
	}
}

// TestNoMentions looks for what git hosts find in finished text.
func TestNoMentions(t *testing.T) {
	md := string(body(t, rfo.Markdown(kept(t, "hostile").document())))
	md = regexp.MustCompile("`[^`\n]*`").ReplaceAllString(md, "")
	for _, re := range []string{`@[A-Za-z0-9]`, `#[0-9]`, `![0-9]`, `:[a-z]+:`, `(?i)https?://(?:evil|x)`, `(?i)<[a-z!/]`} {
		if found := regexp.MustCompile(re).FindString(strings.ReplaceAll(md, "\n## ", "\n")); found != "" {
			t.Errorf("%s: %q", re, found)
		}
	}
}

// TestTablesKeepTheirShape counts the cells of every row, as written.
func TestTablesKeepTheirShape(t *testing.T) {
	pipe := regexp.MustCompile(`(^|[^\\])(\\\\)*\|`)
	for name := range scenarios {
		cells := 0
		for line := range strings.SplitSeq(string(rfo.Markdown(kept(t, name).document())), "\n") {
			if !strings.HasPrefix(line, "|") {
				cells = 0
				continue
			}
			n := len(pipe.FindAllString(strings.ReplaceAll(line, "||", "| |"), -1))
			if cells == 0 {
				cells = n
			}
			if n != cells {
				t.Errorf("%s: %d bars, its table has %d: %s", name, n, cells, line)
			}
			if cells > 7 {
				t.Errorf("%s: a table with %d columns: %s", name, cells-1, line)
			}
		}
	}
}

// TestPageIsSelfContained looks for what a page would load, run or send.
func TestPageIsSelfContained(t *testing.T) {
	for name := range scenarios {
		page := string(rfo.HTML(kept(t, name).document()))
		for _, bad := range []string{"<script", "<img", "<iframe", "<link", "<form", "url(", "@import"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s: the page has %s", name, bad)
			}
		}
		if tag := regexp.MustCompile(`<[a-z][^>]* (src|style|on[a-z]+)=`).FindString(page); tag != "" {
			t.Errorf("%s: the page has %s", name, tag)
		}
		for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			if !strings.HasPrefix(m[1], "https://rollcall.example.org/") && m[1] != pages.ChannelURL && !strings.HasPrefix(m[1], "https://tracker.example.org/") {
				t.Errorf("%s: a link to %s", name, m[1])
			}
		}
		if !strings.Contains(page, "@media print") || !strings.Contains(page, `name="viewport"`) || !strings.Contains(page, "<desc") {
			t.Errorf("%s: no print style, viewport or text of the picture", name)
		}
	}
}

// TestSameEventsSameBytes builds everything twice.
func TestSameEventsSameBytes(t *testing.T) {
	for name := range scenarios {
		s := kept(t, name)
		a, b := s.document(), s.document()
		for view, render := range map[string]func(rfo.Document) []byte{"Markdown": rfo.Markdown, "HTML": rfo.HTML, "JSON": rfo.JSON} {
			if first, second := render(a), render(b); !bytes.Equal(first, second) || len(first) == 0 {
				t.Errorf("%s: two builds differ as %s", name, view)
			}
		}
	}
}
