package incident

import (
	"slices"
	"strings"
	"time"
)

// What a later version may bring: a clock, an event, an outbound step and a card that this one does not know.
const (
	newerClock = "newer.clock"
	newerWords = "The newer version has said so."
)

// NewerStep is the outbound step.
const NewerStep EffectKind = "newer.post"

func init() {
	effects[NewerStep] = effects[Post]
	ownCards = append(ownCards, "newer:")
}

var _ = registerClock(newerClock, clock{
	due: func(i *Incident, _ *Policy) []Due {
		all := i.Log.Decisions
		if len(all) == 0 || !strings.Contains(i.Identity.Title, "newer") || i.newerSaid() {
			return nil
		}
		return []Due{{Kind: newerClock, At: all[len(all)-1].At.Add(time.Second)}}
	},
	fire: func(i *Incident, _ Due, _ Stamp, _ Facts) (Decision, error) {
		if i.newerSaid() {
			return Decision{}, nil
		}
		return Decision{Events: []Event{NewerSaid{}}, Effects: []Effect{{Kind: NewerStep, Say: say("newer.post", "key", i.Key())}}}, nil
	},
})

func (i *Incident) newerSaid() bool {
	return slices.ContainsFunc(i.Log.Decisions, func(d Decided) bool { return d.Text == newerWords })
}

// NewerSaid is the event.
type NewerSaid struct{}

var _ = register[NewerSaid]()

// Kind is "newer.said".
func (NewerSaid) Kind() string { return "newer.said" }

// Line is the event on the timeline.
func (NewerSaid) Line(Names) string { return "said something newer" }

// Keys is its card.
func (NewerSaid) Keys() []string { return []string{"newer:1"} }

func (NewerSaid) apply(i *Incident, r Record) {
	i.Log.Decisions = append(i.Log.Decisions, Decided{Seq: r.Seq, Text: newerWords, By: r.Actor, At: r.At})
}
