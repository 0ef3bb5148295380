package incident

// Cancel says that it never was an incident: it owes no RFO and is left out of
// the figures.
type Cancel struct{ Reason string }

// Verb is "cancel".
func (Cancel) Verb() string { return "cancel" }

// Needs nothing from outside.
func (Cancel) Needs() Needs { return Needs{} }

func (c Cancel) decide(i *Incident, _ Stamp, f Facts) (Decision, error) {
	switch i.Life.Status {
	case Cancelled:
		m, _ := i.Life.Latest(Cancelled)
		return Decision{}, refuse(Conflict, "cancel.twice", "key", i.Key(), "by", m.By, "at", m.At, "reason", i.Life.Reason)
	case Merged:
		return Decision{}, refuse(Conflict, "refuse.status.merged", "key", i.Key(), "into", i.mergedInto())
	default:
	}
	if err := needs(c.Reason, "cancel.no_reason"); err != nil {
		return Decision{}, err
	}
	d := Decision{
		Events:  append([]Event{WasCancelled(c)}, i.stopHeld()...),
		Effects: i.closePager(f.Policy),
		Say: say("cancel.done", "key", i.Key(), "reason", c.Reason, "stopped", len(i.Log.Held()),
			"tasks", len(i.Board.OpenTasks()), "published", len(i.Review.Published)),
	}
	d.endPublicly(i, f.Policy)
	return d, nil
}

// WasCancelled is a false alarm.
type WasCancelled struct{ Reason string }

var _ = register[WasCancelled]()

// Kind is "cancelled".
func (WasCancelled) Kind() string { return "cancelled" }

// Line gives the reason.
func (e WasCancelled) Line(names Names) string {
	return colon("cancelled as a false alarm", e.Reason, names)
}

// Keys is the status and the RFO, which is not owed any more.
func (WasCancelled) Keys() []string { return []string{"status", "rfo"} }

func (e WasCancelled) apply(i *Incident, r Record) {
	i.mark(Cancelled, e.Reason, r)
	i.Life.Reason = e.Reason
}
