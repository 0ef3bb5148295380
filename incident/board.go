package incident

import "time"

// Leadership is who leads. A leader who was named leads once accepted; until
// then the former one stays.
type Leadership struct {
	Leader  PersonID // System while nobody leads
	Named   PersonID // asked to lead and not yet accepted
	NamedBy PersonID
	NamedAt time.Time
	Terms   []Term

	Asked     bool       // Rollcall asked who leads
	Nominated bool       // Rollcall named somebody by itself
	Reminded  bool       // of being named
	Missed    time.Time  // when the channel was last asked whether the leader is there
	Declined  []PersonID // said no when they were named
}

// Term is one leader's time.
type Term struct {
	Leader PersonID
	From   time.Time
	Seq    int64
}

// Board is the work that was divided up, tasks and services, and what set it off.
type Board struct {
	Tasks      []Task
	Confirmed  bool // the leader said that the list of tasks is right
	CauseWaits bool // somebody was reminded to roll back before looking for the cause
	Services   []Service
	Customers  []Customer
	Followers  []PersonID
	Deadlocks  []Deadlock
	Uninvited  []PersonID // whom Slack did not let into the channel
	Outside

	Unacked    []PersonID // leaders in whose name no alarm could be acknowledged
	Alarms     []Alarm    // of monitors and paging systems, sorted by their names there
	AlarmAsked time.Time  // when the channel was last asked something because of an alarm
}

// Outside is what was set going elsewhere, and what was left behind there.
type Outside struct {
	Pages    []Paging
	HookRuns []HookRun `json:",omitempty"`
	Repair   Repair    `json:",omitzero"` // of data that the outage left wrong
}

// TaskState is where a task stands.
type TaskState string

// The states of a task.
const (
	TaskOpen    TaskState = "open"
	TaskDone    TaskState = "done"
	TaskDropped TaskState = "dropped"
)

// Task is one piece of work of the response.
type Task struct {
	Number   int // T2 is 2
	Text     string
	Owner    PersonID // System while nobody has it
	Joined   []PersonID
	State    TaskState
	Reason   string // why it was dropped
	AddedBy  PersonID
	AddedAt  time.Time
	ClosedBy PersonID
	ClosedAt time.Time
}

// ID is the task's short id, such as "T2".
func (t Task) ID() string { return TaskID(t.Number) }

// ServiceState is what is known of a service.
type ServiceState string

// The states of a service on the surface board.
const (
	Unrated    ServiceState = "unknown"
	Bleeding   ServiceState = "bleeding"
	Suspect    ServiceState = "suspect"
	RollingNow ServiceState = "rolling-back"
	RolledBack ServiceState = "rolled-back"
	RollFailed ServiceState = "rollback-failed"
	NotNeeded  ServiceState = "not-needed"
	Clear      ServiceState = "clear"
)

// Service is one row of the surface board.
type Service struct {
	Name   string
	State  ServiceState
	By     PersonID
	At     time.Time
	Reason string
	Owner  PersonID // who rolls it back
	After  string   // what becomes of the rollback: "" while nobody has said, else RolledForward or Kept
}

// What becomes of a service that was rolled back, once users are well.
const (
	RolledForward = "forward"
	Kept          = "keep"
)

// Settled says that nothing is left to roll back here.
func (s Service) Settled() bool {
	return s.State == RolledBack || s.State == NotNeeded || s.State == Clear
}

// Customer is one row of the customer-success list.
type Customer struct {
	Name   string
	Told   bool
	ToldBy PersonID
	At     time.Time
}

// Deadlock is a question put to the leader.
type Deadlock struct {
	Seq      int64
	Question string
	By       PersonID
	At       time.Time
	Answer   string // empty while it is open
	Reminded bool

	AnsweredBy PersonID
	AnsweredAt time.Time
}

// ID is the question's short id, such as "E12".
func (d Deadlock) ID() string { return EntryID(d.Seq) }

// Task finds a task by its number.
func (b Board) Task(number int) (Task, bool) {
	for _, t := range b.Tasks {
		if t.Number == number {
			return t, true
		}
	}
	return Task{}, false
}

// OpenTasks are the tasks still to do, in the order they were added.
func (b Board) OpenTasks() []Task {
	var open []Task
	for _, t := range b.Tasks {
		if t.State == TaskOpen {
			open = append(open, t)
		}
	}
	return open
}

// Service finds a row of the surface board.
func (b Board) Service(name string) (Service, bool) {
	for _, s := range b.Services {
		if s.Name == name {
			return s, true
		}
	}
	return Service{}, false
}

// RollbackCount is how many services are settled, of how many on the board.
func (b Board) RollbackCount() (settled, total int) {
	for _, s := range b.Services {
		if s.Settled() {
			settled++
		}
	}
	return settled, len(b.Services)
}

// changeTask replaces a task by what change makes of it.
func (i *Incident) changeTask(number int, change func(*Task)) {
	for n := range i.Board.Tasks {
		if i.Board.Tasks[n].Number == number {
			change(&i.Board.Tasks[n])
		}
	}
}

// changeService changes a service's row, adding it when it is not there yet.
func (i *Incident) changeService(name string, change func(*Service)) {
	for n := range i.Board.Services {
		if i.Board.Services[n].Name == name {
			change(&i.Board.Services[n])
			return
		}
	}
	s := Service{Name: name, State: Unrated}
	change(&s)
	i.Board.Services = append(i.Board.Services, s)
}
