package incident

import (
	"slices"
	"strings"
	"time"
)

// DetectionSources are who or what can have found an incident first, in the order in
// which a team would wish for it.
func DetectionSources() []string {
	return []string{"alert", "synthetic", "employee", "customer", "partner"}
}

// SetDetected says who found out first, and when.
type SetDetected struct {
	Source string    // one of DetectionSources
	At     time.Time // zero when the time is not known
	Text   string
}

// Verb is "detected".
func (SetDetected) Verb() string { return "detected" }

// Needs nothing from outside.
func (SetDetected) Needs() Needs { return Needs{} }

func (c SetDetected) decide(i *Incident, s Stamp, _ Facts) (Decision, error) {
	if !slices.Contains(DetectionSources(), c.Source) {
		return Decision{}, refuse(Invalid, "detected.source", "source", c.Source, "sources", strings.Join(DetectionSources(), ", "))
	}
	if err := firstRefusal(notInFuture(c.At, s), fits(c.Text)); err != nil {
		return Decision{}, err
	}
	e := WasDetected{Source: c.Source, At: c.At, Text: strings.TrimSpace(c.Text)}
	if c.At.IsZero() {
		e.At, e.AtLatest = i.detectedAtLatest()
	}
	return Decision{
		Events: []Event{e},
		Say:    say("detected.done", "key", i.Key(), "source", c.Source, "at", e.At, "at_latest", e.AtLatest),
	}, nil
}

// detectedAtLatest is the time of detection that holds while nobody gives
// another: what was said before, else the opening, which cannot have come first.
func (i *Incident) detectedAtLatest() (at time.Time, atLatest bool) {
	if p, ok := i.Stamps.Last(Detected); ok {
		return p.At, p.Quality == Estimated
	}
	return i.Identity.OpenedAt, true
}

// foundBy offers whoever can have found it.
func foundBy() []Choice {
	var choices []Choice
	for _, source := range DetectionSources() {
		choices = append(choices, choice("detected", "detected "+source, "source", source))
	}
	return choices
}

// firstRefusal is the first of several refusals.
func firstRefusal(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// WasDetected is who or what found the incident first.
type WasDetected struct {
	Source   string
	At       time.Time
	AtLatest bool   `json:",omitempty"` // the time is the latest that it can have been
	Text     string `json:",omitempty"`
}

var _ = register[WasDetected]()

// Kind is "detected".
func (WasDetected) Kind() string { return "detected" }

// Line reads like "found first by a customer: cannot pay".
func (e WasDetected) Line(names Names) string {
	by := map[string]string{
		"alert": "an alert", "synthetic": "a synthetic test", "employee": "an employee",
		"customer": "a customer", "partner": "a partner",
	}[e.Source]
	line := "found first by " + by
	if e.AtLatest {
		line += " (at the latest when it was opened)"
	}
	return colon(line, e.Text, names)
}

// Keys is the stamp.
func (WasDetected) Keys() []string { return []string{stampKey(Detected)} }

// occurred leaves a time that is only a bound off the timeline.
func (e WasDetected) occurred() time.Time {
	if e.AtLatest {
		return time.Time{}
	}
	return e.At
}

func (e WasDetected) apply(i *Incident, r Record) {
	p := told(e.At, e.Source, e.Text, r)
	if e.AtLatest {
		p.Quality = Estimated
	}
	i.stamp(Detected, p)
}
