package incident

// Reopen says that it is not over. The former times are kept: the incident then
// has several intervals of impact.
type Reopen struct{ Reason string }

// Verb is "reopen".
func (Reopen) Verb() string { return "reopen" }

// Needs nothing from outside.
func (Reopen) Needs() Needs { return Needs{} }

func (c Reopen) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	if i.Life.Status == Open {
		return Decision{}, refuse(Conflict, "reopen.open", "key", i.Key())
	}
	if err := needs(c.Reason, "reopen.no_reason"); err != nil {
		return Decision{}, err
	}
	return Decision{
		Events: []Event{WasReopened(c)},
		Say: say("reopen.done", "key", i.Key(), "was", string(i.Life.Status), "leader", i.Leadership.Leader,
			"skipped", i.Review.Skipped != nil),
	}, nil
}

// WasReopened is the end taken back.
type WasReopened struct{ Reason string }

var _ = register[WasReopened]()

// Kind is "reopened".
func (WasReopened) Kind() string { return "reopened" }

// Line gives the reason.
func (e WasReopened) Line(names Names) string { return colon("reopened", e.Reason, names) }

// Keys is the status and the RFO: a reason to write none was given for another end.
func (WasReopened) Keys() []string { return []string{"status", "rfo"} }

func (e WasReopened) apply(i *Incident, r Record) {
	i.mark(Open, e.Reason, r)
	i.Life.Reason = e.Reason
	i.Life.MergedTo = ""
	i.Review.Skipped = nil
}
