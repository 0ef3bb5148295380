package incident

// PublishRFO publishes the RFO as it is now, as the next revision.
type PublishRFO struct{}

// Verb is "rfo_publish".
func (PublishRFO) Verb() string { return "rfo_publish" }

// Needs nothing from outside.
func (PublishRFO) Needs() Needs { return Needs{} }

func (PublishRFO) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	switch k := i.Review.Skipped; {
	case i.Life.Status != Resolved:
		return Decision{}, refuse(Conflict, "rfo_publish.not_resolved", "key", i.Key())
	case k != nil:
		return Decision{}, refuse(Conflict, "rfo_publish.skipped", "key", i.Key(), "by", k.By, "at", k.At, "reason", k.Text)
	}
	revision := len(i.Review.Published) + 1
	return Decision{
		Events:  []Event{RFOPublished{Revision: revision}},
		Effects: []Effect{{Kind: Publish}},
		Say: say("rfo_publish.done", "key", i.Key(), "revision", revision, "unanswered", len(i.Review.Unanswered()),
			"actions", len(i.Review.Kept())),
	}, nil
}

// RFOPublished is one published revision.
type RFOPublished struct{ Revision int }

var _ = register[RFOPublished]()

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
	i.Review.Published = append(i.Review.Published, Publication{Revision: e.Revision, By: r.Actor, At: r.At, Seq: r.Seq})
}
