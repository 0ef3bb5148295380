package incident

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rollcall-bot/rollcall/incident/near"
)

// alike is the share of words from which two tasks are taken for the same one.
const alike = 0.8

// unlikeOthers asks before a second task for what an open one is about already:
// in nearly the same words, or on a service that somebody else has.
func (c AddTask) unlikeOthers(i *Incident, p *Policy) error {
	line := c.line()
	for _, t := range i.Board.OpenTasks() {
		if sameWords(c.Text, t.Text) {
			return refuse(Ask, "task_add.alike", "id", t.ID(), "text", t.Text, "owner", t.Owner).with(c.waysOn(t, line)...)
		}
	}
	for _, name := range servicesIn(c.Text, i.Board, p) {
		for _, t := range i.Board.OpenTasks() {
			if t.Owner != System && t.Owner != c.Owner && slices.Contains(servicesIn(t.Text, i.Board, p), name) {
				return refuse(Ask, "task_add.service", "service", name, "id", t.ID(), "text", t.Text, "owner", t.Owner).
					with(c.waysOn(t, line)...)
			}
		}
		if s, ok := i.Board.Service(name); ok && s.State == RollingNow && s.Owner != System && s.Owner != c.Owner {
			return refuse(Ask, "task_add.rolling", "service", name, "owner", s.Owner, "since", s.At).
				with(confirming("task_anyway", line))
		}
	}
	return nil
}

// waysOn are the ways past a task that is there already.
func (c AddTask) waysOn(t Task, line string) []Choice {
	join := "task_join"
	if t.Owner == System {
		join = "task_take"
	}
	return []Choice{
		choice(join, "task join "+t.ID(), "id", t.ID()),
		choice("task_replace", "task replace "+t.ID()+strings.TrimPrefix(line, "task"), "id", t.ID()),
		confirming("task_anyway", line),
	}
}

// line is the task in the words of the grammar.
func (c AddTask) line() string {
	if c.Owner == System {
		return "task " + c.Text
	}
	return "task " + PersonMark(c.Owner) + " " + c.Text
}

// sameWords says whether two texts say nearly the same, whatever the order: most
// of their words, or most of those that say something.
func sameWords(a, b string) bool {
	wordsA, wordsB := wordsOf(a), wordsOf(b)
	if len(wordsA) == 0 || len(wordsB) == 0 {
		return strings.TrimSpace(a) == strings.TrimSpace(b)
	}
	return mostlyShared(wordsA, wordsB) || mostlyShared(telling(wordsA), telling(wordsB))
}

func mostlyShared(a, b []string) bool {
	shared := 0
	for _, w := range a {
		if slices.ContainsFunc(b, func(o string) bool { return sameWord(w, o) }) {
			shared++
		}
	}
	return shared > 0 && float64(shared) >= alike*float64(max(len(a), len(b)))
}

// typoFrom is the length, in letters, from which a word with one slip in it is
// taken for the same word.
const typoFrom = 6

// sameWord says whether two words are the same, but for an ending or a slip.
// Those with digits are names, such as of hosts, and have to be equal.
func sameWord(a, b string) bool {
	switch {
	case a == b:
		return true
	case strings.ContainsFunc(a+b, unicode.IsNumber):
		return false
	}
	short, long := a, b
	if len(short) > len(long) {
		short, long = long, short
	}
	ending, inflected := strings.CutPrefix(long, short)
	if utf8.RuneCountInString(short) > 2 && inflected && slices.Contains(endings, ending) {
		return true
	}
	return utf8.RuneCountInString(short) >= typoFrom && near.Distance(a, b) <= 1
}

// endings and fillers are English, as are the default tasks; in other languages
// fewer tasks are found to be alike, and nothing else happens.
var (
	endings = []string{"s", "es", "d", "ed", "ing"}
	fillers = []string{"a", "an", "the", "to", "at", "of", "on", "in", "into", "for", "and", "with", "please"}
)

// wordsOf are the different words of a text, in lower case and without signs.
func wordsOf(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(withoutMarks(text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	})
	slices.Sort(words)
	return slices.Compact(words)
}

// telling leaves out the words that say nothing by themselves.
func telling(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(fillers, w) })
}

// servicesIn are the known services that a text names: those on the board and
// those configured.
func servicesIn(text string, b Board, p *Policy) []string {
	var names []string
	for _, token := range strings.Fields(strings.ToLower(text)) {
		token = strings.TrimFunc(token, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
		_, onBoard := b.Service(token)
		if (onBoard || p.service(token) != nil) && !slices.Contains(names, token) {
			names = append(names, token)
		}
	}
	return names
}
