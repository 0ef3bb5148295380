package incident

import (
	"slices"
	"strings"
)

// causeWords are what tasks say that look for the cause, a word or several in a
// row. They are English; a task in another language is not reminded of.
var causeWords = [][]string{
	{"root", "cause"},
	{"rootcause"},
	{"rca"},
	{"find", "cause"},
	{"find", "the", "cause"},
	{"find", "out", "why"},
	{"figure", "out", "why"},
	{"investigate", "cause"},
	{"investigate", "the", "cause"},
	{"investigate", "why"},
	{"look", "for", "the", "cause"},
	{"look", "into", "why"},
	{"understand", "why"},
	{"why", "did"},
	{"why", "does"},
	{"why", "do"},
	{"why", "is"},
	{"why", "are"},
	{"why", "was"},
	{"why", "were"},
	{"why", "has"},
	{"why", "have"},
	{"what", "caused"},
	{"cause", "of"},
	{"debug"},
}

// seeksCause says whether a task looks for why it broke rather than for how to stop it.
func seeksCause(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(withoutMarks(text)), func(r rune) bool { return r < 'a' || r > 'z' })
	return slices.ContainsFunc(causeWords, func(row []string) bool {
		for n := 0; n+len(row) <= len(words); n++ {
			if slices.Equal(words[n:n+len(row)], row) {
				return true
			}
		}
		return false
	})
}

// rollBackFirst reminds whoever opens a task that looks for the cause that what
// could be rolled back comes first: once in an incident, and gently, since the
// task is added all the same.
func (i *Incident) rollBackFirst(text string) (Event, Say) {
	settled, total := i.Board.RollbackCount()
	if i.Life.Status != Open || i.Board.CauseWaits || total > 0 && settled == total || !seeksCause(text) {
		return nil, Say{}
	}
	return RollbackCameFirst{}, say("task_add.rollback_first", "settled", settled, "total", total)
}

// RollbackCameFirst says that somebody was reminded to roll back before looking
// for the cause.
type RollbackCameFirst struct{}

var _ = register[RollbackCameFirst]()

// Kind is "cause.reminded".
func (RollbackCameFirst) Kind() string { return "cause.reminded" }

// Line is empty: a reminder is no fact of the incident.
func (RollbackCameFirst) Line(Names) string { return "" }

// Keys is empty: nothing that is shown changes.
func (RollbackCameFirst) Keys() []string { return nil }

func (RollbackCameFirst) apply(i *Incident, _ Record) { i.Board.CauseWaits = true }
