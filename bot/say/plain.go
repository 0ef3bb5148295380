package say

import (
	"strconv"
	"strings"
	"text/template/parse"

	template "github.com/DataDog/datadog-agent/pkg/template/text"
)

// A plain text consists of words, arguments ({{.key}}) and what depends on whether one
// is there ({{with .at}} at {{.}}{{end}}, {{if .x}}…{{else}}…{{end}}). Most are, and
// somebody waits for each while one goroutine words all answers: so these are said
// without the interpreter of templates, which finds out anew each time what everything is. It remains
// the measure: what is not plain is left to it, and a test holds the two together.

// part is a piece of a plain text.
type part struct {
	words string // as they are; or
	arg   string // an argument; "." for the one that the with around it is about
	asks  bool   // then and otherwise depend on arg
	about bool   // within then, "." is arg
	then  []part
	other []part
}

// plain takes a text apart; ok is false when it is not plain.
func plain(list *parse.ListNode) (parts []part, ok bool) {
	if list == nil {
		return nil, true
	}
	for _, node := range list.Nodes {
		p, ok := plainPart(node)
		if !ok {
			return nil, false
		}
		parts = append(parts, p)
	}
	return parts, true
}

func plainPart(node parse.Node) (p part, ok bool) {
	switch n := node.(type) {
	case *parse.TextNode:
		return part{words: string(n.Text)}, true
	case *parse.ActionNode:
		p.arg, ok = argument(n.Pipe)
		return p, ok
	case *parse.IfNode:
		return branch(&n.BranchNode, false)
	case *parse.WithNode:
		return branch(&n.BranchNode, true)
	}
	return p, false
}

func branch(n *parse.BranchNode, about bool) (p part, ok bool) {
	p = part{asks: true, about: about}
	if p.arg, ok = argument(n.Pipe); !ok {
		return p, false
	}
	if p.then, ok = plain(n.List); !ok {
		return p, false
	}
	p.other, ok = plain(n.ElseList)
	return p, ok
}

// argument is the name of the one argument that a pipe consists of.
func argument(pipe *parse.PipeNode) (name string, ok bool) {
	if len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 || len(pipe.Cmds[0].Args) != 1 {
		return "", false
	}
	switch n := pipe.Cmds[0].Args[0].(type) {
	case *parse.DotNode:
		return ".", true
	case *parse.FieldNode:
		if len(n.Ident) == 1 {
			return n.Ident[0], true
		}
	}
	return "", false
}

// plainTexts are those of some texts that are plain.
func plainTexts(texts *template.Template) map[string][]part {
	all := map[string][]part{}
	for _, t := range texts.Templates() {
		if t.Tree == nil {
			continue
		}
		if parts, ok := plain(t.Root); ok {
			all[t.Name()] = parts
		}
	}
	return all
}

// write says parts; ok is false when an argument is none that can be said plainly.
// dot is what "." and the arguments' names are about.
func write(out *strings.Builder, parts []part, dot any) (ok bool) {
	for _, p := range parts {
		if p.arg == "" {
			out.WriteString(p.words)
			continue
		}
		value, known := named(dot, p.arg)
		if !known {
			return false
		}
		if !p.asks {
			if !writeValue(out, value) {
				return false
			}
			continue
		}
		there, known := isThere(value)
		if !known {
			return false
		}
		next, about := p.other, dot
		if there {
			if next = p.then; p.about {
				about = value
			}
		}
		if !write(out, next, about) {
			return false
		}
	}
	return true
}

// named is an argument, nil when there is none of the name.
func named(dot any, name string) (value any, ok bool) {
	if name == "." {
		return dot, true
	}
	args, ok := dot.(map[string]any)
	return args[name], ok
}

func writeValue(out *strings.Builder, value any) bool {
	switch v := value.(type) {
	case string:
		out.WriteString(v)
	case int:
		out.WriteString(strconv.Itoa(v))
	default:
		return false
	}
	return true
}

// isThere is what a template takes for true.
func isThere(value any) (there, known bool) {
	switch v := value.(type) {
	case nil:
		return false, true
	case string:
		return v != "", true
	case int:
		return v != 0, true
	case bool:
		return v, true
	}
	return false, false
}
