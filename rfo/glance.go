package rfo

import (
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
)

// glance is the table of the first screen.
func glance(d Document) []Fact {
	return []Fact{
		impactFact(d.Impact), usersFact(d.Impact),
		{Label: "Found first by", Text: d.Detection.Facts[0].Text, Missing: d.Detection.Source == ""},
		metricFact("First error to call", d.Speed, "time_to_call"),
		metricFact("Call to tasks", d.Speed, "time_to_tasks"),
		delayFact(d.Speed.Phases), causeFact(d.Story.Cause),
		{Label: "Fix", Text: fixText(d.Fix)},
		actionsFact(d.Actions),
	}
}

func impactFact(im Impact) Fact {
	first, last := im.Intervals[0].Start, im.Intervals[len(im.Intervals)-1].End
	f := Fact{Label: "Impact", Text: momentText(first) + " to " + momentText(last)}
	switch {
	case im.Duration.State == OutOfOrder:
		f.Text, f.Missing = im.Duration.Text, true
		return f
	case first.Quality == missing && last.Quality == missing:
		f.Text, f.Missing = "not recorded: neither when it began nor when users were well again", true
		return f
	case first.Quality == missing:
		f.Text = "began: not recorded; users well again at " + momentText(last)
	case last.Quality == missing:
		f.Text = "began " + momentText(first) + "; users well again: not recorded"
	}
	f.Missing = im.Duration.State != Known
	if im.Duration.State == Known {
		f.Text += ", " + im.Duration.Text
	}
	if n := len(im.Intervals); n > 1 {
		f.Text += " in " + plural(n, "interval", "intervals")
	}
	return f
}

func usersFact(im Impact) Fact {
	f := Fact{Label: "Users affected", Text: im.Estimate.Amount}
	switch {
	case f.Text == "" && im.Estimate.Text == "":
		f.Text, f.Missing = "not given", true
	case f.Text == "":
		f.Text = "no number given: " + im.Estimate.Text
		f.Missing = !none().MatchString(im.Estimate.Text)
		if !f.Missing {
			f.Text = im.Estimate.Text
		}
	}
	f.Text = oneLine(f.Text)
	return f
}

func metricFact(label string, s Speed, id string) Fact {
	for _, m := range s.Metrics {
		if m.ID == id {
			if strings.HasSuffix(m.Name, "from declared") {
				label += " (no call: from declared)"
			}
			return Fact{Label: label, Text: m.Value.Text, Missing: m.Value.State != Known}
		}
	}
	return Fact{Label: label, Text: "not recorded", Missing: true}
}

// delayFact names the longest phase. When that is the clean-up, in which users
// were well already, the longest one before is what hurt and is named too.
func delayFact(p Phases) Fact {
	longest, ok := p.Largest()
	if !ok {
		return Fact{Label: "Largest delay", Text: "not recorded: fewer than two moments are known", Missing: true}
	}
	f := Fact{Label: "Largest delay", Text: longest.Name + ": " + longest.Text()}
	if strings.HasPrefix(string(longest.From.Name), string(mitigated)) {
		var worst Phase
		for _, one := range p.List {
			if strings.HasPrefix(string(one.From.Name), string(mitigated)) || one.Quiet {
				continue
			}
			if one.Span > worst.Span {
				worst = one
			}
		}
		if worst.Span > 0 {
			f.Text += " (clean-up, users were well); before that " + worst.Name + ": " + worst.Text()
		}
	}
	return f
}

// causeFact is the first sentence of the cause.
func causeFact(a Answer) Fact {
	if !a.Given() {
		return Fact{Label: "Cause", Text: "not answered yet", Missing: true}
	}
	return Fact{Label: "Cause", Text: firstSentence(a.Text)}
}

// firstSentence cuts a text after its first sentence, or at a word when that is long.
func firstSentence(text string) string {
	const limit = 160
	line, _, _ := strings.Cut(strings.TrimLeft(text, "-*• "), "\n")
	line = oneLine(line)
	for n, r := range line {
		if (r == '.' || r == '!' || r == '?') && (n+1 == len(line) || line[n+1] == ' ') {
			line = line[:n+1]
			break
		}
	}
	if runes := []rune(line); len(runes) > limit {
		cut := string(runes[:limit])
		if at := strings.LastIndexByte(cut, ' '); at > 0 {
			cut = cut[:at]
		}
		return cut + " …"
	}
	return line
}

func fixText(f Fix) string {
	for _, s := range []Step{f.Permanent, f.Mitigation} {
		if s.Text != "" {
			return f.State + ": " + firstSentence(s.Text)
		}
	}
	return f.State
}

func actionsFact(a Actions) Fact {
	kept := a.Kept()
	if len(kept) == 0 {
		return Fact{Label: "Actions", Text: "none yet", Missing: true}
	}
	open := 0
	var parts []string
	for _, one := range kept {
		if one.State == incident.ActionOpen {
			open++
		}
		parts = append(parts, one.ID+" "+firstSentence(one.Text))
	}
	return Fact{Label: "Actions", Text: plural(len(kept), "action", "actions") + ", " + plural(open, "open", "open") + ": " + strings.Join(parts, "; ")}
}
