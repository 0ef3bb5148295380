package incident

import (
	"slices"
	"time"
)

// Command is what somebody wants done to one incident.
type Command interface {
	// Verb is the verb's stem, which is also its row in the table of rights.
	Verb() string
	// Needs says which facts from outside the incident Decide has to be given.
	Needs() Needs

	decide(*Incident, Stamp, Facts) (Decision, error)
}

// Needs are the facts from outside the incident that a command depends on.
// Storage reads them inside the transaction that the decision is stored in.
type Needs struct {
	Number bool       // the number of the next incident
	Recent bool       // the incidents opened a short time ago
	People []PersonID // everybody the command names
	Entry  int64      // the record with this sequence number; 0 for none
	Rooms  []string   // call providers in order; a room of the first that has one ready
}

// Facts are what a decision may know besides the incident.
type Facts struct {
	Actor  Person // the zero Person, with the right of System, when Rollcall acts
	People map[PersonID]Person
	Number int
	Recent []Brief
	Entry  *Record // nil when there is no such record
	Room   Room    // taken for the incident; given back when the command is refused
	Policy *Policy
}

// Person is what a decision may know of somebody.
type Person struct {
	ID        PersonID
	Zone      *time.Location // never nil
	Full      bool           // a full member of the workspace: no guest, nobody from another team
	Bot       bool
	Inactive  bool // deactivated in Slack
	InChannel bool // a member of the incident's channel, as far as known
}

// Brief is another incident in one line. It is given only of incidents that
// the actor may see.
type Brief struct {
	ID       ID
	Number   int
	Title    string
	Status   Status
	Severity int
	OpenedAt time.Time
	Private  bool
	Drill    bool
}

// Policy is what the operator configured.
type Policy struct {
	DefaultSeverity int
	Severities      map[int]SeverityPolicy
	DefaultTasks    []string
	Services        []ServicePolicy
	Sprint          time.Duration
	Clocks          Clocks
	Zone            *time.Location // of the team; for dates
	// ZoneOf is a person's own zone as Slack gave it; nil, also as a function, for
	// one that is not known. Reminders keep to working hours in it.
	ZoneOf func(PersonID) *time.Location
	Appointed
	CallHosts []string // hosts that a call link may point to; empty allows every host
	Telling
	Around Surroundings
}

// Telling is how those outside of the response are reached.
type Telling struct {
	Paging PagingPolicy
	Public PublicPolicy
}

// Appointed are people whom the operator names.
type Appointed struct {
	Executives []PersonID // get every update of an incident that is not private
	Hooks      HookPolicy // who may run rollback hooks
}

// SeverityPolicy is what a severity asks for.
type SeverityPolicy struct {
	UpdateEvery time.Duration // 0 for never
	RFOWithin   time.Duration
	Approval    ApprovalRule // of the RFO, before it is published
}

// ServicePolicy is a service that the operator listed.
type ServicePolicy struct {
	Name       string
	Related    []string
	PagerDuty  string   // PagerDuty's id of it; "" for the one that is paged unless another is named
	PageOnOpen bool     // its on-call is paged when an incident is opened with it
	Hook       HookKind // what rolls it back; "" for people
	Component  string   // the public status page's id of it; "" for none
}

// Clocks are the waits after which Rollcall speaks up by itself.
type Clocks struct {
	AskLeader      time.Duration // nobody leads: ask
	NominateLeader time.Duration // still nobody: name somebody
	AcceptLeader   time.Duration // named and silent: remind
	SilentLeader   time.Duration // leads and was not heard of: ask, while it is grave
}

// Decision is what a command leads to. All of it is stored in one transaction,
// before anybody is answered.
type Decision struct {
	Events  []Event
	Effects []Effect
	Say     Say
	Choices []Choice
}

// futureTolerance is how far ahead of our clock a time told by a person may
// lie: clocks differ, but nobody notes what has not happened.
const futureTolerance = 60 * time.Second

// Decide turns a command into a decision, or into a refusal (*Error). It
// changes nothing.
func Decide(i *Incident, c Command, s Stamp, f Facts) (Decision, error) {
	if i.Trace.Unreadable != "" {
		return Decision{}, refuse(Newer, "refuse.newer", "kind", i.Trace.Unreadable)
	}
	if err := permit(i, c, f); err != nil {
		return Decision{}, err
	}
	d, err := c.decide(i, s, f)
	if err != nil {
		return Decision{}, err
	}
	d.Events = slices.DeleteFunc(d.Events, func(e Event) bool { return e == nil })
	d.Effects = append(d.Effects, i.tracks(d.Events, f.Policy)...)
	i.markDrill(d.Effects)
	return d, nil
}

// notInFuture refuses a told time that lies ahead of the command's own.
func notInFuture(at time.Time, s Stamp) error {
	if at.After(s.At.Add(futureTolerance)) {
		return refuse(Invalid, "refuse.future", "at", at, "now", s.At)
	}
	return nil
}

// human refuses a program what is a person's own: to lead, to come, to take a task,
// to have reacted first.
func (f Facts) human(c Command) error {
	if !f.Actor.Bot {
		return nil
	}
	return refuse(Invalid, "refuse.machine", "verb", c.Verb())
}

// person is a named person who can be given work: known, active and human.
func (f Facts) person(id PersonID) error {
	p, ok := f.People[id]
	switch {
	case !ok:
		return refuse(NotFound, "refuse.person.unknown")
	case p.Bot:
		return refuse(Invalid, "refuse.person.bot", "who", id)
	case p.Inactive:
		return refuse(Invalid, "refuse.person.inactive", "who", id)
	}
	return nil
}
