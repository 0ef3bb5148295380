package incident

import "time"

// StampName names one moment that the figures of the RFO are computed from.
type StampName string

// The moments, as docs/metrics.md defines them. Declared, mitigated, resolved
// and published are not here: they are Life.Marks and Review.
const (
	ImpactStart    StampName = "impact_start" // a user could first be affected (`started`)
	FirstSignal    StampName = "first_signal" // first machine-visible error (`first-error`)
	Detected       StampName = "detected"     // a person or a paging channel first learned of it
	Acked          StampName = "acked"        // first human reaction to the signal
	CallOpened     StampName = "call_open"    // the first call link was made, not: joined
	LeaderNamed    StampName = "leader_named"
	LeaderAccepted StampName = "leader_set"
	TaskOwned      StampName = "task_owned" // the first task got an owner
	TasksConfirmed StampName = "tasks_set"  // the leader said that the list is right
	FirstComms     StampName = "first_comms"
)

// Quality says how much a moment can be trusted.
type Quality string

// The qualities; a moment that is not there is missing and never guessed.
const (
	Auto      Quality = "auto"  // recorded as it happened, or told by a machine
	Human     Quality = "human" // told by a person
	Estimated Quality = "estimated"
)

// Point is one value given for a moment. Corrections are added, never overwritten.
type Point struct {
	At      time.Time
	Quality Quality
	Source  string // "alert", "synthetic", "employee", "customer", "partner", or the command that gave it
	Text    string // what was said with it
	By      PersonID
	Seq     int64
}

// Stamps are the moments of an incident, each with every value it ever had.
type Stamps map[StampName][]Point

// Last is the value that holds: the latest one given. ok is false when the
// moment was never recorded.
func (s Stamps) Last(name StampName) (p Point, ok bool) {
	if points := s[name]; len(points) > 0 {
		return points[len(points)-1], true
	}
	return Point{}, false
}

// stamp adds a value to a moment.
func (i *Incident) stamp(name StampName, p Point) {
	if i.Stamps == nil {
		i.Stamps = Stamps{}
	}
	i.Stamps[name] = append(i.Stamps[name], p)
}

// stampOnce adds a value only when the moment has none: moments that are the
// first of something.
func (i *Incident) stampOnce(name StampName, p Point) {
	if len(i.Stamps[name]) == 0 {
		i.stamp(name, p)
	}
}

// stampKey is the key of a moment.
func stampKey(name StampName) string { return "stamp:" + string(name) }

// told is a value that a person gave for a moment; what a machine gave was
// recorded as it happened.
func told(at time.Time, source, text string, r Record) Point {
	p := Point{At: at, Quality: Human, Source: source, Text: text, By: r.Actor, Seq: r.Seq}
	if at.IsZero() {
		p.At = r.At
	}
	if r.Actor == System {
		p.Quality = Auto
	}
	return p
}

// former is the time that a moment had so far; zero when it had none.
func (i *Incident) former(name StampName) time.Time {
	p, _ := i.Stamps.Last(name)
	return p.At
}
