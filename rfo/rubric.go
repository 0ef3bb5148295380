package rfo

import (
	"slices"
	"strings"
)

// Verdict is the answer to one of the twenty questions that a document is judged by.
type Verdict struct {
	Number   int    `json:"number"` // 1 to 20
	Question string `json:"question"`
	Gate     bool   `json:"gate,omitempty"` // a no caps the score
	Yes      bool   `json:"yes"`
	Reason   string `json:"reason"` // what the answer rests on
}

// GateCap is the most that a document scores while a gate is a no.
const GateCap = 10

// Points is the score, 0 to 20: one for each yes, capped by the gates.
func Points(all []Verdict) int {
	points, capped := 0, false
	for _, v := range all {
		if v.Yes {
			points++
		} else if v.Gate {
			capped = true
		}
	}
	if capped {
		return min(points, GateCap)
	}
	return points
}

// judge answers questions about one document.
type judge struct {
	d     Document
	found map[string][]Finding // of the linter, by rule
}

// rubricRow is one row of the rubric: the answer, and what it rests on.
type rubricRow struct {
	ask   string
	gate  bool
	judge func(judge) (yes bool, reason string)
}

// Rubric judges a document by the twenty questions, as the linter c reads it.
// What was let pass by a waiver is still a no: the rubric looks at the document.
func Rubric(c Checker, d Document) []Verdict {
	j := judge{d: d, found: map[string][]Finding{}}
	for _, f := range append(c.Check(d), CheckCustomer(Customer(d, CustomerText{}), d)...) {
		j.found[f.ID] = append(j.found[f.ID], f)
	}
	list := make([]Verdict, 0, len(rubric))
	for n, q := range rubric {
		yes, reason := q.judge(j)
		list = append(list, Verdict{n + 1, q.ask, q.gate, yes, reason})
	}
	return list
}

// rubric are the questions, in its order.
var rubric = []rubricRow{
	{"Does the first screen give what broke, for whom, how long, what ended it and what changes?", false, judge.firstScreen},
	{"Is it explicit who found it first, with a link to that first signal?", true, judge.signal},
	{"If a customer was first, is the missing alert or test named, with an action for it?", false, judge.customerFirst},
	{"Is there an affected-user estimate with number or range and its method?", true, keeps("the estimate has a number and a method", "L03", "L04")},
	{"Does it say what was not affected, and whether data was lost?", false, judge.untouched},
	{"Is the time from first error to call given, or marked as not recorded?", false, metricGiven("time_to_call")},
	{"Is the time from call to tasks given, or marked as not recorded?", false, metricGiven("time_to_tasks")},
	{"Do the phases sum to the total, and is the longest named and explained?", false, judge.phases},
	{"Is every metric defined by two named moments, with no guessed, zero or negative value?", false, judge.metrics},
	{"Does every time carry date and zone?", false, judge.zones},
	{"Do key rows link to evidence, with no unexplained long gap?", false, judge.evidence},
	{"Is the narrative free of should-have phrasing?", false, keeps("no hindsight, no judgement", "L13", "L14")},
	{"Is it free of blame?", true, keeps("nobody is blamed", "L12")},
	{"Are there two contributing factors, with the trigger kept apart?", false, judge.factors},
	{"Are temporary and permanent fix told apart, with verification and residual risk?", false, judge.fixes},
	{"Is the class of problem named, and a machine check or a process change weighed?", false, judge.class},
	{"Are there one to three actions, each verb-first with done-when?", true, judge.actions},
	{"Has each action one person, a date within two sprints, and a tracker link with its state?", true, judge.owned},
	{"Is nothing lost when it is made again, and are revision, author and reason visible?", false, judge.history},
	{"Does it render safely, with a customer version that leaks nothing?", false, keeps("no secrets, no ids, nothing internal for customers", "L21", "L22", "L24")},
}

// broken names the rules of these that the document breaks.
func (j judge) broken(rules ...string) string {
	var names []string
	for _, r := range rules {
		if f := j.found[r]; len(f) > 0 {
			names = append(names, r+": "+f[0].Why)
		}
	}
	return strings.Join(names, "; ")
}

// keeps is yes where none of these rules is broken.
func keeps(reason string, rules ...string) func(judge) (bool, string) {
	return func(j judge) (bool, string) {
		if why := j.broken(rules...); why != "" {
			return false, why
		}
		return true, reason
	}
}

// complete is yes where nothing is lacking.
func complete(reason string, lacks ...string) (bool, string) {
	lacks = slices.DeleteFunc(lacks, func(s string) bool { return s == "" })
	if len(lacks) > 0 {
		return false, strings.Join(lacks, "; ")
	}
	return true, reason
}

func unless(ok bool, lack string) string {
	if ok {
		return ""
	}
	return lack
}

func (j judge) firstScreen() (bool, string) {
	d := j.d
	return complete("impact, summary, fix and actions stand at a glance",
		unless(d.Glance.Summary.Given(), "no summary"), unless(!d.Glance.Facts[0].Missing, "the impact's times are not known"),
		unless(!d.Glance.Facts[1].Missing, "for whom is not said"), unless(d.Fix.State != "", "no fix"), unless(len(d.Actions.List) > 0, "nothing changes"))
}

func (j judge) signal() (bool, string) {
	linked := slices.ContainsFunc(j.d.Timeline.Rows, func(r Row) bool {
		return r.Kind == SignalRow && (r.Message != "" || address().MatchString(r.Text))
	})
	return complete("the source is said and a signal is linked", unless(j.d.Detection.Source != "", "nobody said who found it first"),
		unless(linked, "no signal has a link"))
}

func (j judge) customerFirst() (bool, string) {
	if j.d.Detection.Source != "customer" {
		return j.d.Detection.Source != "", "the source is “" + j.d.Detection.Source + "”"
	}
	return complete("what should have told us is named, and an action adds it", j.broken("L11"),
		unless(detectWords().MatchString(j.d.Detection.Answer.Text), "no alert or test is named"))
}

var (
	notAffected = lazily(`(?i)\b(not affected|unaffected|worked|went on|as ever|still (?:could|ran)|only)\b`)
	dataWords   = lazily(`(?i)\bdata\b|\blost\b|\bloss\b`)
)

func (j judge) untouched() (bool, string) {
	text := j.d.Impact.Answer.Text
	clear := slices.ContainsFunc(j.d.Impact.Services, func(s Service) bool { return s.Found == foundClear })
	return complete("both are said", unless(clear || notAffected().MatchString(text), "what was not affected is not said"),
		unless(dataWords().MatchString(text), "whether data was lost is not said"))
}

func metricGiven(id string) func(judge) (bool, string) {
	return func(j judge) (bool, string) {
		m, ok := j.d.Speed.Metric(id)
		return ok && m.Value.Text != "" && m.Value.State != OutOfOrder, m.Name + ": " + m.Value.Text
	}
}

func (j judge) phases() (bool, string) {
	p, sum := j.d.Speed.Phases, Span(0)
	for _, one := range p.List {
		sum += one.Span
	}
	_, named := p.Largest()
	return complete("they sum, and the longest is explained", unless(len(p.List) > 0, "there are none"), unless(sum == p.Total, "they do not sum to the total"),
		unless(named || len(p.List) == 0, "the longest is not named"), unless(j.d.Speed.Answer.Given(), "the longest is not explained"))
}

func (j judge) metrics() (bool, string) {
	for _, m := range j.d.Speed.Metrics {
		bad := m.Definition == "" || m.Value.Text == "" || m.Value.State == OutOfOrder || m.Value.State == Known && m.Value.Span < 0
		if bad || m.Value.State == NotRecorded && len(m.Value.Missing) == 0 {
			return false, m.Name + ": " + m.Value.Text
		}
	}
	return len(j.d.Speed.Metrics) > 0, "each is defined, and what is missing is named"
}

func (j judge) zones() (bool, string) {
	for _, f := range j.found["L18"] {
		if strings.Contains(f.Why, "zone") {
			return false, f.Where + ": " + f.Quote
		}
	}
	undated := slices.ContainsFunc(j.d.Timeline.Rows, func(r Row) bool { return r.At.IsZero() })
	return !undated, "every row has its date, the zone is in the head of the table"
}

func (j judge) evidence() (bool, string) {
	for _, r := range j.d.Timeline.Body() {
		if r.Entry == "" {
			return false, "a row names no entry: " + r.Text
		}
	}
	if why := j.broken("L16"); why != "" {
		return false, why
	}
	return len(j.d.Timeline.Body()) > 0, "each row names its entry, and no silence is too long"
}

func (j judge) factors() (bool, string) {
	text := j.d.Story.Cause.Text
	factors := len(sentences(text))
	return complete("several conditions are told", unless(j.d.Story.Cause.Given(), "the cause is not told"), unless(factors > 1, "one factor only"), j.broken("L15"))
}

var (
	verified = lazily(`(?i)\b(verif\w*|tested|test|checked|confirmed|watched|measured)\b`)
	residual = lazily(`(?i)\b(remain\w*|risk\w*|can still|could still|not yet|until)\b`)
)

func (j judge) fixes() (bool, string) {
	text := j.d.Fix.Answer.Text
	return complete("both are told, with how it was verified and what remains", unless(!j.d.Fix.Mitigation.At.IsZero(), "what made users well is not told"),
		unless(j.d.Fix.Permanent.Text != "" || lastingWords().MatchString(text), "the permanent fix is not told"),
		unless(verified().MatchString(text), "how it was verified is not told"), unless(residual().MatchString(text), "what remains is not told"), j.broken("L20"))
}

func (j judge) class() (bool, string) {
	text := j.d.Story.Class.Text
	return complete("a check or a process is weighed", unless(text != "", "the class is not named"),
		unless(text == "" || preventWords().MatchString(text) || detectWords().MatchString(text) || processWords().MatchString(text), "no check and no process is weighed"))
}

func (j judge) actions() (bool, string) {
	kept := j.d.Actions.Kept()
	undone := slices.ContainsFunc(kept, func(a Action) bool { return a.DoneWhen == "" })
	return complete("each says when it is done", unless(len(kept) > 0, "there is none"), unless(!undone, "one does not say when it is done"), j.broken("L05", "L08"))
}

func (j judge) owned() (bool, string) {
	kept := j.d.Actions.Kept()
	loose := slices.ContainsFunc(kept, func(a Action) bool { return a.Tracker == "" || a.Status == "" })
	return complete("person, date, tracker and state", unless(len(kept) > 0, "there is none"), unless(!loose, "one has no tracker"), j.broken("L06", "L07"))
}

func (j judge) history() (bool, string) {
	for _, r := range j.d.History {
		if r.By == "" || r.Reason == "" || r.At.IsZero() {
			return false, "a revision has no author, time or reason"
		}
	}
	return len(j.d.History) > 0, plural(len(j.d.History), "revision", "revisions") + ", answers are kept apart from facts"
}
