package standin

import (
	"math/rand"
	"slices"
	"sync"
	"time"
)

// Kind is a way in which an outside service can fail.
type Kind string

// The ways to fail. Where the reply is what goes wrong (SlowReply, LostReply,
// Garbled, ErrorDone) the call is carried out; otherwise it is not, Slow aside,
// which is only late. Which of them a stand-in knows, it says itself.
const (
	Hang      Kind = "hang"       // no answer for Delay, or until the caller gives up; then the connection ends
	Slow      Kind = "slow"       // carried out after Delay
	SlowReply Kind = "slow_reply" // carried out at once, answered after Delay
	Status    Kind = "status"     // an HTTP status with HTML, as an edge sends: 500 unless Code says otherwise
	BodyError Kind = "body_error" // a refusal with Error
	Limited   Kind = "limited"    // 429, to come back after RetryAfter seconds
	LimitedNo Kind = "limited_no" // 429 without any header
	Reset     Kind = "reset"      // the connection is reset
	LostReply Kind = "lost_reply" // carried out, then the connection is reset
	Garbled   Kind = "garbled"    // carried out, then half an answer
	ErrorDone Kind = "error_done" // carried out, then answered with Error
)

// Fault is something that goes wrong with calls, which the ledger keeps as C.
type Fault[C any] struct {
	Method string // as the ledger calls it, such as chat.postMessage or "POST /incidents"; "" for all
	Kind   Kind
	Times  int     // how often; 0 for until it is removed
	Chance float64 // of each call, 0 < Chance < 1; otherwise every call
	Skip   int     // how many calls to let through first
	// Match picks calls by what is in them; nil for all. It must not ask the stand-in.
	Match func(C) bool

	Delay      time.Duration // of Hang (0 for as long as the caller waits), Slow and SlowReply; real time
	Code       int           // of Status
	Error      string        // of BodyError and ErrorDone
	RetryAfter int           // of Limited, in seconds
}

// Faults are the faults in force. NewFaults makes one; it is safe for concurrent use.
type Faults[C any] struct {
	mu     sync.Mutex
	random *rand.Rand
	list   []*Fault[C]
	down   bool
}

// NewFaults holds no fault yet. The seed is for those that happen with a chance.
func NewFaults[C any](seed int64) *Faults[C] {
	return &Faults[C]{random: rand.New(rand.NewSource(seed))}
}

// Inject puts a fault in force; the returned function takes it back.
func (b *Faults[C]) Inject(f Fault[C]) (remove func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.list = append(b.list, &f)
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.list = slices.DeleteFunc(b.list, func(o *Fault[C]) bool { return o == &f })
	}
}

// Heal takes all faults back.
func (b *Faults[C]) Heal() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.list, b.down = nil, false
}

// SetDown makes the service unreachable, or reachable again: Take then answers Reset to every call.
func (b *Faults[C]) SetDown(down bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.down = down
}

// Down says whether the service is unreachable.
func (b *Faults[C]) Down() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.down
}

// Take returns the fault that befalls a call; its Kind is "" for none.
func (b *Faults[C]) Take(method string, c C) Fault[C] {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down {
		return Fault[C]{Kind: Reset}
	}
	for n, f := range b.list {
		switch {
		case f.Method != "" && f.Method != method, f.Match != nil && !f.Match(c):
			continue
		case f.Chance > 0 && f.Chance < 1 && b.random.Float64() >= f.Chance:
			continue
		case f.Skip > 0:
			f.Skip--
			continue
		}
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				b.list = slices.Delete(slices.Clone(b.list), n, n+1)
			}
		}
		return *f
	}
	return Fault[C]{}
}
