package grammar

import "errors"

// Code says which rule a Problem is about.
type Code string

// The codes of problems.
const (
	GroupRefused  Code = "group"           // a user group, @here or @channel where a person is meant
	NameRefused   Code = "bare_name"       // @name that Slack did not turn into a mention
	FutureRefused Code = "future"          // a time more than Tolerance ahead
	DateForm      Code = "date_form"       // a date in another form than ISO, such as 3/4
	NoSuchDay     Code = "no_such_day"     // 2026-02-30
	NumberForm    Code = "number_form"     // a number with a unit that cannot be read for sure
	RangeOrder    Code = "range_order"     // 5-2 users
	NotWhole      Code = "number_fraction" // 1.5 users
)

// Problem refuses a form that was recognised. Sentence is for the person and says
// what to type instead; it repeats what was typed and has to be escaped like it.
type Problem struct {
	Code     Code
	Typed    string   // the words it is about
	Try      []string // what to type instead, best first; may be empty
	Sentence string
}

// Error names the problem for logs; it holds nothing that a person typed.
func (p *Problem) Error() string { return "grammar: " + string(p.Code) }

// ProblemOf finds the Problem in an error.
func ProblemOf(err error) (*Problem, bool) {
	var p *Problem
	ok := errors.As(err, &p)
	return p, ok
}
