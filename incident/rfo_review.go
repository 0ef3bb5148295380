package incident

// AskReview asks somebody to read the RFO and to approve of it; System asks
// whoever is in the channel.
type AskReview struct{ Who PersonID }

// Verb is "rfo_review".
func (AskReview) Verb() string { return "rfo_review" }

// Needs to know the person.
func (c AskReview) Needs() Needs { return Needs{People: named(c.Who)} }

func (c AskReview) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	if err := i.reviewable("rfo review"); err != nil {
		return Decision{}, err
	}
	if c.Who != System {
		if err := f.person(c.Who); err != nil {
			return Decision{}, err
		}
	}
	owner := i.reviewer()
	_, another := i.MustBeApproved(f.Policy)
	if another && c.Who == owner {
		return Decision{}, refuse(Invalid, "rfo_review.owner", "key", i.Key(), "owner", owner, "level", i.Life.Peak)
	}
	asked := say("rfo_review.asked", "key", i.Key(), "title", i.outside(i.Identity.Title), "by", s.Actor, "owner", owner, "another", another)
	effect := Effect{Kind: Tell, People: []PersonID{c.Who}, Say: asked, Choices: []Choice{choice("rfo_approve", "rfo approve")}}
	if c.Who == System {
		effect.Kind, effect.People = Post, nil
	}
	return Decision{
		Events:  []Event{ReviewAsked(c)},
		Effects: []Effect{effect},
		Say:     say("rfo_review.done", "key", i.Key(), "who", c.Who),
	}, nil
}

// ReviewAsked is a request for a review.
type ReviewAsked struct {
	Who PersonID `json:",omitempty"`
}

var _ = register[ReviewAsked]()

// Kind is "rfo.review_asked".
func (ReviewAsked) Kind() string { return "rfo.review_asked" }

// Line says who was asked.
func (e ReviewAsked) Line(names Names) string {
	if e.Who == System {
		return "asked for a review of the RFO"
	}
	return "asked " + names.Name(e.Who) + " to review the RFO"
}

// Keys is the RFO.
func (ReviewAsked) Keys() []string { return []string{"rfo"} }

func (e ReviewAsked) apply(i *Incident, r Record) {
	i.Review.Paper.Asked = Asking{Who: e.Who, By: r.Actor, At: r.At, Seq: r.Seq}
}
