package storage

// ReturnNumber gives back the number that NextNumber gave to an incident which
// was then refused, so that keys grow by one.
func (tx *Tx) ReturnNumber(n int) error {
	_, err := tx.exec(`UPDATE counter SET value = $1 WHERE workspace = $2 AND name = 'incident' AND value = $3`,
		int64(n-1), Local, int64(n))
	return err
}
