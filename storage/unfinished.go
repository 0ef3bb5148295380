package storage

import "github.com/rollcall-bot/rollcall/incident"

// left is what is still to be done of an incident, as the table unfinished holds it.
type left struct {
	actions int64 // open ones
	rfo     bool  // its RFO is neither published nor skipped
}

func leftOf(i *incident.Incident) left { return left{int64(i.OpenActions()), i.RFOUnsettled()} }

// leave keeps what is still to be done, when it changed.
func (tx *Tx) leave(f *fold) error {
	now := leftOf(f.inc)
	if f.version == 1 && f.left == nil {
		f.left = &left{} // nothing is stored of one that has just been opened
	}
	if f.left != nil && *f.left == now {
		return nil
	}
	f.left = &now
	if now == (left{}) {
		_, err := tx.exec(`DELETE FROM unfinished WHERE incident = $1`, text(f.inc.ID))
		return err
	}
	_, err := tx.exec(`INSERT INTO unfinished (incident, actions, rfo) VALUES ($1, $2, $3)
		ON CONFLICT (incident) DO UPDATE SET actions = $2, rfo = $3`, text(f.inc.ID), now.actions, flag(now.rfo))
	return err
}

// unfinishedBriefs goes from what is unfinished to its incidents, on either database,
// and not through all incidents in the order of their numbers.
const unfinishedBriefs = briefFields + ` FROM unfinished u CROSS JOIN incident i WHERE i.id = u.incident AND `

// The queries of lists.
const (
	visibleWithActions = unfinishedBriefs + `u.actions > 0 AND i.workspace = $2 AND `
	publicWithActions  = unfinishedBriefs + `u.actions > 0 AND ` + public
	rawUnfinished      = unfinishedBriefs + `i.workspace = $1`
)

// Lists are queries that somebody waits for, for a test that looks at how the
// database answers them. Not to be written to.
var Lists = map[string]string{
	"VisibleWithActions": visibleWithActions + gate,
	"PublicWithActions":  publicWithActions,
	"RawUnfinished":      rawUnfinished,
	"VisibleOpen":        briefColumns + visibleOpen + gate,
	"VisibleSince":       briefColumns + visibleSince + gate,
	"RawOpen":            briefColumns + rawOpen,
	"PersonByEmail":      personColumns + byEmail,
}

// VisibleWithActions lists the incidents with open actions that the actor may see,
// the latest first. It may name one whose actions are all settled.
func (r *Reader) VisibleWithActions(actor incident.PersonID) ([]Brief, error) {
	return r.latest(visibleWithActions+r.gate(), args{text(actor), Local})
}

// PublicWithActions is VisibleWithActions for programs.
func (r *Reader) PublicWithActions() ([]Brief, error) {
	return r.latest(publicWithActions, args{Local})
}

// RawUnfinished lists the incidents with open actions or with an RFO that is neither
// published nor skipped, the latest first, whoever asks. It may name one too many.
func (r *Reader) RawUnfinished() ([]Brief, error) { return r.latest(rawUnfinished, args{Local}) }
