package incident

import "strings"

// PublishRFO publishes the RFO as it is now, as the next revision. With blocking
// findings, or without an approval that it needs, it is written all the same, but
// as a draft: nothing that is known is kept from anybody, and the RFO stays owed.
// What was published once is not replaced by a draft.
type PublishRFO struct {
	Lint
	Anyway bool   // lets the findings pass
	Reason string // why
}

// Lint is what was found of the document at the moment of publishing.
type Lint struct {
	Hash     string    // of what the document says
	Findings []Finding // those that block
	Kept, Of int       // rules
}

// Verb is "rfo_publish".
func (PublishRFO) Verb() string { return "rfo_publish" }

// Needs nothing from outside.
func (PublishRFO) Needs() Needs { return Needs{} }

func (c PublishRFO) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	if err := i.reviewable("rfo publish"); err != nil {
		return Decision{}, err
	}
	must, another := i.MustBeApproved(f.Policy)
	_, approved := i.ApprovedAs(c.Hash, f.Policy)
	unapproved := must && !approved
	revision := i.Review.nextRevision()
	d := Decision{Effects: []Effect{{Kind: Publish, Number: revision}}}
	if c.Anyway {
		if err := c.override(i, s, unapproved, another); err != nil {
			return Decision{}, err
		}
		if len(c.Findings) > 0 {
			d.Events = append(d.Events, FindingsWaived{Findings: c.Findings, Reason: c.Reason})
		}
	} else if len(c.Findings) > 0 || unapproved {
		return c.draft(i, unapproved, another)
	}
	d.Effects = append(d.Effects, i.exports(revision, f.Policy)...)
	d.Events = append(d.Events, RFOPublished{Revision: revision, Hash: c.Hash, Reason: c.Reason, Kept: c.Kept, Of: c.Of})
	d.Say = say("rfo_publish.done", "key", i.Key(), "revision", revision, "unanswered", len(i.Review.Unanswered()),
		"actions", len(i.Review.Kept()), "waived", len(c.Findings))
	return d, nil
}

// override refuses to let findings pass without a reason, by somebody whose
// business it is not, or where an approval is what is missing: that is another
// person's word and cannot be given for them.
func (c PublishRFO) override(i *Incident, s Stamp, unapproved, another bool) error {
	if err := needs(c.Reason, "rfo_publish.no_reason", "key", i.Key(), "blocking", len(c.Findings)); err != nil {
		return err
	}
	if err := i.mayOverride(s.Actor); err != nil {
		return err
	}
	if unapproved {
		return refuse(Conflict, "rfo_publish.unapproved", "key", i.Key(), "level", i.Life.Peak, "another", another, "owner", i.reviewer()).with(
			choice("rfo_review", "rfo review"))
	}
	return nil
}

// draft writes what there is and says what keeps it from being published.
func (c PublishRFO) draft(i *Incident, unapproved, another bool) (Decision, error) {
	var choices []Choice
	if len(c.Findings) > 0 {
		choices = append(choices, choice("rfo_answer", "rfo answer"), choice("rfo_anyway", "rfo anyway"))
	}
	if unapproved {
		choices = append(choices, choice("rfo_review", "rfo review"))
	}
	last, written := i.Review.LastRevision()
	published := len(i.Review.Published) > 0
	args := []any{
		"key", i.Key(), "blocking", len(c.Findings), "rules", strings.Join(rulesOf(c.Findings), ", "), "unapproved", unapproved,
		"another", another, "level", i.Life.Peak, "owner", i.reviewer(), "last", last.Revision,
	}
	if published {
		return Decision{}, refuse(Conflict, "rfo_publish.blocked", args...).with(choices...)
	}
	if written && c.Hash != "" && last.Hash == c.Hash && last.Blocking == len(c.Findings) {
		return Decision{Say: say("rfo_publish.still", args...), Choices: choices}, nil
	}
	revision := i.Review.nextRevision()
	return Decision{
		Events:  []Event{RFODrafted{Revision: revision, Hash: c.Hash, Blocking: len(c.Findings), Unapproved: unapproved, Kept: c.Kept, Of: c.Of}},
		Effects: []Effect{{Kind: Publish, Number: revision}},
		Say:     say("rfo_publish.draft", append(args, "revision", revision)...),
		Choices: choices,
	}, nil
}

// RFOPublished is one published revision.
type RFOPublished struct {
	Revision int
	Hash     string `json:",omitempty"` // of what it said
	Reason   string `json:",omitempty"`
	Kept     int    `json:",omitempty"` // rules, of Of
	Of       int    `json:",omitempty"`
}

// Version 1 knew the number alone.
var _ = register[RFOPublished](func(body []byte) ([]byte, error) { return body, nil })

// Kind is "rfo.published".
func (RFOPublished) Kind() string { return "rfo.published" }

// Line leaves the first revision's number out; there is mostly no second one.
func (e RFOPublished) Line(Names) string {
	if e.Revision == 1 {
		return "RFO published"
	}
	return "RFO published again"
}

// Keys is the RFO.
func (RFOPublished) Keys() []string { return []string{"rfo"} }

func (RFOPublished) instead() string { return "instead.rfo_publish" }

func (e RFOPublished) apply(i *Incident, r Record) {
	i.Review.Published = append(i.Review.Published, Publication{
		Revision: e.Revision, By: r.Actor, At: r.At, Seq: r.Seq, Reason: e.Reason, Edition: Edition{Hash: e.Hash, Kept: e.Kept, Of: e.Of},
	})
}

// RFODrafted is an edition that was written although something keeps it from
// being published.
type RFODrafted struct {
	Revision   int
	Hash       string
	Blocking   int  `json:",omitempty"` // findings
	Unapproved bool `json:",omitempty"`
	Kept       int  `json:",omitempty"` // rules, of Of
	Of         int  `json:",omitempty"`
}

var _ = register[RFODrafted]()

// Kind is "rfo.drafted".
func (RFODrafted) Kind() string { return "rfo.drafted" }

// Line says that it is not published.
func (RFODrafted) Line(Names) string { return "RFO written as a draft" }

// Keys is the RFO.
func (RFODrafted) Keys() []string { return []string{"rfo"} }

func (RFODrafted) instead() string { return "instead.rfo_publish" }

func (e RFODrafted) apply(i *Incident, r Record) {
	i.Review.Paper.Drafts = append(i.Review.Paper.Drafts, Publication{
		Revision: e.Revision, By: r.Actor, At: r.At, Seq: r.Seq,
		Edition: Edition{Draft: true, Hash: e.Hash, Blocking: e.Blocking, Kept: e.Kept, Of: e.Of},
	})
}
