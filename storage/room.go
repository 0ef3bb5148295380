package storage

import (
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// KeepLostRooms is how long a room is counted that may have been made and was
// never heard of again.
const KeepLostRooms = 7 * 24 * time.Hour

// RoomState is where a room for calls stands.
type RoomState string

// The states of a room. One that is taken stays as it is for ever.
const (
	RoomMinting RoomState = "minting" // the provider is being asked, or was when the program ended
	RoomReady   RoomState = "ready"   // waits for an incident
	RoomTaken   RoomState = "taken"   // an incident has it
	RoomEnding  RoomState = "ending"  // nobody wanted it in time; to be removed at the provider
	RoomLost    RoomState = "lost"    // may have been made; its link never reached us
)

// Room is a room for calls at a provider that has to be asked for one.
type Room struct {
	ID       string // ours
	Provider string
	Host     string // in whose name; "" where that limits nothing
	State    RoomState
	External string // the provider's own id
	URL      string
	Minted   time.Time // when it was asked for, then when it was there
	Expires  time.Time // after this it is not handed out any more
}

// RoomWant is an incident that a room did not come in time for.
type RoomWant struct {
	Incident incident.ID
	Provider string
	At       time.Time
}

// Rooms lists a provider's rooms that no incident has, the oldest first.
func (r *Reader) Rooms(provider string) ([]Room, error) {
	return collect(r, `SELECT id, provider, host, state, external, url, minted_at, expires_at FROM room
		WHERE workspace = $1 AND provider = $2 AND state <> 'taken' ORDER BY minted_at, id`, args{Local, provider}, scanRoom)
}

func scanRoom(rows scanner) (m Room, err error) {
	var minted, expires int64
	var state string
	err = rows.Scan(&m.ID, &m.Provider, &m.Host, &state, &m.External, &m.URL, &minted, &expires)
	m.State, m.Minted, m.Expires = RoomState(state), moment(minted), moment(expires)
	return m, err
}

// busy is whether a host, called h.host, of a provider has a room that an incident has
// which goes on. It is asked from the incidents that go on, which are few; the rooms
// that a host ever gave are many.
const busy = `h.host <> '' AND EXISTS (SELECT 1 FROM incident i CROSS JOIN room t WHERE i.workspace = $1 AND ` + listedOpen + `
	AND t.host = h.host AND t.incident = i.id AND t.provider = $2 AND t.state = 'taken')`

// BusyHosts are those of a provider's hosts who have a room that an incident has which
// is not over, in their order.
func (r *Reader) BusyHosts(provider string, hosts []string) (list []string, err error) {
	for _, host := range hosts {
		var one int64
		is, err := found(r.row(`SELECT 1 FROM (SELECT CAST($3 AS TEXT) AS host) h WHERE `+busy, args{Local, provider, host}, &one))
		if err != nil {
			return nil, err
		}
		if is {
			list = append(list, host)
		}
	}
	return list, nil
}

// RoomWants lists the incidents that wait for a room, the longest first.
func (r *Reader) RoomWants() ([]RoomWant, error) {
	return collect(r, `SELECT incident, provider, at FROM room_want ORDER BY at, incident, provider`, nil, func(rows scanner) (RoomWant, error) {
		var w RoomWant
		var id string
		var at int64
		err := rows.Scan(&id, &w.Provider, &at)
		w.Incident, w.At = incident.ID(id), moment(at)
		return w, err
	})
}

// LockRooms keeps other replicas from making or taking rooms of a provider until
// the transaction ends.
func (tx *Tx) LockRooms(provider string) error {
	_, _, err := tx.bucket("rooms:" + provider)
	return err
}

// BeginRoom notes that a provider is about to be asked for a room.
func (tx *Tx) BeginRoom(provider, host string) (id string, err error) {
	id = tx.s.opts.NewID()
	_, err = tx.exec(`INSERT INTO room (id, workspace, provider, host, state, minted_at) VALUES ($1, $2, $3, $4, 'minting', $5)`,
		id, Local, provider, clean(host), micros(tx.s.opts.Now()))
	return id, err
}

// KeepRoom stores a room that was made, until a time. It is NotFound when its row
// is gone; one that was given up for lost is found again.
func (tx *Tx) KeepRoom(id, external, url string, until time.Time) error {
	n, err := tx.exec(`UPDATE room SET state = 'ready', external = $2, url = $3, minted_at = $4, expires_at = $5
		WHERE id = $1 AND state IN ('minting', 'lost')`, id, clean(external), clean(url), micros(tx.s.opts.Now()), micros(until))
	if err == nil && n == 0 {
		err = refused(NotFound, "the room's row is gone")
	}
	return err
}

// LoseRoom notes that a room may have been made whose link never reached us.
func (tx *Tx) LoseRoom(id string) error {
	_, err := tx.exec(`UPDATE room SET state = 'lost' WHERE id = $1 AND state = 'minting'`, id)
	return err
}

// DropRoom forgets a room that nobody has: it was not made, or is gone.
func (tx *Tx) DropRoom(id string) error {
	_, err := tx.exec(`DELETE FROM room WHERE id = $1 AND state <> 'taken'`, id)
	return err
}

// TakeRoom hands the oldest room of a provider that is ready to an incident, for
// good. ok is false when there is none, or when the host of each that there is
// runs another call.
func (tx *Tx) TakeRoom(provider string, to incident.ID) (url string, ok bool, err error) {
	if err := tx.LockRooms(provider); err != nil {
		return "", false, err
	}
	now := micros(tx.s.opts.Now())
	err = tx.returning(`UPDATE room SET state = 'taken', incident = $3, taken_at = $4 WHERE state = 'ready' AND id = (
		SELECT h.id FROM room h WHERE h.workspace = $1 AND h.provider = $2 AND h.state = 'ready' AND h.expires_at > $4
		AND NOT (`+busy+`) AND NOT (h.host <> '' AND EXISTS (SELECT 1 FROM room o
			WHERE o.host = h.host AND o.incident = $3 AND o.provider = $2 AND o.state = 'taken'))
		ORDER BY h.minted_at, h.id LIMIT 1) RETURNING url`, args{Local, provider, text(to), now}, &url)
	ok, err = found(err)
	return url, ok, err
}

// ReturnRoom gives a room back that TakeRoom handed out in this transaction to
// something that was then refused.
func (tx *Tx) ReturnRoom(url string, from incident.ID) error {
	_, err := tx.exec(`UPDATE room SET state = 'ready', incident = '', taken_at = 0 WHERE incident = $1 AND url = $2 AND state = 'taken'`,
		text(from), url)
	return err
}

// RetireRooms sees to rooms that did not work out: those that nobody wanted in
// time are to be removed, and one that was asked for before a time, and whose
// answer never came, is lost. It returns the latter. Lost ones are forgotten after
// KeepLostRooms.
func (tx *Tx) RetireRooms(provider string, askedBefore time.Time) (lost []string, err error) {
	_, err = tx.exec(`UPDATE room SET state = 'ending' WHERE workspace = $1 AND provider = $2 AND state = 'ready' AND expires_at <= $3`,
		Local, provider, micros(tx.s.opts.Now()))
	if err != nil {
		return nil, err
	}
	_, err = tx.exec(`DELETE FROM room WHERE workspace = $1 AND provider = $2 AND state = 'lost' AND minted_at < $3`,
		Local, provider, micros(tx.s.opts.Now().Add(-KeepLostRooms)))
	if err != nil {
		return nil, err
	}
	lost, err = collect(tx.Reader, `SELECT id FROM room WHERE workspace = $1 AND provider = $2 AND state = 'minting' AND minted_at < $3`,
		args{Local, provider, micros(askedBefore)}, scanText[string])
	if err != nil {
		return nil, err
	}
	for _, id := range lost {
		if err := tx.LoseRoom(id); err != nil {
			return nil, err
		}
	}
	return lost, nil
}

// WantRoom notes that an incident waits for a room of a provider.
func (tx *Tx) WantRoom(id incident.ID, provider string) error {
	_, err := tx.exec(`INSERT INTO room_want (incident, provider, at) VALUES ($1, $2, $3) ON CONFLICT (incident, provider) DO NOTHING`,
		text(id), provider, micros(tx.s.opts.Now()))
	return err
}

// UnwantRoom ends an incident's wait.
func (tx *Tx) UnwantRoom(id incident.ID, provider string) error {
	_, err := tx.exec(`DELETE FROM room_want WHERE incident = $1 AND provider = $2`, text(id), provider)
	return err
}
