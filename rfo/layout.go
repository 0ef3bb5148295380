package rfo

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"text/template/parse"

	htmltemplate "github.com/DataDog/datadog-agent/pkg/template/html"
	template "github.com/DataDog/datadog-agent/pkg/template/text"

	"github.com/rollcall-bot/rollcall/templates"
)

// The files of templates/rfo that lay documents out.
const (
	markdownFile = "document.md.tmpl"
	htmlFile     = "document.html.tmpl"
	customerFile = "customer.md.tmpl"
)

// Layout is how documents are laid out: the built-in templates, or an operator's.
type Layout struct {
	markdown *template.Template
	html     *htmltemplate.Template
	customer *template.Template
}

// NewLayout reads the templates document.md.tmpl, document.html.tmpl and
// customer.md.tmpl of a folder. The error names the file and the line.
//
// In the Markdown templates every value that is printed is escaped, whether the
// template asks for it or not; only what our own functions return as Markdown is
// not. In the HTML template html/template does the same.
func NewLayout(folder fs.FS) (*Layout, error) {
	var l Layout
	var err error
	if l.markdown, err = parseMarkdown(folder, markdownFile); err != nil {
		return nil, err
	}
	if l.customer, err = parseMarkdown(folder, customerFile); err != nil {
		return nil, err
	}
	l.html, err = htmltemplate.New(htmlFile).Funcs(htmlFuncs()).Option("missingkey=error").ParseFS(folder, htmlFile)
	if err != nil {
		return nil, fmt.Errorf("layout of the RFO: %w", err)
	}
	return &l, nil
}

func parseMarkdown(folder fs.FS, name string) (*template.Template, error) {
	t, err := template.New(name).Funcs(markdownFuncs()).Option("missingkey=error").ParseFS(folder, name)
	if err != nil {
		return nil, fmt.Errorf("layout of the RFO: %w", err)
	}
	for _, one := range t.Templates() {
		if one.Tree != nil {
			escapeAll(one.Root)
		}
	}
	return t, nil
}

// escapeAll appends the escaper to every pipeline that prints something.
func escapeAll(node parse.Node) {
	switch n := node.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, one := range n.Nodes {
				escapeAll(one)
			}
		}
	case *parse.ActionNode:
		if len(n.Pipe.Decl) == 0 {
			n.Pipe.Cmds = append(n.Pipe.Cmds, &parse.CommandNode{
				NodeType: parse.NodeCommand, Args: []parse.Node{parse.NewIdentifier(escaper)},
			})
		}
	case *parse.IfNode:
		escapeAll(n.List)
		escapeAll(n.ElseList)
	case *parse.RangeNode:
		escapeAll(n.List)
		escapeAll(n.ElseList)
	case *parse.WithNode:
		escapeAll(n.List)
		escapeAll(n.ElseList)
	}
}

// escaper is the function that escapeAll appends.
const escaper = "_escape"

// escapeValue prints one value of a Markdown template.
func escapeValue(v any) markdown {
	if m, ok := v.(markdown); ok {
		return m
	}
	return escapeLine(fmt.Sprint(v))
}

func markdownFuncs() template.FuncMap {
	return template.FuncMap{
		escaper: escapeValue,
		"when":  func(v moment) markdown { return markdown(when(v)) },
		"clock": clock, "text": paragraphs, "link": link, "quoted": quoted, "bar": bar, "join": strings.Join,
		"marker": func() markdown { return notAnswered }, "fence": fence, "code": code, "local": localTimes.word,
		"next": next, "banner": view.banner, "standing": view.standing, "visibility": view.visibility, "impactFacts": view.impactFacts,
		"fixFacts": view.fixFacts, "headlines": view.headlines, "stamps": view.stamps, "moment": view.moment, "momentLocal": view.momentLocal,
		"source": sourceOf, "estimated": estimated, "machine": machine, "length": Phase.Text, "body": Timeline.Body, "rest": Timeline.Rest,
	}
}

func htmlFuncs() htmltemplate.FuncMap {
	return htmltemplate.FuncMap{
		"when": when, "clock": func(t moment, seconds bool) string { return string(clock(t, seconds)) },
		"machine": machine, "blocks": blocks, "bars": bars, "join": strings.Join, "local": localTimes.word, "web": web,
		"banner": view.banner, "standing": view.standing, "impactFacts": view.impactFacts, "fixFacts": view.fixFacts,
		"headlines": view.headlines, "stamps": view.stamps, "moment": view.moment, "momentLocal": view.momentLocal,
		"source": sourceOf, "estimated": estimated, "length": Phase.Text, "body": Timeline.Body, "rest": Timeline.Rest,
		"picture": view.picture, "timelinePicture": view.timelinePicture, "part": newPart,
	}
}

// notAnswered marks a required answer that nobody gave.
const notAnswered markdown = "_Not answered yet_"

// builtIn are the templates of the program itself. A test reads them, so that
// the error cannot happen in a program that was released.
var builtIn = sync.OnceValues(func() (*Layout, error) {
	folder, err := fs.Sub(templates.Files, "rfo")
	if err != nil {
		return nil, err
	}
	return NewLayout(folder)
})

// BuiltIn is the layout that comes with the program.
func BuiltIn() (*Layout, error) { return builtIn() }

// render runs one of the templates. An operator's were tried when they were read;
// one that fails all the same gives way to ours: a plain document is better than
// none. Ours cannot fail but by a mistake in them, which the document then shows
// instead of hiding.
func render(own *Layout, with func(*Layout) ([]byte, error)) []byte {
	if own != nil {
		if out, err := with(own); err == nil {
			return out
		}
	}
	l, err := builtIn()
	if err != nil {
		return []byte(err.Error() + "\n")
	}
	out, err := with(l)
	if err != nil {
		return []byte(err.Error() + "\n")
	}
	return out
}

// Markdown is the document as CommonMark with GitHub's tables, beginning with
// YAML front matter. The same document gives the same bytes.
func Markdown(d Document) []byte {
	return render(d.Layout, func(l *Layout) ([]byte, error) { return l.Markdown(d) })
}

// HTML is the document as one page that needs nothing else: readable on a phone,
// made to be printed, without scripts.
func HTML(d Document) []byte {
	return render(d.Layout, func(l *Layout) ([]byte, error) { return l.HTML(d) })
}

// Markdown lays a document out as Markdown.
func (l *Layout) Markdown(d Document) ([]byte, error) { return tidy(l.markdown, newView(d)) }

// HTML lays a document out as HTML.
func (l *Layout) HTML(d Document) ([]byte, error) {
	var b bytes.Buffer
	if err := l.html.Execute(&b, newView(d)); err != nil {
		return nil, fmt.Errorf("lay out the RFO: %w", err)
	}
	return blankLines().ReplaceAll(b.Bytes(), []byte("\n")), nil
}

var (
	blankLines = lazily(`\n[ \t\n]*\n`)
	trailing   = lazily(`[ \t]+\n`)
	manyLines  = lazily(`\n{3,}`)
)

// tidy runs a Markdown template and takes out the space that conditions leave.
func tidy(t *template.Template, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return nil, fmt.Errorf("lay out the RFO: %w", err)
	}
	out := trailing().ReplaceAll(b.Bytes(), []byte("\n"))
	out = manyLines().ReplaceAll(out, []byte("\n\n"))
	return append(bytes.TrimSpace(out), '\n'), nil
}
