package storage

import (
	"time"
)

// Backlog is what is still to be done, for metrics and for whoever waits until
// everything is.
type Backlog struct {
	Effects map[EffectState]int64 // outbound steps that are not done
	Oldest  time.Time             // when the oldest step that is neither done nor given up was decided; zero for none
	Cards   int64                 // cards of which a newer version is wanted
	Jobs    map[string]int64      // River's jobs that are not finished, by River's state
	NextDue time.Time             // zero for none
}

// Backlog counts what is still to be done, whoever's it is.
func (r *Reader) Backlog() (Backlog, error) {
	b := Backlog{Effects: map[EffectState]int64{}}
	states, err := r.counts(`SELECT state, count(*) FROM effect WHERE state <> 'done' GROUP BY state`)
	if err != nil {
		return b, err
	}
	for state, n := range states {
		b.Effects[EffectState(state)] = n
	}
	var oldest, cards int64
	err = r.row(`SELECT coalesce(min(at), 0) FROM effect WHERE state IN ('pending', 'sending')`, nil, &oldest)
	if err != nil {
		return b, err
	}
	if err := r.row(`SELECT count(*) FROM card WHERE wanted > sent`, nil, &cards); err != nil {
		return b, err
	}
	b.Oldest, b.Cards = moment(oldest), cards
	b.Jobs, err = r.counts(`SELECT state, count(*) FROM river_job WHERE state NOT IN ('completed', 'cancelled', 'discarded') GROUP BY state`)
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
