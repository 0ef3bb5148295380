package incident

import (
	"slices"
	"strings"
	"unicode"
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

// sameWords says whether two texts say nearly the same, whatever the order.
func sameWords(a, b string) bool {
	wordsA, wordsB := wordsOf(a), wordsOf(b)
	if len(wordsA) == 0 || len(wordsB) == 0 {
		return strings.TrimSpace(a) == strings.TrimSpace(b)
	}
	shared := 0
	for _, w := range wordsA {
		if slices.Contains(wordsB, w) {
			shared++
		}
	}
	return float64(shared) >= alike*float64(max(len(wordsA), len(wordsB)))
}

// wordsOf are the different words of a text, in lower case and without signs.
func wordsOf(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(withoutMarks(text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	})
	slices.Sort(words)
	return slices.Compact(words)
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
