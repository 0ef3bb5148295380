package incident

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// SetImpact says who was hit. The number counts only with its unit; without one
// the text stands alone and the number stays "not given".
type SetImpact struct {
	Low, High float64 // the same for a single number
	Unit      string  // "users", "%", …
	About     bool    // an estimate
	Text      string
	HasNumber bool
}

// unitLimit bounds the word of a unit, in characters: it stands in tables.
const unitLimit = 20

// Verb is "impact".
func (SetImpact) Verb() string { return "impact" }

// Needs nothing from outside.
func (SetImpact) Needs() Needs { return Needs{} }

func (c SetImpact) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	if err := firstRefusal(c.check(), fits(c.Text)); err != nil {
		return Decision{}, err
	}
	e := ImpactGiven{Text: strings.TrimSpace(c.Text)}
	if c.HasNumber {
		e.Low, e.High, e.Unit, e.About = c.Low, c.High, c.Unit, c.About
	}
	d := Decision{
		Events: []Event{e},
		Say: say("impact.done", "key", i.Key(), "amount", e.impact().Amount(), "text", e.Text,
			"again", len(i.Review.Impact) > 0),
	}
	if !c.HasNumber && len(i.Review.Impact) == 0 { // whoever knows who is hit knows best how many, and is asked once
		d.Choices = howMany(e.Text)
	}
	return d, nil
}

// howMany offers ranges of users, each ten times the one before; text is who is hit.
func howMany(text string) []Choice {
	var choices []Choice
	for low := 1; low <= 10_000; low *= 10 {
		line := fmt.Sprintf("impact about %d-%d users %s", low, 10*low, text)
		choices = append(choices, choice("how_many", strings.TrimSpace(line), "low", low, "high", 10*low))
	}
	return choices
}

// Says tells whether the number is the one that was given before.
func (c SetImpact) Says(m Impact) bool {
	return c.HasNumber && m.Unit == c.Unit && m.Low == c.Low && m.High == c.High && m.About == c.About
}

func (c SetImpact) check() error {
	if !c.HasNumber {
		return needs(c.Text, "impact.empty")
	}
	bad := func(n float64) bool { return math.IsNaN(n) || math.IsInf(n, 0) || n < 0 }
	switch {
	case c.Unit == "" || utf8.RuneCountInString(c.Unit) > unitLimit:
		return refuse(Invalid, "impact.unit")
	case bad(c.Low) || bad(c.High) || c.Low > c.High:
		return refuse(Invalid, "impact.range")
	case c.Unit == percent && c.High > 100:
		return refuse(Invalid, "impact.percent")
	}
	return nil
}

// percent is the unit that is written without a space.
const percent = "%"

// Amount is the number as people write it, such as "about 2000-5000 users" or
// "12%"; "" when no number was given.
func (m Impact) Amount() string {
	if m.Unit == "" {
		return ""
	}
	text := spell(m.Low)
	if m.High != m.Low {
		text += "-" + spell(m.High)
	}
	if m.About {
		text = "about " + text
	}
	if m.Unit == percent {
		return text + percent
	}
	return text + " " + m.Unit
}

// Phrase is the number, when there is one, and what was said with it; people in
// it are PersonMarks.
func (m Impact) Phrase() string {
	if amount := m.Amount(); amount == "" || m.Text == "" {
		return amount + m.Text
	}
	return m.Amount() + ", " + m.Text
}

func spell(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// CurrentImpact is the estimate that holds.
func (r Review) CurrentImpact() (Impact, bool) {
	if len(r.Impact) == 0 {
		return Impact{}, false
	}
	return r.Impact[len(r.Impact)-1], true
}

// Counted says whether anybody ever said how many were hit.
func (r Review) Counted() bool {
	return slices.ContainsFunc(r.Impact, func(m Impact) bool { return m.Unit != "" })
}

// ImpactGiven is one estimate of who was hit.
type ImpactGiven struct {
	Low   float64 `json:",omitempty"`
	High  float64 `json:",omitempty"`
	Unit  string  `json:",omitempty"` // empty when no number was given
	About bool    `json:",omitempty"`
	Text  string  `json:",omitempty"`
}

var _ = register[ImpactGiven]()

// Kind is "impact".
func (ImpactGiven) Kind() string { return "impact" }

// Line reads like "impact: about 2000-5000 users, cannot pay by card".
func (e ImpactGiven) Line(names Names) string {
	return "impact: " + PlainText(e.impact().Phrase(), names)
}

// Keys is the impact.
func (ImpactGiven) Keys() []string { return []string{"impact"} }

func (e ImpactGiven) impact() Impact {
	return Impact{Low: e.Low, High: e.High, Unit: e.Unit, About: e.About, Text: e.Text}
}

func (e ImpactGiven) apply(i *Incident, r Record) {
	m := e.impact()
	m.By, m.At, m.Seq = r.Actor, r.At, r.Seq
	i.Review.Impact = append(i.Review.Impact, m)
}
