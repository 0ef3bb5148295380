package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// PassKind says what a pass is good for.
type PassKind string

// The kinds of pass.
const (
	LinkPass    PassKind = "link"    // a personal link; taken once, for a visit
	VisitPass   PassKind = "visit"   // one browser at one incident's page
	SessionPass PassKind = "session" // one browser of somebody who signed in
	SpentPass   PassKind = "spent"   // a sign-in that was answered, so that it is not answered again
)

// Pass is what lets a browser in. Whoever has the secret has the pass; the
// database has only its hash, so that neither a backup nor a look at the tables
// opens anything.
type Pass struct {
	Key      string // PassKey of the secret
	Kind     PassKind
	Person   incident.PersonID
	Incident incident.ID // the only one that it opens; "" for all that the person may see
	At       time.Time
	Expires  time.Time
}

// PassKey is what is stored of a secret. The secret has to be random, at least
// 128 bits of it: then a plain hash cannot be guessed backwards, and looking it up
// tells nothing by the time it takes.
func PassKey(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

const passColumns = `key, kind, person, incident, at, expires` //nolint:gosec // names of columns

// Pass is the pass of a kind with a key; NotFound when there is none, or it is
// over. That it is there says nothing of what its person may see: ask the gate.
func (r *Reader) Pass(kind PassKind, key string) (p Pass, err error) {
	err = p.scan(func(dest ...any) error {
		return r.row(`SELECT `+passColumns+` FROM pass WHERE workspace = $1 AND kind = $2 AND key = $3 AND expires > $4`,
			args{Local, text(kind), key, micros(r.s.opts.Now())}, dest...)
	})
	return p, err
}

// TakePass removes a pass and returns it, so that it is good once; NotFound when
// there is none, or it was over.
func (tx *Tx) TakePass(kind PassKind, key string) (p Pass, err error) {
	err = p.scan(func(dest ...any) error {
		return tx.returning(`DELETE FROM pass WHERE workspace = $1 AND kind = $2 AND key = $3 AND expires > $4 RETURNING `+passColumns,
			args{Local, text(kind), key, micros(tx.s.opts.Now())}, dest...)
	})
	return p, err
}

func (p *Pass) scan(scan func(...any) error) error {
	var kind, person, id string
	var at, expires int64
	err := scan(&p.Key, &kind, &person, &id, &at, &expires)
	p.Kind, p.Person, p.Incident = PassKind(kind), incident.PersonID(person), incident.ID(id)
	p.At, p.Expires = moment(at), moment(expires)
	return err
}

// SavePass stores a pass. fresh is false when there is one with this key, which
// stays as it is.
func (tx *Tx) SavePass(p Pass) (fresh bool, err error) {
	n, err := tx.exec(`INSERT INTO pass (key, workspace, kind, person, incident, at, expires)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (key) DO NOTHING`,
		p.Key, Local, text(p.Kind), text(p.Person), text(p.Incident), micros(p.At), micros(p.Expires))
	return n == 1, err
}

// KeepPasses drops all passes of a kind that a person has for an incident but the
// newest ones.
func (tx *Tx) KeepPasses(kind PassKind, person incident.PersonID, id incident.ID, newest int) error {
	_, err := tx.exec(`DELETE FROM pass WHERE workspace = $1 AND kind = $2 AND person = $3 AND incident = $4 AND key NOT IN (
		SELECT key FROM pass WHERE workspace = $1 AND kind = $2 AND person = $3 AND incident = $4 ORDER BY at DESC, key LIMIT $5)`,
		Local, text(kind), text(person), text(id), int64(newest))
	return err
}

// DropPass removes one pass, such as of somebody who signs out.
func (tx *Tx) DropPass(kind PassKind, key string) error {
	_, err := tx.exec(`DELETE FROM pass WHERE workspace = $1 AND kind = $2 AND key = $3`, Local, text(kind), key)
	return err
}

// RevokePasses removes every link to an incident's page and every visit that is
// limited to it.
func (tx *Tx) RevokePasses(id incident.ID) error {
	_, err := tx.exec(`DELETE FROM pass WHERE incident = $1 AND incident <> ''`, text(id))
	return err
}

// ForgetPasses removes what was over before a time. It returns how many.
func (tx *Tx) ForgetPasses(before time.Time) (int64, error) {
	return tx.exec(`DELETE FROM pass WHERE expires < $1`, micros(before))
}
