package incident

import "time"

// Review is what is learned: impact, the RFO's answers, the actions.
type Review struct {
	Impact    []Impact
	Actions   []Action
	Owner     PersonID            // of the RFO; the leader unless someone else was named
	Answers   map[string][]Answer // by question; the last holds, earlier ones are kept
	Skipped   *Edit               // no RFO, because
	Published []Publication
	Outcome   time.Time // when an action was last done, dropped or escalated
	Reminders Reminders
	Paper     Paper `json:",omitzero"`
	Untracked bool  `json:",omitempty"` // the tracker did not get an action, and it was told
}

// Impact is one estimate of who was hit. Without a number Unit is empty and Low
// and High mean nothing.
type Impact struct {
	Low, High float64
	Unit      string // "users", "%", …
	About     bool
	Text      string
	By        PersonID
	At        time.Time
	Seq       int64
}

// Answer is one person's answer to a question of the RFO.
type Answer struct {
	Text string
	By   PersonID
	At   time.Time
	Seq  int64
}

// Publication is one revision of the RFO that was written.
type Publication struct {
	Revision int
	By       PersonID
	At       time.Time
	Seq      int64
	Reason   string `json:",omitempty"` // when it is not that somebody published it
	Edition
}

// Edition is what is known of a revision beside who wrote it when.
type Edition struct {
	Draft    bool   `json:",omitempty"` // written, but not published
	Hash     string `json:",omitempty"` // of what it said; "" before hashes were kept
	Blocking int    `json:",omitempty"` // findings that were open
	Kept, Of int    `json:",omitempty"` // rules of the linter
}

// ActionState is where an action stands.
type ActionState string

// The states of an action. Dropped ones are explicitly deprioritised.
const (
	ActionOpen    ActionState = "open"
	ActionDone    ActionState = "done"
	ActionDropped ActionState = "dropped"
)

// MaxActions is how many actions an incident may have that are not dropped. A
// longer list is a list of wishes.
const MaxActions = 3

// Action is one thing that will change so that the class of outage does not
// come back: one person, one date.
type Action struct {
	Number int // A1 is 1
	ActionPlan
	Owner   PersonID
	Orphan  bool `json:",omitempty"` // the owner left, and nobody has taken it yet
	Due     Civil
	State   ActionState
	Moves   []Move
	AddedBy PersonID
	AddedAt time.Time
	ActionEnd
}

// ActionPlan is what an action is.
type ActionPlan struct {
	Text     string
	DoneWhen string
	Kind     ActionKind `json:",omitempty"`
	Tracker  string     `json:",omitempty"` // its link in a tracker
	Issued   bool       `json:",omitempty"` // Rollcall made the issue there, and keeps it up to date
}

// ActionEnd is how an action ended.
type ActionEnd struct {
	ClosedBy PersonID
	ClosedAt time.Time
	Reason   string // why it was dropped
}

// ActionKind is what an action does about the class of outage; "" is not said.
type ActionKind string

// The kinds of action.
const (
	Prevents  ActionKind = "prevent"
	Detects   ActionKind = "detect"
	Mitigates ActionKind = "mitigate"
	Processes ActionKind = "process"
)

// ActionKinds are the kinds of action, as typed. Not to be written to.
var ActionKinds = []ActionKind{Prevents, Detects, Mitigates, Processes}

// Move is one change of an action's date or person.
type Move struct {
	From, To Civil
	Reason   string
	By       PersonID
	At       time.Time
	Owner    PersonID // the new person when it was escalated, else the same
}

// ID is the action's short id, such as "A1".
func (a Action) ID() string { return ActionID(a.Number) }

// Kept are the actions that were not dropped.
func (r Review) Kept() []Action {
	var kept []Action
	for _, a := range r.Actions {
		if a.State != ActionDropped {
			kept = append(kept, a)
		}
	}
	return kept
}

// Action finds an action by its number.
func (r Review) Action(number int) (Action, bool) {
	for _, a := range r.Actions {
		if a.Number == number {
			return a, true
		}
	}
	return Action{}, false
}

// Answer is the answer that holds for a question.
func (r Review) Answer(question string) (Answer, bool) {
	if all := r.Answers[question]; len(all) > 0 {
		return all[len(all)-1], true
	}
	return Answer{}, false
}
