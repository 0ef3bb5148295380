package incident

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// AlarmRef names one alarm of the system that raised it. A system whose ids come
// back puts the time at which the alarm began into the id, or reports AlarmReopened.
type AlarmRef struct {
	Source string // "pagerduty", "alertmanager", "grafana", "sentry", "synthetic" or a name from the settings
	ID     string // the system's own id of the alarm
}

// Key spells it for what is unique across incidents.
func (r AlarmRef) Key() string { return r.Source + "/" + r.ID }

// AlarmKind is what happened to an alarm over there.
type AlarmKind string

// The kinds. Triggered and Reopened raise, Resolved clears; all others are told
// on the timeline and may change what is known of the alarm.
const (
	AlarmTriggered   AlarmKind = "triggered"
	AlarmReopened    AlarmKind = "reopened"
	AlarmResolved    AlarmKind = "resolved"
	AlarmAcked       AlarmKind = "acknowledged"
	AlarmUnacked     AlarmKind = "unacknowledged"
	AlarmEscalated   AlarmKind = "escalated"
	AlarmReassigned  AlarmKind = "reassigned"
	AlarmDelegated   AlarmKind = "delegated"
	AlarmAnnotated   AlarmKind = "annotated"
	AlarmPrioritised AlarmKind = "prioritised"
	AlarmAsked       AlarmKind = "responder_asked"
	AlarmAnswered    AlarmKind = "responder_answered"
	AlarmPublished   AlarmKind = "status_published" // a status update went out over there
	AlarmChanged     AlarmKind = "changed"          // anything else that changed the alarm
)

// AlarmFacts are what a report says of its alarm; empty for what it does not say.
type AlarmFacts struct {
	Title    string `json:",omitempty"`
	Service  string `json:",omitempty"`
	Urgency  string `json:",omitempty"` // "high" or "low", or the monitor's own word
	Priority string `json:",omitempty"` // such as "P1"
	URL      string `json:",omitempty"` // where it is seen over there
}

// AlarmReport is one message of a monitor or a paging system about one alarm.
// Reports may come in any order and lead to one state.
type AlarmReport struct {
	Ref   AlarmRef
	Kind  AlarmKind
	At    time.Time // when it happened over there
	Began time.Time `json:",omitzero"` // when the alarm began; zero when not said
	Facts AlarmFacts
	By    string   `json:",omitempty"` // who did it over there, as called there; "" for nobody
	Who   []string `json:",omitempty"` // to whom it was given, or who was asked
	Text  string   `json:",omitempty"` // of a note; with the end of an alarm, what is to be known of it
	// Ahead says that the report's clock was ahead of ours: it stands on the
	// timeline at the time it came.
	Ahead bool `json:",omitempty"`
}

// Raises says whether the report is of an alarm that goes off.
func (r AlarmReport) Raises() bool { return r.Kind == AlarmTriggered || r.Kind == AlarmReopened }

// Command is the command by which an incident learns of the report.
func (r AlarmReport) Command() Command {
	switch {
	case r.Raises():
		return RaiseAlarm{r}
	case r.Kind == AlarmResolved:
		return ClearAlarm{r}
	default:
		return NoteAlarm{r}
	}
}

// Limits of what a machine may write into an incident, in characters. Longer
// texts are cut: a machine cannot be asked to say it shorter.
const (
	alarmWord = 120
	alarmURL  = 1000
	alarmList = 20
)

// Tidy brings a report into a form that can be stored and shown: texts on one
// line and cut, no mark of a person, no address but one of the web.
func (r AlarmReport) Tidy() AlarmReport {
	r.Facts = AlarmFacts{
		Title: oneLine(r.Facts.Title, TitleLimit), Service: oneLine(r.Facts.Service, alarmWord), Urgency: oneLine(r.Facts.Urgency, alarmWord),
		Priority: oneLine(r.Facts.Priority, alarmWord), URL: webURL(r.Facts.URL),
	}
	r.By = oneLine(r.By, alarmWord)
	r.Text = shortened(unmarked(strings.TrimSpace(r.Text)), TextLimit-alarmWord)
	var who []string
	for _, w := range r.Who {
		if w = oneLine(w, alarmWord); w != "" && len(who) < alarmList && !slices.Contains(who, w) {
			who = append(who, w)
		}
	}
	r.Who = who
	return r
}

func oneLine(text string, limit int) string {
	return shortened(strings.Join(strings.Fields(unmarked(text)), " "), limit)
}

// unmarked keeps foreign text from looking like the mark of a person.
func unmarked(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "<@", "< @")
}

func shortened(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit-1]) + "…"
}

func webURL(address string) string {
	if len(address) > alarmURL || strings.ContainsAny(address, " \t\r\n<>\"`|") ||
		!strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
		return ""
	}
	return address
}

// AlarmState is where an alarm stands over there.
type AlarmState string

// The states of an alarm.
const (
	Firing AlarmState = "firing"
	Taken  AlarmState = "acknowledged"
	Quiet  AlarmState = "resolved"
)

// Told is the latest value given for something, by the giver's own clock.
type Told struct {
	Value string    `json:",omitempty"`
	At    time.Time `json:",omitzero"`
}

// take lets the later value hold; of two of the same moment always the same one.
func (t *Told) take(value string, at time.Time) {
	if value == "" {
		return
	}
	if t.Value == "" || cmp.Or(at.Compare(t.At), cmp.Compare(value, t.Value)) > 0 {
		*t = Told{value, at}
	}
}

// Alarm is what is known of one alarm: every report folded, in whatever order.
type Alarm struct {
	Ref      AlarmRef
	Began    time.Time // the earliest time that any report gave; zero while none did
	Title    Told
	Service  Told
	Urgency  Told
	Priority Told
	URL      Told
	With     Told // who has it over there

	Acked Told // "acknowledged" or "firing"
	Turns AlarmTurns
	Since time.Time // when this incident last heard of it
}

// AlarmTurns are the times at which it went off and was over; zero for none.
type AlarmTurns struct {
	Raised   time.Time `json:",omitzero"` // the earliest time it is said to have gone off, which may be after it began
	Cleared  time.Time `json:",omitzero"` // the latest time it was resolved
	Reopened time.Time `json:",omitzero"` // the latest time it was opened again
}

// State is where it stands. Resolved is final unless it was opened again later.
func (a Alarm) State() AlarmState {
	switch {
	case !a.Turns.Cleared.IsZero() && !a.Turns.Reopened.After(a.Turns.Cleared):
		return Quiet
	case a.Acked.Value == string(Taken):
		return Taken
	default:
		return Firing
	}
}

// Name is its title, or its id while nobody gave one.
func (a Alarm) Name() string { return cmp.Or(a.Title.Value, a.Ref.ID) }

// Facts are the values that hold.
func (a Alarm) Facts() AlarmFacts {
	return AlarmFacts{
		Title: a.Title.Value, Service: a.Service.Value, Urgency: a.Urgency.Value, Priority: a.Priority.Value, URL: a.URL.Value,
	}
}

// Take folds a report in.
func (a *Alarm) Take(r AlarmReport) {
	a.Ref = r.Ref
	began := r.Began
	if began.IsZero() && r.Raises() {
		began = r.At
	}
	if !began.IsZero() && (a.Began.IsZero() || began.Before(a.Began)) {
		a.Began = began
	}
	if r.Kind == AlarmTriggered && !r.Ahead && (a.Turns.Raised.IsZero() || r.At.Before(a.Turns.Raised)) {
		a.Turns.Raised = r.At
	}
	a.Title.take(r.Facts.Title, r.At)
	a.Service.take(r.Facts.Service, r.At)
	a.Urgency.take(r.Facts.Urgency, r.At)
	a.Priority.take(r.Facts.Priority, r.At)
	a.URL.take(r.Facts.URL, r.At)
	switch r.Kind {
	case AlarmResolved:
		a.Turns.Cleared = latest(a.Turns.Cleared, r.At)
	case AlarmReopened:
		a.Turns.Reopened = latest(a.Turns.Reopened, r.At)
		a.Acked.acked(Firing, r.At)
	case AlarmTriggered, AlarmUnacked, AlarmEscalated:
		a.Acked.acked(Firing, r.At)
	case AlarmAcked:
		a.Acked.acked(Taken, r.At)
	default: // tells without changing where it stands
	}
	if r.Kind != AlarmAsked && r.Kind != AlarmAnswered {
		a.With.take(list(r.Who), r.At)
	}
}

// acked is take, but of two reports of the same moment the acknowledgement holds.
func (t *Told) acked(state AlarmState, at time.Time) {
	if t.Value == "" || at.After(t.At) || at.Equal(t.At) && state == Taken {
		*t = Told{string(state), at}
	}
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// FoldAlarm is what a set of reports says of their alarm.
func FoldAlarm(reports []AlarmReport) Alarm {
	var a Alarm
	for _, r := range reports {
		a.Take(r)
	}
	return a
}

// Alarm finds an alarm of the incident.
func (b Board) Alarm(ref AlarmRef) (Alarm, bool) {
	for _, a := range b.Alarms {
		if a.Ref == ref {
			return a, true
		}
	}
	return Alarm{Ref: ref}, false
}

// AllQuiet says that the incident has alarms and that every one is resolved.
func (b Board) AllQuiet() bool {
	return len(b.Alarms) > 0 && !slices.ContainsFunc(b.Alarms, func(a Alarm) bool { return a.State() != Quiet })
}

// with is the incident's alarms as they will be after a report.
func (b Board) with(rep AlarmReport) Board {
	a, _ := b.Alarm(rep.Ref)
	a.Take(rep)
	b.Alarms = append(slices.DeleteFunc(slices.Clone(b.Alarms), func(o Alarm) bool { return o.Ref == rep.Ref }), a)
	return b
}
