package playground

import (
	"cmp"
	"fmt"
	"html"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// The page of the story, in columns.
const (
	pageWidth = 92
	whoWidth  = 10
	maxLines  = 7 // that somebody reads at once; a story is not a log
	maxTyped  = 2 // that somebody types
)

// teller writes the story down.
type teller struct {
	out   io.Writer
	color bool
	last  string // the minute that was written last
	// undone says that the line about undo has been told.
	undone bool
	err    error
}

func newTeller(out io.Writer, color bool) *teller { return &teller{out: out, color: color} }

func (t *teller) print(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.out, format, args...)
	}
}

// paint colours a text on a terminal.
func (t *teller) paint(code, text string) string {
	if !t.color || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

const (
	bold = "1"
	dim  = "2"
	cyan = "36"
)

// heading begins a part of the story.
func (t *teller) heading(text string) { t.print("\n%s\n", t.paint(bold, text)) }

// line is somebody's act: the minute, who, and what they did.
func (t *teller) line(minute, who, text string) {
	shown := minute
	if minute == t.last {
		shown = ""
	}
	t.last = minute
	for n, l := range short(wrap(text, pageWidth-7-whoWidth-1), maxTyped) {
		if n > 0 {
			shown, who = "", ""
		}
		t.print("%s  %s %s\n", t.paint(dim, pad(shown, 5)), t.paint(bold, pad(who, whoWidth)), l)
	}
}

// reads is what somebody reads, or what can be read somewhere.
func (t *teller) reads(where, text string) {
	indent := strings.Repeat(" ", 7+whoWidth)
	if where != "" {
		t.print("%s %s\n", indent, t.paint(dim, where))
	}
	var all []string
	for l := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(l, "undo takes it back") {
			if t.undone {
				continue // every answer says so; a reader has to see it once
			}
			t.undone = true
		}
		if strings.TrimSpace(l) != "" {
			all = append(all, wrap(strings.TrimRight(l, " "), pageWidth-len(indent)-3)...)
		}
	}
	for _, l := range short(all, maxLines) {
		t.print("%s %s %s\n", indent, t.paint(cyan, "┃"), l)
	}
}

// short leaves out what is more than some lines.
func short(lines []string, most int) []string {
	if len(lines) <= most {
		return lines
	}
	lines = lines[:most]
	lines[most-1] = strings.TrimRight(lines[most-1], ".,; ") + " …"
	return lines
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

// wrap breaks a text into lines at spaces. A word that is longer than a line stays whole.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

var (
	markPattern  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`<([^<>]+)>`) })
	emojiPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`:[a-z_]{3,40}:\s?`) })
	boldPattern  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(^|[\s(])[*_]([^\s*_](?:[^*_\n]*[^\s*_])?)[*_]`) })
)

// clockTime is a moment as Slack shows it to somebody on the same day; fallback when it is none.
func clockTime(mark, fallback string) string {
	seconds, _, _ := strings.Cut(strings.TrimPrefix(mark, "!date^"), "^")
	unix, err := strconv.ParseInt(seconds, 10, 64)
	if t := time.Unix(unix, 0).UTC(); err == nil && t.Truncate(24*time.Hour).Equal(curtain.Truncate(24*time.Hour)) {
		return t.Format("15:04")
	}
	return fallback
}

// channelName is what a channel is called.
func (s *stage) channelName(id string) string {
	ch, _ := s.slack.Channel(id)
	return cmp.Or(ch.Name, id)
}

// readable is Slack's markup as a person reads it.
func (s *stage) readable(text string) string {
	text = markPattern().ReplaceAllStringFunc(text, func(mark string) string {
		inner := mark[1 : len(mark)-1]
		what, label, labelled := strings.Cut(inner, "|")
		switch {
		case strings.HasPrefix(what, "@"):
			if name := s.names[strings.TrimPrefix(what, "@")]; name != "" {
				return "@" + name
			}
			return "@" + label
		case strings.HasPrefix(what, "#"):
			return "#" + s.channelName(strings.TrimPrefix(what, "#"))
		case strings.HasPrefix(what, "!date^"):
			return clockTime(what, label)
		case labelled:
			return label
		default:
			return what
		}
	})
	text = emojiPattern().ReplaceAllString(text, "")
	text = boldPattern().ReplaceAllString(text, "$1$2")
	return strings.ReplaceAll(html.UnescapeString(text), "`", "")
}
