package incident

import "strings"

// WaiveFindings lets findings of one rule pass, with a reason that stands in the
// RFO. It holds for these findings only: the same rule broken by other words is
// found again.
type WaiveFindings struct {
	Rule     string
	Findings []Finding // those of the rule that are open
	Reason   string
}

// Verb is "rfo_waive".
func (WaiveFindings) Verb() string { return "rfo_waive" }

// Needs nothing from outside.
func (WaiveFindings) Needs() Needs { return Needs{} }

func (c WaiveFindings) decide(i *Incident, s Stamp, _ Facts) (Decision, error) {
	if err := needs(c.Reason, "rfo_waive.no_reason", "rule", c.Rule); err != nil {
		return Decision{}, err
	}
	if err := i.mayOverride(s.Actor); err != nil {
		return Decision{}, err
	}
	if len(c.Findings) == 0 {
		return Decision{}, refuse(NotFound, "rfo_waive.none", "key", i.Key(), "rule", c.Rule)
	}
	return Decision{
		Events: []Event{FindingsWaived{Findings: c.Findings, Reason: c.Reason}},
		Say:    say("rfo_waive.done", "key", i.Key(), "rule", c.Rule, "count", len(c.Findings), "reason", c.Reason),
	}, nil
}

// FindingsWaived are findings that somebody let pass.
type FindingsWaived struct {
	Findings []Finding
	Reason   string
}

var _ = register[FindingsWaived]()

// Kind is "rfo.waived".
func (FindingsWaived) Kind() string { return "rfo.waived" }

// Line reads like "waived L02, L12 in the RFO: the vendor will answer in May".
func (e FindingsWaived) Line(names Names) string {
	return colon("waived "+strings.Join(rulesOf(e.Findings), ", ")+" in the RFO", e.Reason, names)
}

// rulesOf are the rules of findings, each once.
func rulesOf(findings []Finding) []string {
	var rules []string
	seen := map[string]bool{}
	for _, f := range findings {
		if !seen[f.Rule] {
			seen[f.Rule] = true
			rules = append(rules, f.Rule)
		}
	}
	return rules
}

// Keys is the RFO.
func (FindingsWaived) Keys() []string { return []string{"rfo"} }

func (e FindingsWaived) apply(i *Incident, r Record) {
	i.Review.Paper.Waivers = append(i.Review.Paper.Waivers, Waiver{Findings: e.Findings, Reason: e.Reason, By: r.Actor, At: r.At, Seq: r.Seq})
}
