package incident

import "fmt"

// Args are the values that a text is rendered with. A string is what a person
// typed and is escaped for where it is shown; a PersonID becomes a name or a
// mention, a time.Time a time in the reader's zone, a Civil date a date.
type Args map[string]any

// Say names a text of templates/message and the values to fill it with. The
// domain never words an answer, so that a company can put all of them into its
// own language.
type Say struct {
	ID   string // such as "task.added"; the stem of the verb's file before the dot
	Args Args
}

// Choice is a button under an answer: pressing it runs Line as if whoever
// presses had typed it in the incident's channel.
type Choice struct {
	Label Say
	Line  string // a command in the grammar, people as PersonMark
	// Confirmed says that whoever presses has been asked and means it: the command is
	// carried out where it would otherwise ask.
	Confirmed bool `json:",omitempty"`
	// Bound keeps the button for one person, once; nil for everybody's. Only answers,
	// whose buttons are stored, can have such.
	Bound *Bound `json:",omitempty"`
	// Sure is what a dialog asks before the button does anything; none without it.
	Sure Say `json:",omitzero"`
}

// Code says what kind of refusal an Error is; an edge maps it to its own terms.
type Code string

// The codes of refusals. Each edge maps them once (ephemeral text, HTTP status, exit code).
const (
	Invalid   Code = "invalid"   // the arguments cannot be: what to type instead is said
	Forbidden Code = "forbidden" // the actor may not do this
	NotFound  Code = "not_found" // no such incident, task, action, entry that the actor may see
	Conflict  Code = "conflict"  // makes no sense in the present state; what does is said
	Ask       Code = "ask"       // needs a choice first; Choices holds the ways on
	Newer     Code = "newer"     // another version of the program is needed: the log holds what this one cannot read, or would hold what one beside it cannot
)

// Error is a refusal: one sentence for the person (Say) and, where there are
// several ways on, the buttons that lead there.
type Error struct {
	Code    Code
	Say     Say
	Choices []Choice
}

// Error names the refusal for logs; it holds nothing that a person typed.
func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.Code, e.Say.ID) }

// refuse builds an Error from pairs of argument names and values.
func refuse(code Code, id string, pairs ...any) *Error {
	return &Error{Code: code, Say: say(id, pairs...)}
}

// with adds the ways on to a refusal.
func (e *Error) with(choices ...Choice) *Error {
	e.Choices = append(e.Choices, choices...)
	return e
}

// say builds a Say from pairs of argument names and values.
func say(id string, pairs ...any) Say {
	args := make(Args, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return Say{ID: id, Args: args}
}

// confirming is a button that carries out what was asked about.
func confirming(label, line string, pairs ...any) Choice {
	c := choice(label, line, pairs...)
	c.Confirmed = true
	return c
}

// choice builds a button; labels are texts "choice.NAME".
func choice(label, line string, pairs ...any) Choice {
	return Choice{Label: say("choice."+label, pairs...), Line: line}
}
