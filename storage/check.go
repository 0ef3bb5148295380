package storage

import (
	"time"
)

// CheckState is where one of Rollcall's own checks stands.
type CheckState struct {
	Name     string
	Next     time.Time // when it is run again
	Failures int       // in a row; 0 while all is well
	Since    time.Time // the first of these failures; zero while all is well
	Last     time.Time // when it last ended; zero when it never ran
	Result   string    // why it last failed, "" when it did not
	Alarm    string    // id of the alarm that it raised, "" for none
	Told     bool      // whether that alarm has been taken in
}

const checkColumns = `SELECT name, next_at, failures, failed_since, last_at, last_result, alarm, told FROM check_state WHERE workspace = $1`

// CheckStates lists where all checks stand, by name.
func (r *Reader) CheckStates() ([]CheckState, error) {
	return collect(r, checkColumns+` ORDER BY name`, args{Local}, scanCheck)
}

// CheckState is where one check stands; the code is NotFound when it has no row.
func (r *Reader) CheckState(name string) (c CheckState, err error) {
	all, err := collect(r, checkColumns+` AND name = $2`, args{Local, name}, scanCheck)
	if err == nil && len(all) == 0 {
		return c, refused(NotFound, "there is no such check")
	}
	if err != nil {
		return c, err
	}
	return all[0], nil
}

func scanCheck(rows scanner) (CheckState, error) {
	var c CheckState
	var next, failures, since, last, told int64
	err := rows.Scan(&c.Name, &next, &failures, &since, &last, &c.Result, &c.Alarm, &told)
	c.Next, c.Failures, c.Since, c.Last, c.Told = moment(next), int(failures), moment(since), moment(last), told != 0
	return c, err
}

// AddCheck makes a check's row when there is none, to be run at a time.
func (tx *Tx) AddCheck(name string, next time.Time) error {
	_, err := tx.exec(`INSERT INTO check_state (workspace, name, next_at) VALUES ($1, $2, $3) ON CONFLICT (workspace, name) DO NOTHING`,
		Local, name, micros(next))
	return err
}

// TakeCheck moves a check that is due by now on to its next time. taken is false
// when it is not due (any more): another replica was faster.
func (tx *Tx) TakeCheck(name string, now, next time.Time) (taken bool, err error) {
	n, err := tx.exec(`UPDATE check_state SET next_at = $3 WHERE workspace = $1 AND name = $2 AND next_at <= $4`,
		Local, name, micros(next), micros(now))
	return n == 1, err
}

// SaveCheck stores how a check ended. Its next time stays.
func (tx *Tx) SaveCheck(c CheckState) error {
	_, err := tx.exec(`UPDATE check_state SET failures = $3, failed_since = $4, last_at = $5, last_result = $6, alarm = $7, told = $8
		WHERE workspace = $1 AND name = $2`,
		Local, c.Name, int64(c.Failures), micros(c.Since), micros(c.Last), clean(c.Result), c.Alarm, flag(c.Told))
	return err
}

// DropCheck removes the row of a check that there is no more.
func (tx *Tx) DropCheck(name string) error {
	_, err := tx.exec(`DELETE FROM check_state WHERE workspace = $1 AND name = $2`, Local, name)
	return err
}
