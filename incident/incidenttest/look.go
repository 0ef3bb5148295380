package incidenttest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// Render turns a text into words, or says why that fails. A test sets it to have
// every text that a World says rendered with the arguments it really gets.
var Render func(incident.Say) (string, error)

// checkSay holds what a decision says to what storage and rendering can take.
func (w *World) checkSay(verb string, d incident.Decision) {
	w.t.Helper()
	says := []incident.Say{d.Say, d.UndoHint()}
	choices := d.Choices
	for _, e := range d.Effects {
		says, choices = append(says, e.Say), append(choices, e.Choices...)
	}
	w.checkTexts(verb, says, choices)
}

func (w *World) checkTexts(verb string, says []incident.Say, choices []incident.Choice) {
	w.t.Helper()
	for _, c := range choices {
		says = append(says, c.Label)
	}
	for _, s := range says {
		if _, err := json.Marshal(s.Args); err != nil {
			w.t.Errorf("%s says %s: %v", verb, s.ID, err)
		}
		if Render == nil || s.ID == "" {
			continue
		}
		if text, err := Render(s); err != nil || text == "" {
			w.t.Errorf("%s says %s with %v: %q %v", verb, s.ID, s.Args, text, err)
		}
	}
}

// Advance lets time pass. Clocks that become due meanwhile fire at their moment,
// the earliest first; what they decided is returned.
func (w *World) Advance(d time.Duration) []incident.Decision {
	w.t.Helper()
	end := w.Now.Add(d)
	var fired []incident.Decision
	for n := 0; ; n++ {
		due, ok := w.next(end)
		if !ok {
			break
		}
		if n > 1000 {
			w.t.Fatalf("the clock %q never ends", due.Kind)
		}
		if due.At.After(w.Now) {
			w.Now = due.At
		}
		head, step := w.Incident.Head, w.Step
		w.Step = 0
		decision := w.Do(incident.System, incident.Fire{Due: due})
		w.Step = step
		if w.Incident.Head == head {
			w.silent[due] = head
		}
		fired = append(fired, decision)
	}
	w.Now = end
	return fired
}

// next is the earliest clock up to a moment, without those that looked at this
// very state and had nothing to say.
func (w *World) next(end time.Time) (incident.Due, bool) {
	dues := slices.DeleteFunc(incident.Dues(w.Incident, w.Policy), func(d incident.Due) bool {
		head, silent := w.silent[d]
		return d.At.After(end) || silent && head == w.Incident.Head
	})
	if len(dues) == 0 {
		return incident.Due{}, false
	}
	return slices.MinFunc(dues, func(a, b incident.Due) int { return a.At.Compare(b.At) }), true
}

// Due is when a clock is due; the zero time when it is not set.
func (w *World) Due(kind string) time.Time {
	for _, d := range incident.Dues(w.Incident, w.Policy) {
		if d.Kind == kind {
			return d.At
		}
	}
	return time.Time{}
}

// Lines are the lines of the timeline, without times and people in front.
func (w *World) Lines() []string {
	var lines []string
	for _, l := range incident.Timeline(w.Incident, w.Records, Names{}) {
		lines = append(lines, l.Text)
	}
	return lines
}

// LastLine is the last line of the log that the timeline shows.
func (w *World) LastLine() string {
	for n := len(w.Records) - 1; n >= 0; n-- {
		if text := w.Records[n].Event.Line(Names{}); text != "" {
			return text
		}
	}
	return ""
}

// MustUndo runs a command, takes it back and fails unless the state is then as
// before, but for the numbers used, the log and what undo itself remembers.
func (w *World) MustUndo(actor incident.PersonID, c incident.Command) {
	w.t.Helper()
	before := w.state()
	w.Do(actor, c)
	if w.state() == before {
		w.t.Fatalf("%s changed nothing that is shown", c.Verb())
	}
	w.Do(actor, incident.Undo{})
	if after := w.state(); after != before {
		w.t.Fatalf("%s undone leaves\n%s\nand not\n%s", c.Verb(), after, before)
	}
}

func (w *World) state() string {
	i := *w.Incident
	i.Head, i.Trace = 0, incident.Trace{}
	return w.snapshot(&i)
}

// ChoiceLines are the commands that buttons run, as they would be typed.
func ChoiceLines(choices []incident.Choice) []string {
	var lines []string
	for _, c := range choices {
		lines = append(lines, c.Line)
	}
	return lines
}

// MustOffer fails unless exactly these commands are offered, in this order.
func MustOffer(t testing.TB, choices []incident.Choice, lines ...string) {
	t.Helper()
	if got := ChoiceLines(choices); !slices.Equal(got, lines) {
		t.Fatalf("offered are %s; it should be %s", strings.Join(got, " | "), strings.Join(lines, " | "))
	}
}
