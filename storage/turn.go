package storage

import "time"

// TakeTurn gives the turn at something that only one process may do at a time, until
// a moment, unless another has it. Times are of one clock. The name must be of its
// own among clocks.
func (tx *Tx) TakeTurn(name string, now, until time.Time) (taken bool, err error) {
	n, err := tx.exec(`INSERT INTO clock (workspace, name, at) VALUES ($1, $2, $3)
		ON CONFLICT (workspace, name) DO UPDATE SET at = $3 WHERE clock.at <= $4`, Local, name, micros(until), micros(now))
	return n == 1, err
}

// EndTurn gives a turn back that was taken until a moment; one that was over and
// that another has taken meanwhile stays theirs.
func (tx *Tx) EndTurn(name string, until time.Time) error {
	_, err := tx.exec(`DELETE FROM clock WHERE workspace = $1 AND name = $2 AND at = $3`, Local, name, micros(until))
	return err
}
