package rfo

import (
	"slices"

	"github.com/rollcall-bot/rollcall/incident"
)

// What was found of a service.
const (
	foundAffected  = "affected"     // it was bleeding at some time
	foundSuspected = "suspected"    // it was suspected or rolled back, and never seen to bleed
	foundClear     = "not affected" // it was looked at and was clear
	foundNothing   = "not rated"
)

func (b *builder) impact() Impact {
	im := Impact{Services: b.services(), Answer: b.answer("impact")}
	for _, e := range b.moments.episodes {
		im.Intervals = append(im.Intervals, Interval{Start: e.start, End: e.mitigated, Value: between(e.start, e.mitigated)})
	}
	im.Duration = sum(im.Intervals)
	im.Estimate, im.Earlier = b.estimates()
	for _, c := range b.inc.Board.Customers {
		im.Told.Of++
		im.Told.names = append(im.Told.names, clean(c.Name))
		if c.Told {
			im.Told.Done++
		}
	}
	return im
}

// estimates picks the latest number, or else the latest text, and keeps the rest.
func (b *builder) estimates() (holds Estimate, earlier []Estimate) {
	given := b.inc.Review.Impact
	if len(given) == 0 {
		return Estimate{}, nil
	}
	at := len(given) - 1
	for n, g := range slices.Backward(given) {
		if g.Unit != "" {
			at = n
			break
		}
	}
	for n, g := range given {
		unit := clean(g.Unit)
		e := Estimate{
			Amount: amount(g.Low, g.High, unit, g.About), Unit: unit, About: g.About,
			Text: b.people.text(g.Text), By: b.who(g.By), At: g.At.UTC(),
		}
		if unit != "" {
			e.Low, e.High = g.Low, g.High
		}
		if n == at {
			holds = e
			continue
		}
		earlier = append(earlier, e)
	}
	return holds, earlier
}

// none is how people say that nobody was hit.
var none = lazily(`(?i)^\s*(none|nobody|no one|no (external |paying )?(users?|customers?|clients?))\b`)

func impactKind(im Impact) ImpactKind {
	e := im.Estimate
	switch {
	case e.Unit == "%" && e.Low >= 100:
		return FullImpact
	case e.Amount != "" && e.High == 0, e.Amount == "" && none().MatchString(e.Text):
		return NoImpact
	case e.Unit == "%":
		return PartialImpact
	default:
		return KindNotGiven
	}
}

// services replays the surface board: the last state of a service does not tell
// whether it was ever seen to bleed.
func (b *builder) services() []Service {
	found := map[string]string{}
	replay := incident.New(b.inc.ID)
	for n, r := range b.log {
		r.Seq = int64(n) + 1
		if err := replay.Apply(r); err != nil {
			break // a log with a gap; what was read so far holds
		}
		for _, s := range replay.Board.Services {
			switch {
			case s.State == incident.Bleeding:
				found[s.Name] = foundAffected
			case found[s.Name] == foundAffected:
			case s.State == incident.Unrated:
			case s.State == incident.Clear || s.State == incident.NotNeeded:
				if found[s.Name] != foundSuspected || s.State == incident.Clear {
					found[s.Name] = foundClear
				}
			default:
				found[s.Name] = foundSuspected
			}
		}
	}
	list := make([]Service, 0, len(b.inc.Board.Services))
	for _, s := range b.inc.Board.Services {
		one := Service{Name: clean(s.Name), Found: found[s.Name], State: s.State, Reason: b.people.text(s.Reason)}
		if one.Found == "" {
			one.Found = foundNothing
		}
		list = append(list, one)
	}
	return list
}

// ServicesFound are the names of the services of which this was found.
func (im Impact) ServicesFound(what string) []string {
	var names []string
	for _, s := range im.Services {
		if s.Found == what {
			names = append(names, s.Name)
		}
	}
	return names
}
