package slackfake

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/standin"
)

// Call is one thing that the bot sent: a call of a method, a post to a response URL ("response_url"), a file's bytes
// ("upload"), or the answer to a command, a click or an event ("answer").
type Call struct {
	Seq    int
	Method string
	Args   map[string]string // decoded, without the token; JSON is kept as JSON
	Token  string            // bot, app, unknown, or "" for none
	At     time.Time         // on the workspace's clock
	OK     bool              // answered with a yes, which may still have got lost on the way
	Done   bool              // carried out, whatever the bot was told
	Error  string
	Status int    // HTTP; 0 when the bot got none
	Fault  string // kind of the fault that befell it
	Retry  int    // seconds of a Retry-After; 0 for none
}

// Violation is a call made before the end of a Retry-After.
type Violation struct {
	Key   string // the method, and for chat.postMessage the channel
	At    time.Time
	Until time.Time
}

// ledger remembers everything that the bot sent, and what it had been told to wait for.
type ledger struct {
	standin.Ledger[Call]
	mu         sync.Mutex // of what follows
	violations []Violation
	rates      rates
}

func (l *ledger) init() { l.rates = newRates() }

// Calls returns what was sent, in order: by one method, or all of it for "".
func (ws *Workspace) Calls(method string) []Call {
	calls := ws.ledger.Calls(func(c Call) bool { return method == "" || c.Method == method })
	for n := range calls {
		calls[n].Args = maps.Clone(calls[n].Args)
	}
	return calls
}

// Done counts the calls of a method that were carried out, whatever the bot was told.
func (ws *Workspace) Done(method string) int {
	return ws.ledger.Count(func(c Call) bool { return c.Done && (method == "" || c.Method == method) })
}

// Violations returns the calls that were made although the bot had been told to wait.
func (ws *Workspace) Violations() []Violation {
	ws.ledger.mu.Lock()
	defer ws.ledger.mu.Unlock()
	return slices.Clone(ws.ledger.violations)
}

// Sent returns everything that the bot ever sent, decoded, a call a line, to look for what must not be there.
func (ws *Workspace) Sent() string {
	var b strings.Builder
	for _, c := range ws.Calls("") {
		b.WriteString(c.String())
		b.WriteByte('\n')
	}
	return b.String()
}

// String is a call with all that was in it.
func (c Call) String() string {
	var b strings.Builder
	b.WriteString(c.Method)
	for _, name := range slices.Sorted(maps.Keys(c.Args)) {
		b.WriteString(" " + name + "=" + c.Args[name])
	}
	return b.String()
}

// Mentioning returns the calls that contain a text, in order.
func (ws *Workspace) Mentioning(text string) []Call {
	var out []Call
	for _, c := range ws.Calls("") {
		if strings.Contains(c.String(), text) {
			out = append(out, c)
		}
	}
	return out
}
