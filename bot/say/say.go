// Package say turns what the domain wants said into words for one reader.
//
// The words are templates (templates/message), one file a verb. Arguments reach
// a template already rendered for the reader and escaped by their type, so that
// no template can let a mention, a link or a heading of a user's come alive.
package say

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// Reader is how one reader, or one kind of place, shows the parts of a text.
type Reader interface {
	Text(string) string              // what a person typed, escaped for the place
	Person(incident.PersonID) string // a mention or a name
	Time(time.Time) string
}

// Text is the text in words. A text that is missing or broken is answered by
// its name: an answer must never fail for its wording.
func (b *Book) Text(s incident.Say, r Reader) string {
	if t := b.text(s.ID); t != nil && t.plain {
		if text, ok := said(t.parts, scope{book: b, reader: r, args: s.Args}); ok {
			return text
		}
	}
	return b.byTemplate(s, r)
}

// sheets are what plain texts are written on, of a length that most of them have.
var sheets = sync.Pool{New: func() any { s := make([]byte, 0, 512); return &s }}

// said is a plain text; ok is false when an argument is none that can be said plainly.
func said(parts []part, about scope) (text string, ok bool) {
	sheet := sheets.Get().(*[]byte)
	defer sheets.Put(sheet)
	out, ok := write((*sheet)[:0], parts, about)
	if ok {
		text = string(bytes.TrimSpace(out))
	}
	return text, ok
}

// byTemplate is Text for texts that are not plain, and the measure for those that are.
func (b *Book) byTemplate(s incident.Say, r Reader) string {
	t := b.text(s.ID)
	if t == nil {
		return "[" + s.ID + "]"
	}
	var out strings.Builder
	if whole := t.whole(); whole == nil || whole.Execute(&out, b.arguments(s.Args, r)) != nil {
		return "[" + s.ID + "]"
	}
	return strings.TrimSpace(out.String())
}

func (b *Book) arguments(args incident.Args, r Reader) map[string]any {
	out := make(map[string]any, len(args))
	for name, value := range args {
		out[name] = b.argument(value, r)
	}
	return out
}

// argument is an argument as a template takes it.
func (b *Book) argument(value any, r Reader) any {
	if text, ok := b.inWords(value, r); ok {
		return text
	}
	if v, ok := value.([]incident.Args); ok {
		list := make([]map[string]any, len(v))
		for n, one := range v {
			list[n] = b.arguments(one, r)
		}
		return list
	}
	return value
}

// inWords is an argument for a reader; ok is false for what is no text: a number, a
// list, whether something is so.
func (b *Book) inWords(value any, r Reader) (text string, ok bool) {
	switch v := value.(type) {
	case string:
		return r.Text(v), true
	case incident.PersonID:
		if v == incident.System {
			return "", true
		}
		return r.Person(v), true
	case time.Time:
		if v.IsZero() {
			return "", true
		}
		return r.Time(v), true
	case time.Duration:
		return Span(v), true
	case incident.Civil:
		return v.String(), true
	case incident.Say:
		if v.ID == "" {
			return "", true // nothing to say here
		}
		return b.Text(v, r), true
	}
	return "", false
}

// Span spells a duration as people say it, such as "1 h 22 min": seconds only
// below two minutes, never days, so that 26 h stays 26 h.
func Span(d time.Duration) string {
	if d < 0 {
		return "-" + Span(-d)
	}
	if d < 2*time.Minute {
		return fmt.Sprintf("%d s", int(d.Round(time.Second)/time.Second))
	}
	minutes := int(d.Round(time.Minute) / time.Minute)
	switch h, m := minutes/60, minutes%60; {
	case h == 0:
		return fmt.Sprintf("%d min", m)
	case m == 0:
		return fmt.Sprintf("%d h", h)
	default:
		return fmt.Sprintf("%d h %02d min", h, m)
	}
}
