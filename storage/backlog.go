package storage

import (
	"time"
)

// Backlog is what is still to be done, for metrics and for whoever waits until
// everything is.
type Backlog struct {
	Effects map[EffectState]int64 // outbound steps that are not done; failed ones up to FailedMost
	Oldest  time.Time             // when the oldest step that is neither done nor given up was decided; zero for none
	Cards   int64                 // cards of which a newer version is wanted
	Jobs    map[string]int64      // River's jobs that are not finished, by River's state
	NextDue time.Time             // zero for none
}

// FailedMost is where counting the steps that were given up ends: they stay for
// ever, and beyond this nobody needs the number.
const FailedMost = 1000

// What is counted is found by indexes that hold only what is not done, so that
// counting takes as long as there is to count, however long the log is: metrics are
// read every few seconds. A card is out of date only while its incident's stream has
// something to do.
const (
	countOpen   = `SELECT state, count(*) FROM effect WHERE ` + effectOpen + ` GROUP BY state`
	countFailed = `SELECT count(*) FROM (SELECT 1 FROM effect WHERE state = 'failed' LIMIT 1000) f`
	oldestOpen  = `SELECT coalesce(min(at), 0) FROM effect WHERE ` + effectOpen
	countCards  = `SELECT count(*) FROM stream s CROSS JOIN card c WHERE s.done < s.head AND c.incident = s.incident AND c.wanted > c.sent`
	countJobs   = `SELECT state, count(*) FROM river_job WHERE state IN ('available', 'pending', 'retryable', 'running', 'scheduled') GROUP BY state`
)

// Counts are the questions that Backlog asks, for a test that looks at how the
// database answers them. Not to be written to.
var Counts = []string{countOpen, countFailed, oldestOpen, countCards, countJobs}

// Backlog counts what is still to be done, whoever's it is.
func (r *Reader) Backlog() (Backlog, error) {
	b := Backlog{Effects: map[EffectState]int64{}}
	states, err := r.counts(countOpen)
	if err != nil {
		return b, err
	}
	for state, n := range states {
		b.Effects[EffectState(state)] = n
	}
	var failed, oldest, cards int64
	if err := r.row(countFailed, nil, &failed); err != nil {
		return b, err
	}
	if failed > 0 {
		b.Effects[EffectFailed] = failed
	}
	if err := r.row(oldestOpen, nil, &oldest); err != nil {
		return b, err
	}
	if err := r.row(countCards, nil, &cards); err != nil {
		return b, err
	}
	b.Oldest, b.Cards = moment(oldest), cards
	b.Jobs, err = r.counts(countJobs)
	if err != nil {
		return b, err
	}
	b.NextDue, _, err = r.NextDue()
	return b, err
}

func (r *Reader) counts(query string) (map[string]int64, error) {
	type row struct {
		name string
		n    int64
	}
	rows, err := collect(r, query, nil, func(rows scanner) (row, error) {
		var one row
		err := rows.Scan(&one.name, &one.n)
		return one, err
	})
	if err != nil {
		return nil, err
	}
	all := make(map[string]int64, len(rows))
	for _, one := range rows {
		all[one.name] = one.n
	}
	return all, nil
}
