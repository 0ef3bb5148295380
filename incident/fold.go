package incident

import (
	"errors"
	"slices"
)

// ErrRefold is returned by Apply when the event undoes an earlier command: the
// state has then to be built again with Fold from the whole log.
var ErrRefold = errors.New("the log must be folded again")

// ErrGap is returned by Apply when the record is not the next one.
var ErrGap = errors.New("record out of sequence")

// Apply folds the next record into the incident. After ErrRefold or ErrGap the
// incident is unchanged.
func (i *Incident) Apply(r Record) error {
	if r.Seq != i.Head+1 {
		return ErrGap
	}
	if _, ok := r.Event.(Undone); ok {
		return ErrRefold
	}
	i.fold(r, false)
	return nil
}

// Fold builds the incident from its whole log. Events of a command that was
// undone do not take effect; the numbers they used stay used.
func Fold(id ID, log []Record) (*Incident, error) {
	undone := map[CommandID]bool{}
	for _, r := range log {
		if u, ok := r.Event.(Undone); ok {
			undone[u.Command] = true
		}
	}
	i := New(id)
	for _, r := range log {
		if r.Seq != i.Head+1 {
			return nil, ErrGap
		}
		i.fold(r, undone[r.Command])
	}
	return i, nil
}

// fold takes one record in; skipped records only use up their numbers.
func (i *Incident) fold(r Record, skip bool) {
	i.Head = r.Seq
	if n, ok := r.Event.(numbering); ok {
		n.number(&i.Trace.Counters)
	}
	if u, ok := r.Event.(Unknown); ok && i.Trace.Unreadable == "" {
		i.Trace.Unreadable = u.Name // when undone, too: which numbers it used nobody here can tell
	}
	i.remember(r, skip)
	if !skip {
		r.Event.apply(i, r)
		i.tellLate(r)
	}
}

// remember notes the command for undo. What Rollcall did by itself is
// remembered too: it may have touched what a person wants to take back.
func (i *Incident) remember(r Record, undone bool) {
	steps := i.Trace.Recent
	if n := len(steps); n == 0 || steps[n-1].Command != r.Command {
		steps = append(steps, Step{Command: r.Command, Actor: r.Actor, At: r.At, Seq: r.Seq, Kind: r.Event.Kind()})
		i.hear(r)
	}
	s := &steps[len(steps)-1]
	s.Undone = undone
	for _, k := range r.Event.Keys() {
		if !slices.Contains(s.Keys, k) {
			s.Keys = append(s.Keys, k)
		}
	}
	if p, ok := r.Event.(permanent); ok && s.Instead == "" {
		s.Instead = p.instead()
	}
	if len(steps) > recentSteps {
		steps = steps[len(steps)-recentSteps:] // append makes room anew now and then, not at each event
	}
	i.Trace.Recent = steps
}
