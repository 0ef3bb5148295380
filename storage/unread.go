package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

const (
	// KeepUnread is how long a message that nobody can read is kept after it last came.
	KeepUnread = 7 * 24 * time.Hour
	// UnreadBody bounds what is kept of one, in bytes.
	UnreadBody = 64 << 10
	// UnreadRows is how many are kept of one source: a monitor that sends nonsense
	// every minute fills no disk.
	UnreadRows = 20
)

// Unread is a message that came from the right sender and that nobody here can read.
type Unread struct {
	Source string
	Why    string // what is wrong with it
	Body   string // its beginning, at most UnreadBody bytes
	Size   int64  // of the whole body, bytes
	Times  int64  // how often it came
	At     time.Time
}

// SaveUnread keeps a message for inspection; of a source only the latest
// UnreadRows. fresh says that the same body was not there before.
func (tx *Tx) SaveUnread(source, why string, body []byte) (fresh bool, err error) {
	sum := sha256.Sum256(body)
	key, now := hex.EncodeToString(sum[:]), micros(tx.s.opts.Now())
	var times int64
	err = tx.returning(`INSERT INTO unread (workspace, source, key, why, body, size, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace, source, key) DO UPDATE SET why = $4, times = unread.times + 1, at = $7 RETURNING times`,
		args{Local, clean(source), key, clean(why), clean(string(body[:min(len(body), UnreadBody)])), int64(len(body)), now}, &times)
	if err != nil || times > 1 {
		return false, err
	}
	_, err = tx.exec(`DELETE FROM unread WHERE workspace = $1 AND source = $2 AND key NOT IN
		(SELECT key FROM unread WHERE workspace = $1 AND source = $2 ORDER BY at DESC, key LIMIT $3)`, Local, clean(source), int64(UnreadRows))
	return true, err
}

// UnreadMessages lists the messages that nobody could read, the latest first.
func (r *Reader) UnreadMessages() ([]Unread, error) {
	return collect(r, `SELECT source, why, body, size, times, at FROM unread WHERE workspace = $1 ORDER BY at DESC, source, key`, args{Local},
		func(rows scanner) (Unread, error) {
			var u Unread
			var at int64
			err := rows.Scan(&u.Source, &u.Why, &u.Body, &u.Size, &u.Times, &at)
			u.At = moment(at)
			return u, err
		})
}

// ForgetUnread drops messages that last came before a time. It returns how many.
func (tx *Tx) ForgetUnread(before time.Time) (int64, error) {
	return tx.exec(`DELETE FROM unread WHERE at < $1`, micros(before))
}
