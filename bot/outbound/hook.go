package outbound

import (
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// UnderWay is the code of a step that was begun and is looked at again after Wait.
const UnderWay = "under_way"

// Hook asks to run a service's rollback hook.
type Hook struct {
	ID       string // identity of the run, the same at every attempt; nobody can guess it
	Incident incident.ID
	Number   int // of the run within the incident
	Kind     incident.HookKind
	Service  string
	Key      string
	Title    string // "" for a private incident, whose title stays inside
	At       time.Time
	Again    bool   // an earlier attempt may have started it: look first
	State    string // what is known of it, as it was kept last; "" for nothing
	// Keep notes what the next attempt needs, should this one not come back.
	Keep func(state string) error
}

// Hooked is how far a run has got.
type Hooked struct {
	End    incident.HookState // "" while it is under way
	Reason string             // in a few words, for people
	Ref    string             // where it is seen over there
	State  string             // to be kept for the next look
	Wait   time.Duration      // until then, while it is under way
}

// Program is a program that rolls a service back, as it was noted last. Its times
// are the machine's.
type Program struct {
	Owner  string // the process that runs it
	Beat   time.Time
	Ended  time.Time // zero while it runs
	Well   bool
	Reason string // why it did not end well
	Output string // the end of what it printed
}
