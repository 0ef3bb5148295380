package say

import (
	"strconv"
	"text/template/parse"

	"github.com/rollcall-bot/rollcall/incident"
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

// word is an argument for a reader: words, or what is none, such as a number.
type word struct {
	text   string
	isText bool
	other  any // when isText is false
}

// scope is what "." and the names of arguments are about: arguments as they were
// given, which are put into words for a reader when they are needed, or one word.
type scope struct {
	book   *Book
	reader Reader
	args   incident.Args
	isWord bool
	word   word
}

// named is an argument; nothing when there is none of the name. ok is false for what
// only the template can tell.
func (s scope) named(name string) (w word, ok bool) {
	switch {
	case s.isWord:
		return s.word, name == "."
	case name == ".":
		return word{}, false
	}
	value := s.args[name]
	if text, ok := s.book.inWords(value, s.reader); ok {
		return word{text: text, isText: true}, true
	}
	return word{other: value}, true
}

// write adds parts to what is in to; ok is false when an argument is none that can be
// said plainly.
func write(to []byte, parts []part, about scope) (out []byte, ok bool) {
	for _, p := range parts {
		if p.arg == "" {
			to = append(to, p.words...)
			continue
		}
		w, known := about.named(p.arg)
		if !known {
			return to, false
		}
		if !p.asks {
			if to, ok = w.write(to); !ok {
				return to, false
			}
			continue
		}
		there, known := w.isThere()
		if !known {
			return to, false
		}
		next, within := p.other, about
		if there {
			if next = p.then; p.about {
				within.isWord, within.word = true, w
			}
		}
		if to, ok = write(to, next, within); !ok {
			return to, false
		}
	}
	return to, true
}

func (w word) write(to []byte) (out []byte, ok bool) {
	if w.isText {
		return append(to, w.text...), true
	}
	if n, ok := w.other.(int); ok {
		return strconv.AppendInt(to, int64(n), 10), true
	}
	return to, false
}

// isThere is what a template takes for true.
func (w word) isThere() (there, known bool) {
	if w.isText {
		return w.text != "", true
	}
	switch v := w.other.(type) {
	case nil:
		return false, true
	case int:
		return v != 0, true
	case bool:
		return v, true
	}
	return false, false
}
