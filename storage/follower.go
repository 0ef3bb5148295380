package storage

import (
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// Follow notes that somebody follows a service. Following twice is following once.
func (tx *Tx) Follow(service string, person incident.PersonID, since time.Time) error {
	_, err := tx.exec(`INSERT INTO follower (workspace, service, person, since) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace, service, person) DO NOTHING`, Local, service, text(person), micros(since))
	return err
}

// Unfollow ends that.
func (tx *Tx) Unfollow(service string, person incident.PersonID) error {
	_, err := tx.exec(`DELETE FROM follower WHERE workspace = $1 AND service = $2 AND person = $3`, Local, service, text(person))
	return err
}

// Followers are the people who follow a service, the first of them first.
func (r *Reader) Followers(service string) ([]incident.PersonID, error) {
	return collect(r, `SELECT person FROM follower WHERE workspace = $1 AND service = $2 ORDER BY since, person`, args{Local, service}, scanText[incident.PersonID])
}
