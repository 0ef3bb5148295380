package outbound

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/rollcall-bot/rollcall/incident"
)

// Trouble is something that went wrong inside the program: a panic, or a step that
// was given up. It holds words of our own and ids, nothing that a person typed: not
// the text of an error, which may quote one.
type Trouble struct {
	Kind     string // where, such as "job drain" or "request"
	What     string // such as "panic: runtime error: index out of range" or "chat.postMessage: not_in_channel"
	Incident incident.ID
	Stack    []byte // of a panic
	Standing bool   // it lasts, and has a message of its own in Slack
}

// Panicked is the trouble of a panic. Of what it was about only Go's own words are
// told, else the type: a panic may quote what somebody typed.
func Panicked(kind string, p any, stack []byte) Trouble {
	what := fmt.Sprintf("panic: %T", p)
	if err, ok := p.(error); ok {
		var own runtime.Error
		if errors.As(err, &own) {
			what = "panic: " + own.Error()
		}
	}
	return Trouble{Kind: kind, What: what, Stack: stack}
}
