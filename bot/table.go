package bot

import (
	"strings"

	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/near"
)

//go:generate go test -run TestTheDocumentOfCommands -update-commands .

// scope says which incident a subcommand is about.
type scope int

const (
	// anywhere: about none, or one of its own making.
	anywhere scope = iota
	// inIncident: the one named by a KEY, else the channel's, else the only open one.
	inIncident
	// inIncidentSurely is inIncident, but outside the incident's channel and
	// without a KEY it asks first: the words may be meant for another incident.
	inIncidentSurely
)

// Row is one subcommand: what it is called, what help says of it, and either
// what it changes or what it shows.
type Row struct {
	Stem    string   // of its file in every folder, and the incident package's Verb
	Words   string   // as typed: "task", or "task done" for a sub-verb
	Aliases []string // other first words that mean the same
	ID      byte     // a sub-verb counts only when an id of this letter follows: 'T', 'A', 'E'; or anyService
	Usage   []string // the forms, for help and docs/commands.md
	Help    string   // what it does, in one line
	Group   string   // heading in help; none for another way of typing what has its row
	Scope   scope

	// Prepare makes, before the transaction and without waiting, what must be the
	// same however often the writer runs the command.
	Prepare func(*Invocation)
	// Change reads the arguments into a command. A *misfit says that the words
	// do not fit the verb's grammar.
	Change func(*Invocation) (incident.Command, error)
	// Show answers without changing anything.
	Show shower
	// Bare is Show when nothing follows the verb, of a row that changes something.
	Bare shower
}

// anyService is the Row.ID of a verb that counts only when the name of a service
// follows, and nothing behind it. Its row stands before the one without.
const anyService = 'S'

// shower looks something up for the actor.
type shower = func(*Invocation) (incident.Say, []incident.Choice, error)

// misfit says that the words after a verb do not fit its grammar, so that they
// may be meant as something else.
type misfit struct{}

func (misfit) Error() string { return "the words do not fit the verb" }

// reading is a line as the table reads it: a key, a row and the arguments.
type reading struct {
	line   grammar.Line // the whole line
	number int          // of the KEY in front; 0 for none
	body   grammar.Line // the line after the KEY
	word   string       // the verb as typed; "" when there is none
	row    *Row         // nil when no verb fits
	rest   grammar.Line // the arguments

	bound *incident.Bound // of the button that was pressed; nil when it is everybody's, or none
}

// table finds rows by their words.
type table struct {
	rows  []*Row
	first map[string][]*Row // by first word, aliases included; sub-verbs before their verb
}

func newTable(rows []*Row) *table {
	t := &table{rows: rows, first: map[string][]*Row{}}
	add := func(word string, r *Row) { t.first[word] = append(t.first[word], r) }
	for _, sub := range []bool{true, false} {
		for _, r := range rows {
			first, _, isSub := strings.Cut(r.Words, " ")
			if isSub != sub {
				continue
			}
			add(first, r)
			for _, a := range r.Aliases {
				add(a, r)
			}
		}
	}
	return t
}

// read reads a line: KEY, verb, arguments. It is deterministic; what it does not
// know it leaves to be asked about.
func (t *table) read(line grammar.Line) reading {
	r := reading{line: line, body: line}
	word, rest := line.Next()
	if number, ok := grammar.Key(word); ok {
		r.number, r.body = number, rest
		word, rest = rest.Next()
	}
	if word.Kind == grammar.Plain {
		r.word = strings.ToLower(strings.TrimRight(word.Text, ",:"))
	}
	if r.body.Empty() {
		r.row = t.bare(r.number)
		return r
	}
	for _, row := range t.first[r.word] {
		if after, ok := row.matches(rest); ok {
			r.row, r.rest = row.given(after), after
			return r
		}
	}
	return r
}

// alone is the row whose words are all that a line holds, nil for none.
func (t *table) alone(line grammar.Line) *Row {
	words := strings.Fields(strings.ToLower(line.Text()))
	if len(words) == 0 {
		return nil
	}
	for _, row := range t.first[strings.TrimRight(words[0], ",:")] {
		if _, sub, _ := strings.Cut(row.Words, " "); sub == strings.Join(words[1:], " ") {
			return row
		}
	}
	return nil
}

// bare is what an empty line means: help, or the status of the incident named.
func (t *table) bare(number int) *Row {
	if number > 0 {
		return t.first["status"][0]
	}
	return t.first["help"][0]
}

// given is the row that holds for these arguments: a verb that only shows
// something when it stands alone is then a row that changes nothing.
func (r *Row) given(rest grammar.Line) *Row {
	if r.Bare == nil || !rest.Empty() {
		return r
	}
	bare := *r
	bare.Change, bare.Prepare, bare.Show = nil, nil, r.Bare
	return &bare
}

// matches says whether a row's sub-verb is next, and what follows it.
func (r *Row) matches(rest grammar.Line) (grammar.Line, bool) {
	_, sub, has := strings.Cut(r.Words, " ")
	if !has && r.ID == anyService {
		name, after := rest.Next()
		_, ok := grammar.ServiceName(name)
		return rest, ok && after.Empty()
	}
	if !has {
		return rest, true
	}
	word, after := rest.Next()
	if !word.Is(sub) {
		return rest, false
	}
	if r.ID == 0 {
		return after, true
	}
	id, _ := after.Next()
	return after, isID(id, r.ID)
}

// isID says whether a word is an id of this letter.
func isID(w grammar.Word, letter byte) bool {
	var ok bool
	switch letter {
	case 'T':
		_, ok = grammar.Task(w)
	case 'A':
		_, ok = grammar.Action(w)
	case 'E':
		_, ok = grammar.Entry(w)
	}
	return ok
}

// near is the verb that a word may have been meant as, or "".
func (t *table) near(word string) string {
	words := make([]string, 0, len(t.first))
	for _, r := range t.rows {
		first, _, _ := strings.Cut(r.Words, " ")
		words = append(words, first)
		words = append(words, r.Aliases...)
	}
	best, _ := near.Word(word, words)
	return best
}
