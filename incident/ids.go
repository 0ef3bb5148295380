package incident

import (
	"fmt"
	"strconv"
	"strings"
)

// ID is the opaque identity of an incident (a UUID); people see its Key.
type ID string

// PersonID is the internal identity of a person (a UUID). The empty PersonID is
// Rollcall itself: what a clock or a worker did. Names, e-mail addresses and
// Slack ids live in storage and can be cleared without touching an event.
type PersonID string

// System is the PersonID of what Rollcall does by itself.
const System PersonID = ""

// CommandID is the identity of one command (a UUID). All events that it led to
// carry it; undo names it.
type CommandID string

// Key is the name that people use for incident number n, such as "INC-7".
func Key(n int) string { return "INC-" + strconv.Itoa(n) }

// TaskID spells the id of task n, such as "T2". Like all short ids it is stable: an
// id is never given twice, not even after an undo.
func TaskID(n int) string { return "T" + strconv.Itoa(n) }

// ActionID spells the id of action n, such as "A1".
func ActionID(n int) string { return "A" + strconv.Itoa(n) }

// EntryID spells the id of the timeline entry with sequence number seq, such as "E5".
func EntryID(seq int64) string { return "E" + strconv.FormatInt(seq, 10) }

// PersonMark is how a person stands inside free text in events. Slack's ids are
// replaced by it when text is parsed, and by a name when text is shown.
func PersonMark(p PersonID) string { return "<@" + string(p) + ">" }

// Names turns people into what a reader calls them.
type Names interface {
	// Name is the person's display name, never an id. Rollcall for System.
	Name(PersonID) string
}

// PlainText replaces each PersonMark in text by "@" and the person's name. What it
// answers holds no mark, whatever people call themselves and however often a text
// goes through it.
func PlainText(text string, names Names) string {
	if !strings.Contains(text, "<@") {
		return text
	}
	var b strings.Builder
	for {
		start := strings.Index(text, "<@")
		if start < 0 {
			break
		}
		end := strings.IndexByte(text[start:], '>')
		if end < 0 {
			break
		}
		b.WriteString(text[:start])
		if strings.HasSuffix(text[:start], "<") {
			b.WriteByte(' ')
		}
		name := names.Name(PersonID(text[start+2 : start+end]))
		b.WriteString("@" + strings.ReplaceAll(name, "<@", "< @"))
		text = text[start+end+1:]
	}
	b.WriteString(text)
	return b.String()
}

// quote shows a user's text inside a timeline line.
func quote(text string) string { return fmt.Sprintf("“%s”", text) }
