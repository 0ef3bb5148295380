package incident

import (
	"cmp"
	"slices"
	"time"
)

// Paper is the life of the RFO as a document: who was asked to read it, who
// approved of what, what was let pass, and the editions that were written.
type Paper struct {
	Drafts    []Publication `json:",omitempty"` // written with findings open, so not published
	Asked     Asking        `json:",omitzero"`  // the last time a review was asked for
	Approvals []Approval    `json:",omitempty"`
	Waivers   []Waiver      `json:",omitempty"`
	Overlays  []Overlay     `json:",omitempty"` // what people wrote into exported copies
	Late      Late          `json:",omitzero"`  // since the last published revision
	Customer  CustomerPaper `json:",omitzero"`
	Copies    []Copy        `json:",omitempty"` // outside, by target
}

// Asking is one request for a review.
type Asking struct {
	Who PersonID `json:",omitempty"` // System: anybody in the channel
	By  PersonID `json:",omitempty"`
	At  time.Time
	Seq int64
}

// Approval is somebody's word for exactly one content of the document.
type Approval struct {
	Hash string // of what the document said
	By   PersonID
	At   time.Time
	Seq  int64
}

// Finding is what the linter found, as far as it says which finding it is: the
// same words at the same place break the same rule.
type Finding struct {
	Rule  string // such as "L12"
	Where string
	Quote string `json:",omitempty"`
}

// Waiver lets findings pass, on the record.
type Waiver struct {
	Findings []Finding
	Reason   string
	By       PersonID
	At       time.Time
	Seq      int64
}

// ApprovalRule is who has to approve of an RFO before it is published.
type ApprovalRule string

// The rules of approval, of a severity. Without one nobody has to.
const (
	ApprovedByNobody  ApprovalRule = ""
	ApprovedByAnybody ApprovalRule = "anybody" // whoever writes it may
	ApprovedByAnother ApprovalRule = "another" // not whoever writes it
)

// approvalRule is the rule of the gravest severity that the incident ever had:
// what was a sev1 in the night is not a smaller lesson in the morning.
func (i *Incident) approvalRule(p *Policy) ApprovalRule {
	return p.Severities[i.Life.Peak].Approval
}

// MustBeApproved says whether the RFO needs an approval before it is published,
// and whether it has to be somebody else's than the owner's.
func (i *Incident) MustBeApproved(p *Policy) (must, another bool) {
	rule := i.approvalRule(p)
	return rule != ApprovedByNobody, rule == ApprovedByAnother
}

// ApprovedAs is the approval of a content of the document that counts, if any. An
// approval by whoever writes the RFO by now counts only where the owner's does.
func (i *Incident) ApprovedAs(hash string, p *Policy) (Approval, bool) {
	for _, a := range slices.Backward(i.Review.Paper.Approvals) {
		if hash != "" && a.Hash == hash && (i.approvalRule(p) != ApprovedByAnother || a.By != i.reviewer()) {
			return a, true
		}
	}
	return Approval{}, false
}

// LastApproval is the last approval, whatever became of the document since.
func (r Review) LastApproval() (Approval, bool) {
	if n := len(r.Paper.Approvals); n > 0 {
		return r.Paper.Approvals[n-1], true
	}
	return Approval{}, false
}

// Revisions are all editions that were written, drafts too, in their order.
func (r Review) Revisions() []Publication {
	all := slices.Concat(r.Published, r.Paper.Drafts)
	slices.SortFunc(all, func(a, b Publication) int { return cmp.Compare(a.Revision, b.Revision) })
	return all
}

// LastRevision is the edition that was written last.
func (r Review) LastRevision() (Publication, bool) {
	all := r.Revisions()
	if len(all) == 0 {
		return Publication{}, false
	}
	return all[len(all)-1], true
}

// nextRevision is the number of the next edition.
func (r Review) nextRevision() int {
	last, _ := r.LastRevision()
	return last.Revision + 1
}

// Waived finds what lets a finding pass.
func (r Review) Waived(f Finding) (Waiver, bool) {
	for _, w := range slices.Backward(r.Paper.Waivers) {
		if slices.Contains(w.Findings, f) {
			return w, true
		}
	}
	return Waiver{}, false
}

// Reviewer is who writes the RFO: whoever was named for it, else the leader, else
// whoever opened the incident.
func (i *Incident) Reviewer() PersonID { return i.reviewer() }

// RFODue is when the RFO is due, when one is owed and not published yet.
func (i *Incident) RFODue(p *Policy) (due time.Time, ok bool) {
	_, due, ok = i.rfoDue(p)
	return due, ok
}

// reviewable refuses what makes sense only of an RFO that is owed.
func (i *Incident) reviewable(verb string) error {
	switch k := i.Review.Skipped; {
	case i.Life.Status != Resolved:
		return refuse(Conflict, "rfo_publish.not_resolved", "key", i.Key(), "verb", verb)
	case k != nil:
		return refuse(Conflict, "rfo_publish.skipped", "key", i.Key(), "by", k.By, "at", k.At, "reason", k.Text)
	}
	return nil
}

// mayOverride says whether somebody may let findings pass: the leader, and whoever
// was given the RFO to write. Rollcall itself asks for nobody.
func (i *Incident) mayOverride(who PersonID) error {
	if who == System || who == i.Leadership.Leader || who == i.reviewer() {
		return nil
	}
	leader := i.Leadership.Leader
	if leader == System {
		leader = i.reviewer()
	}
	return refuse(Forbidden, "rfo_waive.not_yours", "key", i.Key(), "leader", leader, "owner", i.reviewer())
}
