package storage

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// KeepAnswers is how long the text of an answer is kept for a delivery that is
// repeated; that it was seen is kept for longer (ForgetRequests), of programs with
// their first answer for ever (SourceAPI).
const KeepAnswers = 7 * 24 * time.Hour

// SourceAPI is the source of programs' requests.
const SourceAPI = "api"

// Delivery is one request that could change something, and what came of it.
type Delivery struct {
	Source   string // who sends: "slack.command", "pagerduty"
	ID       string // the sender's own id of it, from its payload; stored as a hash
	Incident incident.ID
	FirstSeq int64 // of the first event that it led to, 0 for none
	Actor    incident.PersonID
	Answer   string // the first answer, in the edge's own encoding; emptied after KeepAnswers
	ReplyTo  string // where a late answer goes; emptied after KeepAnswers
	At       time.Time
	// Print tells requests of one ID apart, where a sender may use an ID twice by
	// mistake; "" where that cannot be.
	Print string
}

// Delivery finds what an earlier delivery of the same request led to.
func (r *Reader) Delivery(source, id string) (d Delivery, seen bool, err error) {
	d = Delivery{Source: source, ID: id}
	key := keyOf(id)
	var inc, actor string
	var at int64
	err = r.row(`SELECT incident, first_seq, actor, answer, reply_to, at, print FROM delivery WHERE source = $1 AND key IN ($2, $3)`,
		args{source, key.stored, key.former}, &inc, &d.FirstSeq, &actor, &d.Answer, &d.ReplyTo, &at, &d.Print)
	d.Incident, d.Actor, d.At = incident.ID(inc), incident.PersonID(actor), moment(at)
	seen, err = found(err)
	return d, seen, err
}

// Earlier is Delivery for a function that goes on to SaveDelivery. Repeats are rare,
// and SaveDelivery finds them anyway: so a first run takes the request for new
// without looking. If it was not, or the function saves nothing after all, what it
// did is undone, and it is run again and looks.
func (tx *Tx) Earlier(source, id string) (d Delivery, seen bool, err error) {
	if tx.again {
		return tx.Delivery(source, id)
	}
	tx.assumed = tx.assumed || id != "" // nobody saves a request that has none
	return Delivery{Source: source, ID: id}, false, nil
}

// SaveDelivery remembers a request. When it is already there the code is
// Conflict, and the writer runs the function again, which then finds it.
func (tx *Tx) SaveDelivery(d Delivery) error {
	key := keyOf(d.ID)
	if tx.s.former {
		var one int64
		if former, err := found(tx.row(`SELECT 1 FROM delivery WHERE source = $1 AND key = $2`, args{d.Source, key.former}, &one)); err != nil || former {
			return tx.failed(cmp.Or[error](err, errRepeated))
		}
	}
	n, err := tx.exec(`INSERT INTO delivery (source, key, incident, first_seq, actor, answer, reply_to, at, print)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (source, key) DO NOTHING`,
		d.Source, key.stored, text(d.Incident), d.FirstSeq, text(d.Actor), clean(d.Answer), clean(d.ReplyTo), micros(d.At), d.Print)
	if err == nil && n == 0 {
		return tx.failed(errRepeated)
	}
	tx.assumed = false
	return err
}

var errRepeated = &Error{Code: Conflict, Err: errors.New("the request was stored before, or meanwhile")}

// ForgetReplyTo empties where the answer of a delivery goes, once it was sent:
// whoever has a response URL can write to the person.
func (tx *Tx) ForgetReplyTo(source, id string) error {
	key := keyOf(id)
	_, err := tx.exec(`UPDATE delivery SET reply_to = '' WHERE source = $1 AND key IN ($2, $3)`, source, key.stored, key.former)
	return err
}

// key is what a sender's id is stored as.
type key struct{ stored, former string }

// keyOrder is how much of an id goes in front of its hash: 13 characters hold the
// time in a UUID of version 7 and in a ULID, and the number that Slack's ids begin with.
const keyOrder = 13

// keyOf keeps ids short and tells nobody what they were: half of SHA-256 is enough
// for ids to be told apart for ever. Most senders count up, or begin with the time.
// So the beginning of the id stands in front, and what comes at one time lies side by
// side: hashes alone are strewn over the whole index, and each of them would be a page
// to write. Rows from before this was so have the hash alone; Store.former says
// whether there are any.
func keyOf(id string) key {
	sum := sha256.Sum256([]byte(id))
	former := hex.EncodeToString(sum[:len(sum)/2])
	begin := 0
	for begin < min(len(id), keyOrder) && orders(id[begin]) {
		begin++
	}
	return key{stored: id[:begin] + "." + former, former: former}
}

// orders says whether a character can be part of a number or a time.
func orders(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '-'
}

// Offer is what a button under an answer runs when it is pressed.
type Offer struct {
	ID       string
	Incident incident.ID // that the answer was about; may be empty
	Line     string      // a command, as if whoever presses had typed it
	At       time.Time
}

// SaveOffer stores an offer; an empty ID is filled in.
func (tx *Tx) SaveOffer(o Offer) (id string, err error) {
	if o.ID == "" {
		o.ID = tx.s.opts.NewID()
	}
	_, err = tx.exec(`INSERT INTO offer (id, workspace, incident, line, at) VALUES ($1, $2, $3, $4, $5)`,
		o.ID, Local, text(o.Incident), clean(o.Line), micros(o.At))
	return o.ID, err
}

// Offer is the offer with an id.
func (r *Reader) Offer(id string) (Offer, error) {
	o := Offer{ID: id}
	var inc string
	var at int64
	err := r.row(`SELECT incident, line, at FROM offer WHERE id = $1 AND workspace = $2`, args{id, Local}, &inc, &o.Line, &at)
	o.Incident, o.At = incident.ID(inc), moment(at)
	return o, err
}
