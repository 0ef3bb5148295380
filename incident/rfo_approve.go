package incident

// ApproveRFO approves of what the RFO says now, and of nothing else: an approval
// is of a content, and another content has none.
type ApproveRFO struct {
	Hash     string // of what the document says
	Blocking int    // findings that are open in it
}

// Verb is "rfo_approve".
func (ApproveRFO) Verb() string { return "rfo_approve" }

// Needs nothing from outside.
func (ApproveRFO) Needs() Needs { return Needs{} }

func (c ApproveRFO) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	if err := i.reviewable("rfo approve"); err != nil {
		return Decision{}, err
	}
	owner := i.reviewer()
	if _, another := i.MustBeApproved(f.Policy); another && s.Actor == owner {
		return Decision{}, refuse(Forbidden, "rfo_approve.owner", "key", i.Key(), "level", i.Life.Peak)
	}
	if a, ok := i.Review.LastApproval(); ok && a.Hash == c.Hash && a.By == s.Actor {
		return Decision{}, refuse(Conflict, "rfo_approve.twice", "key", i.Key(), "at", a.At)
	}
	d := Decision{
		Events: []Event{RFOApproved{Hash: c.Hash}},
		Say:    say("rfo_approve.done", "key", i.Key(), "blocking", c.Blocking, "owner", owner),
	}
	if owner != System && owner != s.Actor {
		d.Effects = []Effect{{
			Kind: Tell, People: []PersonID{owner}, Say: say("rfo_approve.told", "key", i.Key(), "by", s.Actor, "blocking", c.Blocking),
		}}
	}
	return d, nil
}

// RFOApproved is one approval.
type RFOApproved struct{ Hash string }

var _ = register[RFOApproved]()

// Kind is "rfo.approved".
func (RFOApproved) Kind() string { return "rfo.approved" }

// Line says what was done; who did it stands in front.
func (RFOApproved) Line(Names) string { return "approved the RFO" }

// Keys is the RFO.
func (RFOApproved) Keys() []string { return []string{"rfo"} }

func (e RFOApproved) apply(i *Incident, r Record) {
	i.Review.Paper.Approvals = append(i.Review.Paper.Approvals, Approval{Hash: e.Hash, By: r.Actor, At: r.At, Seq: r.Seq})
}
