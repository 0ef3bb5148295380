package storage

import "time"

// Clock is when a clock of the whole workspace rings next; NotFound when it has
// never been set.
func (r *Reader) Clock(name string) (time.Time, error) {
	var at int64
	err := r.row(`SELECT at FROM clock WHERE workspace = $1 AND name = $2`, args{Local, name}, &at)
	return moment(at), err
}

// AddClock sets a clock that has never been set.
func (tx *Tx) AddClock(name string, at time.Time) error {
	_, err := tx.exec(`INSERT INTO clock (workspace, name, at) VALUES ($1, $2, $3) ON CONFLICT (workspace, name) DO NOTHING`, Local, name, micros(at))
	return err
}

// MoveClock sets a clock that still stands as it was seen to. moved is false when
// another process was faster.
func (tx *Tx) MoveClock(name string, from, to time.Time) (moved bool, err error) {
	n, err := tx.exec(`UPDATE clock SET at = $4 WHERE workspace = $1 AND name = $2 AND at = $3`, Local, name, micros(from), micros(to))
	return n == 1, err
}
