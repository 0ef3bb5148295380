package storage

import (
	"slices"
	"strings"
	"time"
)

// Rate is how often something may be done: once per Interval, and up to Burst
// times at once after a pause.
type Rate struct {
	Bucket   string // what is limited, such as "chat.postMessage:C1"
	Interval time.Duration
	Burst    int
}

// Reserve takes one slot from every bucket, or from none: wait is 0 when it did,
// else how long until it is worth asking again. It follows Rollcall's clock, on
// PostgreSQL as the database's clock corrects it, and holds for all replicas together, across
// restarts.
//
// The rule is the generic cell rate algorithm (ITU-T I.371): a bucket holds the
// theoretical arrival time of the next slot, and a slot is free while that lies
// at most Burst-1 intervals ahead.
func (tx *Tx) Reserve(rates ...Rate) (wait time.Duration, err error) {
	now := tx.s.agreed()
	rates = slices.Clone(rates)
	// One order for everybody, so that two replicas never wait for each other.
	slices.SortFunc(rates, func(a, b Rate) int { return strings.Compare(a.Bucket, b.Bucket) })
	free := make([]int64, len(rates))
	for i, rate := range rates {
		tat, blocked, err := tx.bucket(rate.Bucket)
		if err != nil {
			return 0, err
		}
		interval, burst := rate.Interval.Microseconds(), int64(max(rate.Burst, 1))
		// Further ahead than this no slot is ever given: our clock was set back.
		tat = min(tat, micros(now)+burst*interval)
		// What was closed opens for one at a time: a burst would meet the same answer
		// several times over before the first was heard.
		tat = max(tat, blocked+(burst-1)*interval)
		free[i] = max(tat, micros(now)) + interval
		at := max(tat-(burst-1)*interval, blocked)
		wait = max(wait, time.Duration(at-micros(now))*time.Microsecond)
	}
	if wait > 0 {
		return wait, nil
	}
	for i, rate := range rates {
		if _, err := tx.exec(`UPDATE rate SET tat = $2 WHERE bucket = $1`, rate.Bucket, free[i]); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// bucket reads a bucket, making it when it is new. The write takes the row's
// lock, so that what is read stays true until the transaction ends.
func (tx *Tx) bucket(name string) (tat, blocked int64, err error) {
	err = tx.returning(`INSERT INTO rate (bucket, tat, blocked_until) VALUES ($1, 0, 0)
		ON CONFLICT (bucket) DO UPDATE SET bucket = $1 RETURNING tat, blocked_until`, args{name}, &tat, &blocked)
	return tat, blocked, err
}

// Block closes a bucket until a time of Rollcall's clock, as a Retry-After demands.
// It never opens one that is closed for longer.
func (tx *Tx) Block(bucket string, until time.Time) error {
	_, err := tx.exec(`INSERT INTO rate (bucket, tat, blocked_until) VALUES ($1, 0, $2)
		ON CONFLICT (bucket) DO UPDATE SET blocked_until = CASE WHEN rate.blocked_until < $2 THEN $2 ELSE rate.blocked_until END`,
		bucket, micros(until.Add(tx.s.agreed().Sub(tx.s.opts.Now()))))
	return err
}
