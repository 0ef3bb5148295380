package standin

import "sync"

// Ledger remembers everything that was sent to a stand-in, in order. The zero
// Ledger is empty; it is safe for concurrent use.
type Ledger[C any] struct {
	mu    sync.Mutex
	calls []C
}

// Add writes a call down. numbered makes it with its place in the ledger, from 1.
func (l *Ledger[C]) Add(numbered func(seq int) C) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, numbered(len(l.calls)+1))
}

// Calls are the calls of which keep says yes, in order.
func (l *Ledger[C]) Calls(keep func(C) bool) []C {
	l.mu.Lock()
	defer l.mu.Unlock()
	var kept []C
	for _, c := range l.calls {
		if keep(c) {
			kept = append(kept, c)
		}
	}
	return kept
}

// Count is how many calls there are of which which says yes.
func (l *Ledger[C]) Count(which func(C) bool) int { return len(l.Calls(which)) }
