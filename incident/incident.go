package incident

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"time"
)

// Status is where an incident stands.
type Status string

// The statuses in the order of a usual incident. Clean-up is what is left to do
// while Mitigated.
const (
	Open      Status = "open"
	Mitigated Status = "mitigated" // users are well
	Resolved  Status = "resolved"  // it is over; the RFO is owed
	Cancelled Status = "cancelled" // it never was one; owes no RFO
	Merged    Status = "merged"    // went on in another incident
)

// Over says that nothing more happens here but writing it up.
func (s Status) Over() bool { return s == Resolved || s == Cancelled || s == Merged }

// foldVersion changes whenever the same events would fold into another state.
const foldVersion = 2

// FoldVersion names the way in which a program folds that can read these kinds of
// events (Kinds); snapshots of other ones are thrown away and folded again. An older program
// must not take a newer one's: what it cannot read would no longer show in it.
func FoldVersion(kinds map[string]int) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte{foldVersion})
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		_, _ = h.Write(fmt.Appendf(nil, " %s %d", kind, kinds[kind]))
	}
	return int64(h.Sum64() >> 1)
}

// Incident is the log of one incident, folded. It is built only by Apply; who
// reads it must not write to it.
type Incident struct {
	ID         ID
	Head       int64 // sequence number of the last event
	Identity   Identity
	Life       Life
	Stamps     Stamps
	Leadership Leadership
	Calls      []Call // the last is the one to join
	Channel    Channel
	Board      Board
	Log        Log
	Review     Review
	Trace      Trace
}

// Identity is what is fixed, or nearly so, from the start.
type Identity struct {
	Number      int
	Title       string
	ChannelName string // as decided at open; Channel.Name is what Slack gave
	Private     bool
	Drill       bool
	Opener      PersonID
	OpenedAt    time.Time
	CopyOf      int `json:",omitempty"` // number of the public incident that this private one goes on from
}

// Life is where the incident stands and how it got there.
type Life struct {
	Status   Status
	Severity int // 1 (worst) to 4
	Peak     int // the worst severity it ever had
	Marks    []Mark
	Reason   string // of the last cancel or reopen
	MergedTo ID
}

// Mark is one change of status, at the time it happened.
type Mark struct {
	Status Status
	At     time.Time
	By     PersonID
	Text   string
	Seq    int64
}

// Call is one call link of the incident.
type Call struct {
	URL      string // "" while its room is to follow
	Provider string
	By       PersonID
	At       time.Time
	Awaits   []Awaited `json:",omitempty"` // rooms that are to follow
	Others   []Link    `json:",omitempty"` // links beside it that people may move to
}

// Channel is the incident's channel in Slack, once it exists.
type Channel struct {
	ID   string
	Name string
	Lost string // why there is none although there should be: Slack's word for it
}

// Log holds what people added to the timeline's lines afterwards. The original
// events stay as they are.
type Log struct {
	Edits     map[int64][]Edit // by sequence number of the entry; the last holds
	Hidden    map[int64]Edit   // entries that are not shown, with the reason
	Decisions []Decided
	Updates   []Update
	Inquiries []Inquiry        // about updates
	Asked     time.Time        // when Rollcall last said that an update is due
	Missed    int              // how often an update was due and there was none
	Snoozed   time.Time        // until when it was then told to wait
	Pins      map[string]int64 // message (channel:ts) to entry; for reactions
	Public    PublicPage       `json:",omitzero"`
}

// Edit is a new wording of an entry, or the reason why it is hidden.
type Edit struct {
	Text string
	By   PersonID
	At   time.Time
}

// Decided is one decision of the leader.
type Decided struct {
	Seq  int64
	Text string
	By   PersonID
	At   time.Time
}

// UpdateState is where a message to stakeholders stands.
type UpdateState string

// The states of an update. A new one is held for a moment, so that it can be stopped.
const (
	UpdateHeld    UpdateState = "held"
	UpdateSent    UpdateState = "sent"
	UpdateStopped UpdateState = "stopped"
)

// Update is one message to stakeholders.
type Update struct {
	Seq   int64 // E9 is 9
	Text  string
	By    PersonID
	At    time.Time // when it was written
	State UpdateState
	Sent  time.Time  // zero unless it went out
	To    []PersonID // who gets it as a direct message, as it was shown while it was held
	Seen  []Sight
}

// ID is the update's short id, such as "E9".
func (u Update) ID() string { return EntryID(u.Seq) }

// Trace is what undo, numbering and upgrades need to remember.
type Trace struct {
	Counters   Counters
	Recent     []Step                // the last commands, oldest first
	Unreadable string                // kind of the first event that this program cannot read
	Heard      map[PersonID]Presence `json:",omitempty"` // by what they did here themselves
}

// Counters are the numbers used so far.
type Counters struct {
	Tasks   int
	Actions int
	Pages   int `json:",omitempty"`
	Hooks   int `json:",omitempty"`
}

// Step is one command that changed the incident.
type Step struct {
	Command CommandID
	Actor   PersonID
	At      time.Time
	Seq     int64 // of its first event
	Kind    string
	Keys    []string
	Instead string // set when it cannot be undone: the text that says what to do instead
	Undone  bool
}

// recentSteps bounds Trace.Recent. Undo reaches back ten minutes; a busier
// incident than this many commands in ten minutes refuses the older ones.
const recentSteps = 40

// New is an incident before its first event.
func New(id ID) *Incident { return &Incident{ID: id} }

// Key is the name people use for it, such as "INC-7".
func (i *Incident) Key() string { return Key(i.Identity.Number) }

// Call is the call to join; the zero Call when there is none.
func (i *Incident) Call() Call {
	if len(i.Calls) == 0 {
		return Call{}
	}
	return i.Calls[len(i.Calls)-1]
}

// Snapshot is the state as bytes, to be read by Restore of the same FoldVersion.
func (i *Incident) Snapshot() ([]byte, error) {
	b, err := json.Marshal(i)
	if err != nil {
		return nil, fmt.Errorf("snapshot %s: %w", i.ID, err)
	}
	return b, nil
}

// Restore reads what Snapshot wrote.
func Restore(snapshot []byte) (*Incident, error) {
	var i Incident
	if err := json.Unmarshal(snapshot, &i); err != nil {
		return nil, fmt.Errorf("restore a snapshot: %w", err)
	}
	return &i, nil
}
