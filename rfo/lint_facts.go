package rfo

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

func (l *linter) source() {
	if l.d.Detection.Source == "" {
		l.add(Block, "Alerting and monitoring", "", "Nobody said who found it first.",
			"Type `detected alert|synthetic|employee|customer|partner at TIME`.")
	}
}

func (l *linter) answered() {
	for _, a := range answersOf(l.d) {
		where := sectionOf[a.Question]
		switch {
		case a.Required && !a.Given():
			l.add(Block, where, "", "A required question is not answered.", "Answer: "+a.Ask)
		case a.Required && emptyAnswer().MatchString(a.Text):
			l.add(Block, where, a.Text, "This answers nothing.", "Answer: "+a.Ask)
		}
	}
	for _, p := range l.passages {
		if p.story {
			if found := placeholder().FindString(p.plain); found != "" {
				l.add(Block, p.where, found, "A placeholder was left.", "Replace it by the fact, or say that it is not known.")
			}
		}
	}
}

// saidNone says whether somebody stated, with a reason, that nobody was affected.
func saidNone(text string) bool {
	at := none().FindStringIndex(text)
	return at != nil && becauseWords().MatchString(text[at[1]:]) && len(strings.Fields(text[at[1]:])) > 1
}

func (l *linter) estimated() {
	im := l.d.Impact
	if im.Estimate.Amount != "" || l.d.Head.Incident.Drill || saidNone(im.Estimate.Text) || saidNone(im.Answer.Text) {
		return
	}
	l.add(Block, "Impact", "", "There is no number of affected users.",
		"Type `impact about 200-500 users HOW YOU KNOW`, or `impact none, because …`. A wide range is better than none.")
}

func (l *linter) method() {
	im := l.d.Impact
	if im.Estimate.Amount != "" && im.Estimate.Text == "" && !methodWords().MatchString(im.Answer.Text) {
		l.add(Warn, "Impact", im.Estimate.Amount, "The estimate does not say where it comes from.",
			"Say how it was counted: `impact "+im.Estimate.Amount+" counted from failed payments`.")
	}
}

// silence looks for the longest time in which nothing was written down.
func (l *linter) silence() {
	var from, to Stamp
	for _, s := range l.d.Speed.Stamps {
		switch s.Name {
		case declared:
			from = s
		case mitigated:
			to = s
		default:
		}
	}
	if !from.Known() || !to.Known() || !to.At.After(from.At) {
		return
	}
	limit := max(15*time.Minute, to.At.Sub(from.At)/5)
	last := from.At
	for _, r := range append(l.d.Timeline.Rows, Row{At: to.At}) {
		if r.Kind == ReviewRow || r.At.Before(last) || r.At.After(to.At) {
			continue
		}
		if gap := r.At.Sub(last); gap > limit {
			l.add(Warn, "Timeline", "", "Nothing stands on the timeline for "+Span(gap).String()+" after "+when(last)+".",
				"Add what was tried: `note at TIME TEXT`.")
		}
		last = r.At
	}
}

// givenBy is the command that records a moment.
var givenBy = map[incident.StampName]string{
	incident.ImpactStart: "started TIME", incident.FirstSignal: "first-error TIME", incident.Detected: "detected SOURCE at TIME",
	incident.CallOpened: "call", incident.LeaderAccepted: "lead me", incident.TasksConfirmed: "tasks confirm", mitigated: "mitigated at TIME",
}

func (l *linter) order() {
	for _, m := range l.d.Speed.Metrics {
		if m.Value.State == OutOfOrder && m.ID != "impact_duration" {
			l.add(Block, "Response speed, "+m.Name, "", strings.TrimPrefix(m.Value.Text, "no figure: ")+".",
				"One of the two is wrong, or two clocks differ: correct it with the command that gave it.")
		}
	}
	var end Stamp
	for _, s := range l.d.Speed.Stamps {
		if s.Known() && strings.HasPrefix(string(s.Name), string(mitigated)) {
			end = s
		}
		if s.Known() && strings.HasPrefix(string(s.Name), string(resolved)) && end.Known() && s.At.Before(end.At) {
			a, b := pair(end.At, s.At)
			l.add(Block, "Response speed", "", "“"+s.Title+"” ("+b+") is before “"+end.Title+"” ("+a+").", "Correct the time: `mitigated at TIME`.")
		}
		if how := givenBy[s.Name]; how != "" && !s.Known() {
			l.add(Warn, "Response speed, Moments", "", "“"+s.Title+"” is not recorded, so figures are missing.", "Type `"+how+"`.")
		}
	}
}

func (l *linter) evidence() {
	for _, r := range l.d.Timeline.Body() {
		signal := strings.HasPrefix(r.Text, "first error") || strings.HasPrefix(r.Text, "found first by")
		if signal && r.Kind == SignalRow && r.Message == "" && !address().MatchString(r.Text) {
			l.add(Warn, "Timeline, "+r.Entry, r.Text, "The first signal has no link to it.",
				"Put the address of the alert, the log line or the ticket into the text.")
		}
	}
	days := l.d.Speed.overDays()
	for _, p := range l.passages {
		if !p.story || days && strings.HasPrefix(p.where, "Timeline") { // a row has its date beside it
			continue
		}
		for _, m := range clockTime().FindAllStringSubmatch(p.plain, -1) {
			switch {
			case m[2] == "":
				l.add(Warn, p.where, strings.TrimSpace(m[0]), "A time without a zone is read differently in each office.", "Write it as 14:05 UTC.")
			case days && !dated().MatchString(p.plain):
				l.add(Warn, p.where, strings.TrimSpace(m[0]), "It went on for more than a day, and a time without a date may be of either.", "Write it as "+when(l.d.Speed.firstKnown())+".")
			}
		}
	}
}

// dated finds a day as people write it.
var dated = lazily(`(?i)\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:same|next) (?:day|morning|evening|night)\b`)

// firstKnown is the first moment of which anything is known.
func (s Speed) firstKnown() time.Time {
	var first time.Time
	for _, one := range s.Stamps {
		if one.Known() && (first.IsZero() || one.At.Before(first)) {
			first = one.At
		}
	}
	return first
}

// overDays says whether users were affected on more than one day of UTC.
func (s Speed) overDays() bool {
	first := s.firstKnown()
	for _, one := range s.Stamps {
		if one.Known() && strings.HasPrefix(string(one.Name), string(mitigated)) && one.At.Format(dayLayout) != first.Format(dayLayout) {
			return true
		}
	}
	return false
}

func (l *linter) temporary() {
	text := l.d.Fix.Answer.Text + "\n" + l.d.Fix.Mitigation.Text + "\n" + l.d.Fix.Permanent.Text
	found := temporaryWords().FindString(prose(text))
	if found == "" || lastingWords().MatchString(text) || len(l.d.Actions.Kept()) > 0 {
		return
	}
	l.add(Warn, "Fix", found, "The fix is temporary and nothing follows it.",
		"Add an action for the permanent fix, or write whose decision it is to accept the risk.")
}

var (
	countedUsers = lazily(`(?i)(\d[\d,]*(?:\.\d+)?)\s?(k|m)?\s*(%|percent|users?|customers?|accounts?|orders?|requests?|people|shops?)`)
	lasted       = lazily(`(?i)\b(?:for|lasted|took|within)\s+(?:about |around |nearly |almost |roughly |some )?(?:(\d+)\s*(?:hours?|h)\b(?:\s*(?:and )?(\d+)\s*(?:minutes?|min|m)\b)?|(\d+)\s*(?:minutes?|min)\b)`)
)

// numbers compares what people wrote with what was recorded.
func (l *linter) numbers() {
	e := l.d.Impact.Estimate
	for _, a := range []Answer{l.d.Glance.Summary, l.d.Impact.Answer} {
		for _, m := range countedUsers().FindAllStringSubmatch(a.Text, -1) {
			v, err := strconv.ParseFloat(strings.ReplaceAll(m[1], ",", ""), 64)
			if err != nil || e.Amount == "" || !sameUnit(m[3], e.Unit) {
				continue
			}
			v *= map[string]float64{"k": 1e3, "m": 1e6}[strings.ToLower(m[2])] + oneIfEmpty(m[2])
			if v < e.Low*0.95 || v > math.Max(e.High, e.Low)*1.05 {
				l.add(Warn, sectionOf[a.Question], m[0], "The estimate says "+e.Amount+".", "Make the two agree, or say why they differ.")
			}
		}
	}
	for _, a := range []Answer{l.d.Glance.Summary, l.d.Impact.Answer} {
		for _, m := range lasted().FindAllStringSubmatch(prose(a.Text), -1) {
			if said := hoursAndMinutes(m[1], m[2], m[3]); !l.measured(said) {
				l.add(Warn, sectionOf[a.Question], m[0], "No figure of this document is that long; the impact lasted "+l.d.Impact.Duration.Text+".",
					"Write the recorded duration, or correct `started` and `mitigated`.")
			}
		}
	}
}

func hoursAndMinutes(hours, more, minutes string) time.Duration {
	var total time.Duration
	for _, part := range []struct {
		digits string
		unit   time.Duration
	}{{hours, time.Hour}, {more, time.Minute}, {minutes, time.Minute}} {
		if n, err := strconv.Atoi(part.digits); err == nil {
			total += time.Duration(n) * part.unit
		}
	}
	return total
}

// measured says whether a length of time that somebody wrote is one of the figures,
// as exactly as people write: the impact, a metric, a phase. Where the impact is not
// known exactly, nothing can be said against what people wrote.
func (l *linter) measured(said time.Duration) bool {
	d := l.d.Impact.Duration
	if d.State != Known || d.Bound != "" {
		return true
	}
	near := func(s Span) bool {
		is := time.Duration(s)
		return (said - is).Abs() <= max(2*time.Minute, is/5)
	}
	return near(d.Span) || slices.ContainsFunc(l.d.Speed.Metrics, func(m Metric) bool { return m.Value.State == Known && near(m.Value.Span) }) ||
		slices.ContainsFunc(l.d.Speed.Phases.List, func(p Phase) bool { return near(p.Span) })
}

func oneIfEmpty(s string) float64 {
	if s == "" {
		return 1
	}
	return 0
}

func sameUnit(a, b string) bool {
	norm := func(s string) string {
		s = strings.TrimSuffix(strings.ToLower(s), "s")
		if s == "percent" {
			return "%"
		}
		return s
	}
	return norm(a) == norm(b)
}
