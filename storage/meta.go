package storage

import (
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// Keys of Meta that mean something to the store itself.
const (
	// MetaEpoch changes with every restore. Outbound work that was pending then is
	// marked as begun, so that workers look before they act.
	MetaEpoch = "epoch"
	// MetaRestoredAt is when the last restore was, RFC 3339.
	MetaRestoredAt = "restored_at"
	// metaMark is what tells this database from a copy of it (engine.Marker).
	metaMark = "mark"
	// metaFormer is there while some requests are stored under their former keys
	// (migration 17).
	metaFormer = "delivery.former"
)

// Meta is the value stored under a key; NotFound when there is none.
func (r *Reader) Meta(key string) (string, error) {
	type answer struct {
		value string
		known bool // that there is none is worth remembering too
	}
	a, err := remembered(r, aboutMeta(key), func() (a answer, err error) {
		a.known, err = found(r.row(`SELECT value FROM meta WHERE key = $1`, args{key}, &a.value))
		return a, err
	})
	if err == nil && !a.known {
		err = refused(NotFound, "nothing is stored under "+key)
	}
	return a.value, err
}

func aboutMeta(key string) question { return question{"meta", key, ""} }

// SetMeta stores a value under a key.
func (tx *Tx) SetMeta(key, value string) error {
	tx.forgetOne(aboutMeta(key))
	_, err := tx.exec(`INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = $2`, key, clean(value))
	return err
}

// Claim makes key unique within scope across incidents: the first incident to
// claim it owns it. fresh says whether that happened just now.
func (tx *Tx) Claim(scope, key string, id incident.ID) (owner incident.ID, fresh bool, err error) {
	n, err := tx.exec(`INSERT INTO claim (workspace, scope, key, incident, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace, scope, key) DO NOTHING`, Local, scope, key, text(id), micros(tx.s.opts.Now()))
	if err != nil {
		return "", false, err
	}
	if n == 1 {
		return id, true, nil
	}
	owner, err = tx.Claimed(scope, key)
	return owner, false, err
}

// Claimed is the incident that owns a key.
func (r *Reader) Claimed(scope, key string) (incident.ID, error) {
	var id string
	err := r.row(`SELECT incident FROM claim WHERE workspace = $1 AND scope = $2 AND key = $3`, args{Local, scope, key}, &id)
	return incident.ID(id), err
}

// Unclaim gives a key back, if the incident owns it.
func (tx *Tx) Unclaim(scope, key string, id incident.ID) error {
	_, err := tx.exec(`DELETE FROM claim WHERE workspace = $1 AND scope = $2 AND key = $3 AND incident = $4`, Local, scope, key, text(id))
	return err
}

// AddMember notes that somebody is in the incident's channel.
func (tx *Tx) AddMember(id incident.ID, person incident.PersonID, since time.Time) error {
	tx.forget()
	_, err := tx.exec(`INSERT INTO member (incident, person, since) VALUES ($1, $2, $3) ON CONFLICT (incident, person) DO NOTHING`,
		text(id), text(person), micros(since))
	return err
}

// RemoveMember notes that somebody left the incident's channel.
func (tx *Tx) RemoveMember(id incident.ID, person incident.PersonID) error {
	tx.forget()
	_, err := tx.exec(`DELETE FROM member WHERE incident = $1 AND person = $2`, text(id), text(person))
	return err
}

// RawMembers lists who is in the incident's channel, as far as known.
func (r *Reader) RawMembers(id incident.ID) ([]incident.PersonID, error) {
	return collect(r, `SELECT person FROM member WHERE incident = $1 ORDER BY since, person`, args{text(id)}, scanText[incident.PersonID])
}

// IsMember reports whether somebody is in the incident's channel.
func (r *Reader) IsMember(id incident.ID, person incident.PersonID) (bool, error) {
	var one int64
	return found(r.row(`SELECT 1 FROM member WHERE incident = $1 AND person = $2`, args{text(id), text(person)}, &one))
}

// BindChannel notes that a channel belongs to an incident. A channel never
// changes its incident: the code is Conflict when it belongs to another one.
func (tx *Tx) BindChannel(channelID string, id incident.ID) error {
	tx.forget()
	_, err := tx.exec(`INSERT INTO channel (workspace, channel_id, incident) VALUES ($1, $2, $3) ON CONFLICT (workspace, channel_id) DO NOTHING`,
		Local, channelID, text(id))
	if err != nil {
		return err
	}
	owner, err := tx.RawByChannel(channelID)
	if err == nil && owner != id {
		return refused(Conflict, "the channel belongs to another incident")
	}
	return err
}
