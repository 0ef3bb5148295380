package storage

import (
	"github.com/rollcall-bot/rollcall/incident"
)

// Card is something shown in Slack, which version of it is wanted, and which
// was sent. Versions only count up; what a card shows is rendered when it is sent.
type Card struct {
	Incident incident.ID
	Target   incident.Card
	Wanted   int64
	Sent     int64 // 0 never, CardBegun perhaps
	Channel  string
	TS       string // Slack's id of the message
	Extra    string // such as a bookmark's id, or a hash of what was sent
}

// CardBegun as Card.Sent means that a first post was begun and never confirmed:
// look for it before posting.
const CardBegun = -1

const cardColumns = `SELECT incident, target, wanted, sent, channel, ts, extra FROM card WHERE `

// TouchCards notes that cards are stale. Wake sees to it that they are sent. It
// shows in DirtyCards from the commit on.
func (tx *Tx) TouchCards(id incident.ID, cards []incident.Card) error {
	for _, c := range cards {
		tx.outbox(id).cards[c] = true
	}
	return nil
}

// DirtyCards lists the cards of an incident of which a newer version is wanted.
func (r *Reader) DirtyCards(id incident.ID) ([]Card, error) {
	return collect(r, cardColumns+`incident = $1 AND wanted > sent ORDER BY target`, args{text(id)}, scanCard)
}

// RawCards lists all cards of an incident.
func (r *Reader) RawCards(id incident.ID) ([]Card, error) {
	return collect(r, cardColumns+`incident = $1 ORDER BY target`, args{text(id)}, scanCard)
}

// RawCard is one card; ok is false when it was never wanted.
func (r *Reader) RawCard(id incident.ID, target incident.Card) (c Card, ok bool, err error) {
	cards, err := collect(r, cardColumns+`incident = $1 AND target = $2`, args{text(id), text(target)}, scanCard)
	if err != nil || len(cards) == 0 {
		return Card{}, false, err
	}
	return cards[0], true, nil
}

func scanCard(rows scanner) (Card, error) {
	var c Card
	var id, target string
	err := rows.Scan(&id, &target, &c.Wanted, &c.Sent, &c.Channel, &c.TS, &c.Extra)
	c.Incident, c.Target = incident.ID(id), incident.Card(target)
	return c, err
}

// BeginCard notes, before a card is posted for the first time, that it may have
// been.
func (tx *Tx) BeginCard(st Stream, target incident.Card) error {
	if err := tx.Hold(st); err != nil {
		return err
	}
	_, err := tx.exec(`UPDATE card SET sent = $3 WHERE incident = $1 AND target = $2 AND sent = 0`,
		text(st.Incident), text(target), int64(CardBegun))
	return err
}

// CardSent notes that c.Target was sent as it was when c.Wanted was read, and
// where it stands now. What was wanted meanwhile is still to be sent.
func (tx *Tx) CardSent(st Stream, c Card) error {
	if err := tx.Hold(st); err != nil {
		return err
	}
	n, err := tx.exec(`UPDATE card SET sent = $3, channel = $4, ts = $5, extra = $6 WHERE incident = $1 AND target = $2`,
		text(st.Incident), text(c.Target), c.Wanted, c.Channel, c.TS, clean(c.Extra))
	if err == nil && n == 0 {
		return refused(NotFound, "no such card")
	}
	return err
}
