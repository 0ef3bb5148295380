package outbound

import (
	"errors"
	"fmt"
	"time"
)

// End says how a step ended that did not succeed.
type End string

// The ends. What is not certain is Unclear: a step may be repeated freely only
// when it is certain that it was not carried out.
const (
	Delayed End = "delayed"  // not carried out, and not to be tried before Wait has passed
	NotDone End = "not_done" // certainly not carried out: nobody was reached
	Unclear End = "unclear"  // may have been carried out: look before repeating
	Refused End = "refused"  // the other side said no, and will say no again
)

// The codes of a step that is Delayed because of how often it was taken. Any
// other Delayed is about the other side as a whole.
const (
	Limited     = "limit"       // by our own count, ahead of time
	RateLimited = "ratelimited" // by the other side
)

// Unavailable is the code of a step that is Refused because the other side does not
// offer it to this installation, such as in a plan without it. Something else stands
// in for it, so that whoever runs Rollcall is told, and nobody else.
const Unavailable = "unavailable"

// Failure is the only error of a step.
type Failure struct {
	End  End
	Wait time.Duration // of Delayed
	Code string        // the other side's word for it, such as "missing_scope"
	Fix  string        // of Refused: one sentence that says what to change, for the operator
	Step string        // what was tried, such as "conversations.create"
	Err  error         // the cause, without secrets; may be nil
}

// Error names step, end and cause. It holds neither a token nor a text that a
// person typed.
func (f *Failure) Error() string {
	switch {
	case f.Code != "":
		return fmt.Sprintf("%s: %s: %s", f.Step, f.End, f.Code)
	case f.End == Delayed:
		return fmt.Sprintf("%s: delayed by %s", f.Step, f.Wait)
	default:
		return fmt.Sprintf("%s: %s: %v", f.Step, f.End, f.Err)
	}
}

// Unwrap is the cause.
func (f *Failure) Unwrap() error { return f.Err }

// FailureOf is the Failure inside err. An error that is none is taken for
// Unclear, since nothing is known of it; nil is nil.
func FailureOf(err error) *Failure {
	if err == nil {
		return nil
	}
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return &Failure{End: Unclear, Step: "step", Err: err}
}

// Refusal is the Failure inside err when it is a refusal.
func Refusal(err error) (f *Failure, ok bool) {
	f = FailureOf(err)
	return f, f != nil && f.End == Refused
}
