package storage

import (
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// Saw notes that somebody was there in an incident's channel. An earlier moment
// than the one known counts and moves nothing.
func (tx *Tx) Saw(id incident.ID, person incident.PersonID, at time.Time) error {
	tx.forgetOne(aboutSeen(id))
	_, err := tx.exec(`INSERT INTO seen (incident, person, at, times) VALUES ($1, $2, $3, 1)
		ON CONFLICT (incident, person) DO UPDATE SET
			at = CASE WHEN excluded.at > seen.at THEN excluded.at ELSE seen.at END, times = seen.times + 1`,
		text(id), text(person), micros(at))
	return err
}

func aboutSeen(id incident.ID) question { return question{"seen", text(id), ""} }

// RawSeen is who was seen in an incident's channel; nobody may change the map.
func (r *Reader) RawSeen(id incident.ID) (map[incident.PersonID]incident.Presence, error) {
	return remembered(r, aboutSeen(id), func() (map[incident.PersonID]incident.Presence, error) { return r.rawSeen(id) })
}

func (r *Reader) rawSeen(id incident.ID) (map[incident.PersonID]incident.Presence, error) {
	type one struct {
		who incident.PersonID
		incident.Presence
	}
	all, err := collect(r, `SELECT person, at, times FROM seen WHERE incident = $1`, args{text(id)}, func(rows scanner) (one, error) {
		var o one
		var who string
		var at, times int64
		err := rows.Scan(&who, &at, &times)
		o.who, o.Presence = incident.PersonID(who), incident.Presence{Last: moment(at), Times: int(times)}
		return o, err
	})
	seen := make(map[incident.PersonID]incident.Presence, len(all))
	for _, o := range all {
		seen[o.who] = o.Presence
	}
	return seen, err
}
