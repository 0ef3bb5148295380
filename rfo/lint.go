package rfo

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// Severity says whether a finding keeps the document from being published.
type Severity string

// The severities of findings.
const (
	Block Severity = "block"
	Warn  Severity = "warn"
	Waive Severity = "waived" // somebody let it pass, on the record
)

// Finding is one thing that a strict colleague would say about the document.
type Finding struct {
	ID         string   `json:"id"` // such as "L12"
	Severity   Severity `json:"severity"`
	Where      string   `json:"where"`           // the part of the document, and the entry or action
	Quote      string   `json:"quote,omitempty"` // the words it is about
	Why        string   `json:"why"`
	Suggestion string   `json:"suggestion"`       // what to write or type instead
	Waived     string   `json:"waived,omitempty"` // who let it pass, and why
}

// Mark says which finding it is, for waivers.
func (f Finding) Mark() incident.Finding {
	return incident.Finding{Rule: f.ID, Where: f.Where, Quote: f.Quote}
}

// Open are the marks of the findings that keep the document from being published.
func Open(findings []Finding) []incident.Finding {
	var open []incident.Finding
	for _, f := range findings {
		if f.Severity == Block && !slices.Contains(open, f.Mark()) {
			open = append(open, f.Mark())
		}
	}
	return open
}

// Checker reads documents. The zero Checker is ready to use.
type Checker struct {
	// Today is the day on which due dates are judged; zero is the day of the
	// document's last event, so that the same document gives the same findings.
	Today time.Time
	// Sprint is the length of a sprint; 0 is two weeks.
	Sprint time.Duration
}

// rule is one row of the linter.
type rule struct {
	id    string
	title string
	check func(*linter)
}

// rules are all checks of the internal document. L22 is of the customer's.
var rules = []rule{
	{"L01", "who found it first is said", (*linter).source},
	{"L02", "every required question is answered, without placeholders", (*linter).answered},
	{"L03", "the number of affected users is estimated", (*linter).estimated},
	{"L04", "the estimate says where it comes from", (*linter).method},
	{"L05", "there are one to three actions, or a reason for none", (*linter).count},
	{"L06", "every action has one person", (*linter).owners},
	{"L07", "every action has a date within two sprints", (*linter).dates},
	{"L08", "no action is a good intention", (*linter).vague},
	{"L09", "every action says when it is done, what it is for and where it is tracked", (*linter).doneWhen},
	{"L10", "an action prevents or detects", (*linter).kinds},
	{"L11", "what customers found first gets an action that detects", (*linter).detects},
	{"L12", "nobody is blamed", (*linter).blame},
	{"L13", "no hindsight", (*linter).hindsight},
	{"L14", "no judgement without a fact", (*linter).judgement},
	{"L15", "more than one contributing factor", (*linter).singleCause},
	{"L16", "no long silence on the timeline", (*linter).silence},
	{"L17", "the moments are recorded and in order", (*linter).order},
	{"L18", "signals have evidence, times have a zone", (*linter).evidence},
	{"L19", "an outage is called so only when all of it was down", (*linter).outage},
	{"L20", "a temporary fix is followed by something", (*linter).temporary},
	{"L21", "no secrets and no personal data", (*linter).secrets},
	{"L23", "the numbers agree", (*linter).numbers},
	{"L24", "no ids and no links that others cannot follow", (*linter).ids},
	{"L25", "a reader from elsewhere understands it", (*linter).reader},
}

// linter is one reading of a document.
type linter struct {
	d        Document
	today    time.Time
	sprint   time.Duration
	passages []passage
	current  string
	found    []Finding
}

// Check reads a document by all rules. Findings come in the order of the rules.
// A document that nobody owes has none.
func (c Checker) Check(d Document) []Finding {
	if d.Head.State == Skipped || d.Head.State == NotOwed {
		return nil
	}
	l := &linter{d: d, today: c.Today, sprint: c.Sprint, passages: passages(d)}
	if l.today.IsZero() {
		l.today = d.Head.AsOf
	}
	if l.sprint <= 0 {
		l.sprint = 14 * 24 * time.Hour
	}
	for _, r := range rules {
		l.current = r.id
		r.check(l)
	}
	slices.SortStableFunc(l.found, func(a, b Finding) int { return cmp.Compare(a.ID, b.ID) })
	return waive(slices.Compact(l.found), d.Waived)
}

// waive marks the findings that were let pass.
func waive(found []Finding, waived []Waived) []Finding {
	for n := range found {
		for _, w := range waived {
			if w.Finding == found[n].Mark() {
				found[n].Severity, found[n].Waived = Waive, w.By+", "+w.On+": "+w.Reason
			}
		}
	}
	return found
}

// Check reads a document as of its last event.
func Check(d Document) []Finding { return Checker{}.Check(d) }

// Blocking says whether a finding keeps the document from being published.
func Blocking(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == Block })
}

// Score is how many of the rules a document keeps, of how many. It is shown with
// the findings and never used to rank people.
func Score(findings []Finding) (kept, of int) {
	broken := map[string]bool{}
	for _, f := range findings {
		broken[f.ID] = true
	}
	for _, r := range rules {
		if !broken[r.id] {
			kept++
		}
	}
	return kept, len(rules)
}

func (l *linter) add(s Severity, where, quote, why, suggestion string) {
	l.found = append(l.found, Finding{ID: l.current, Severity: s, Where: where, Quote: firstSentence(quote), Why: why, Suggestion: suggestion})
}

// passage is a typed text and where it stands.
type passage struct {
	where string
	text  string
	story bool // narrative, where the rules of wording hold; else only secrets and ids are looked for

	plain     string   // the text without quotes, code and links
	sentences []string // of plain; both are made once, for a dozen rules
}

// newPassage prepares a text for the rules.
func newPassage(where, text string, story bool) passage {
	p := passage{where: where, text: text, story: story}
	if story {
		p.plain = prose(text)
		p.sentences = sentences(p.plain)
	}
	return p
}

// where each answer stands.
var sectionOf = map[string]string{
	"summary": "At a glance", "impact": "Impact", "detection": "Alerting and monitoring", "speed": "Response speed",
	"cause": "What happened", "class": "Avoiding the class", "fix": "Fix", "well": "What went well", "hard": "What was hard",
	"luck": "Where we were lucky", "rejected": "Considered, not doing", "open": "Open questions",
}

// answersOf are all answers in the order of the document.
func answersOf(d Document) []Answer {
	return []Answer{
		d.Glance.Summary, d.Impact.Answer, d.Detection.Answer, d.Speed.Answer, d.Story.Cause, d.Fix.Answer, d.Story.Class,
		d.Story.Well, d.Story.Hard, d.Story.Luck, d.Story.Rejected, d.Story.Open,
	}
}

// passages are all texts that people typed.
func passages(d Document) []passage {
	var list []passage
	add := func(where, text string, story bool) {
		if text != "" {
			list = append(list, newPassage(where, text, story))
		}
	}
	add("Title", d.Head.Title, true)
	for _, a := range answersOf(d) {
		add(sectionOf[a.Question], a.Text, true)
	}
	add("Impact, estimate", d.Impact.Estimate.Text, true)
	add("Fix, mitigation", d.Fix.Mitigation.Text, true)
	add("Fix, permanent", d.Fix.Permanent.Text, true)
	for _, a := range d.Actions.List {
		add("Actions, "+a.ID, a.Text, true)
		add("Actions, "+a.ID+", done when", a.DoneWhen, true)
	}
	for _, c := range d.Actions.Changes {
		add("Actions", c, false)
	}
	for _, e := range d.Edited {
		add("Edited by hand, "+e.Part, strings.Join(e.Lines, "\n"), true)
	}
	for _, r := range d.Timeline.Body() {
		add("Timeline, "+r.Entry, r.Text, r.Kind == NoteRow || r.Kind == DecisionRow)
	}
	return list
}
