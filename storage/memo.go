package storage

// memoLimit bounds what the writer remembers; beyond it everything is forgotten.
const memoLimit = 20_000

// question is a look-up whose answer the writer remembers.
type question struct{ what, who, about string }

// memo is what the writer remembers of who people are and what they may see, so
// that a command does not ask the database again what the one before it asked.
// It is touched by the writer's goroutine only.
//
// It holds exactly as long as nobody else can have changed the database
// (engine.Tx.Seen), and forgets everything when this program changes one of the
// tables it is about: person, workspace, member, channel, and new incidents. Of
// meta and seen, which change more often, it forgets what changed.
type memo struct {
	seen      int64 // the version of the database that the answers are of
	known     map[question]any
	unsettled map[question]bool // changed by this transaction, which may be rolled back
}

// begin makes the memo fit the database as a transaction finds it.
func (m *memo) begin(seen int64) {
	m.unsettled = nil
	if m.known == nil || m.seen != seen || len(m.known) > memoLimit {
		m.seen, m.known = seen, map[question]any{}
	}
}

// remembered is the answer to q: the one that is known, else what ask finds. An
// error is not remembered.
func remembered[T any](r *Reader, q question, ask func() (T, error)) (T, error) {
	if r.memo == nil {
		return ask()
	}
	if a, ok := r.memo.known[q].(T); ok {
		return a, nil
	}
	a, err := ask()
	if err == nil && r.memo.known != nil && !r.memo.unsettled[q] {
		r.memo.known[q] = a
	}
	return a, err
}

// forget drops what is remembered, and remembers nothing more in this
// transaction: what it reads from here on may be rolled back.
func (tx *Tx) forget() {
	tx.b.w.memo = memo{}
	tx.b.forgetful = true
	tx.memo = nil
}

// forgetOne drops one answer, and does not remember another one in this transaction.
func (tx *Tx) forgetOne(q question) {
	if tx.memo == nil {
		return
	}
	delete(tx.memo.known, q)
	if tx.memo.unsettled == nil {
		tx.memo.unsettled = map[question]bool{}
	}
	tx.memo.unsettled[q] = true
}
