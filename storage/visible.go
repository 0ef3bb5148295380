package storage

import (
	"errors"
	"strconv"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// gate is THE visibility rule, as a condition on incident i and the actor $1:
//
//   - who is deactivated, or unknown, sees nothing;
//   - a member of an incident sees it;
//   - a full member of the workspace sees every incident that is not private;
//   - guests and people of other workspaces see nothing else.
//
// People whose team is not known count as the workspace's own, and so does
// everybody until the workspace's own team is known (SetTeam).
const gate = `EXISTS (SELECT 1 FROM person p JOIN workspace w ON w.id = p.workspace
	WHERE p.id = $1 AND p.workspace = i.workspace AND p.deleted = 0 AND (
		EXISTS (SELECT 1 FROM member m WHERE m.incident = i.id AND m.person = p.id)
		OR (i.private = 0 AND p.guest = 0 AND (w.team_id = '' OR p.team_id = '' OR p.team_id = w.team_id))))`

// gate is the rule for this reader.
func (r *Reader) gate() string {
	if r.open {
		return gate + ` AND i.private = 0`
	}
	return gate
}

// WithoutPrivate is the same state of the database for surfaces on which private
// incidents do not exist, not even for their members: programs have no members'
// circle. What is not asked through the gate (the Raw look-ups) is as before.
func (r *Reader) WithoutPrivate() *Reader {
	narrow := *r
	narrow.open = true
	return &narrow
}

// errHidden is what a hidden incident and an unknown one have in common.
var errHidden = &Error{Code: NotFound, Err: errors.New("no incident that the actor may see")}

// hidden makes every miss alike.
func hidden(err error) error {
	if is(err, NotFound) {
		return errHidden
	}
	return err
}

// CanSee is the one visibility gate: whether a person may know of an incident.
// Rollcall itself (System) is no person and passes nowhere; it uses the Raw
// look-ups.
func (r *Reader) CanSee(actor incident.PersonID, id incident.ID) (bool, error) {
	return remembered(r, question{"can see" + r.gate()[len(gate):], text(actor), text(id)}, func() (bool, error) {
		var one int64
		return found(r.row(`SELECT 1 FROM incident i WHERE i.id = $2 AND `+r.gate(), args{text(actor), text(id)}, &one))
	})
}

// IsFull reports whether a person is a full member of the workspace: active, no
// guest, not of another team.
func (r *Reader) IsFull(actor incident.PersonID) (bool, error) {
	return remembered(r, question{"is full", text(actor), ""}, func() (bool, error) {
		var one int64
		return found(r.row(`SELECT 1 FROM person p JOIN workspace w ON w.id = p.workspace
			WHERE p.id = $1 AND p.deleted = 0 AND p.guest = 0 AND (w.team_id = '' OR p.team_id = '' OR p.team_id = w.team_id)`,
			args{text(actor)}, &one))
	})
}

// Visible is the incident with a number, as the actor may see it: NotFound when
// there is none or it is hidden.
func (r *Reader) Visible(actor incident.PersonID, number int) (Brief, error) {
	return r.brief(`i.workspace = $2 AND i.number = $3 AND `+r.gate(), args{text(actor), Local, int64(number)})
}

// VisibleByID is the incident with an id, as the actor may see it.
func (r *Reader) VisibleByID(actor incident.PersonID, id incident.ID) (Brief, error) {
	return r.brief(`i.id = $2 AND `+r.gate(), args{text(actor), text(id)})
}

// VisibleByChannel is the incident that a channel belongs to, if the actor may
// see it.
func (r *Reader) VisibleByChannel(actor incident.PersonID, channelID string) (incident.ID, error) {
	id, err := r.RawByChannel(channelID)
	if err != nil {
		return "", hidden(err)
	}
	return r.seen(actor, id)
}

// VisibleByNumber is the incident with a number, if the actor may see it.
func (r *Reader) VisibleByNumber(actor incident.PersonID, number int) (incident.ID, error) {
	id, err := remembered(r, question{"number", Local, strconv.Itoa(number)}, func() (incident.ID, error) { return r.RawByNumber(number) })
	if err != nil {
		return "", hidden(err)
	}
	return r.seen(actor, id)
}

// seen is the incident, if the actor may see it.
func (r *Reader) seen(actor incident.PersonID, id incident.ID) (incident.ID, error) {
	ok, err := r.CanSee(actor, id)
	if err == nil && !ok {
		err = errHidden
	}
	if err != nil {
		return "", err
	}
	return id, nil
}

const (
	// listedOpen is spelt as in the index incident_open.
	listedOpen   = `i.status IN ('open', 'mitigated')`
	visible      = `i.workspace = $2`
	visibleOpen  = visible + ` AND ` + listedOpen + ` AND `
	visibleSince = visible + ` AND i.opened_at >= $3 AND `
)

// VisibleOpen lists the incidents that are not over and that the actor may see,
// the latest first.
func (r *Reader) VisibleOpen(actor incident.PersonID) ([]Brief, error) {
	return r.briefs(visibleOpen+r.gate(), args{text(actor), Local})
}

// VisibleLatest lists at most limit incidents that the actor may see, the latest
// first.
func (r *Reader) VisibleLatest(actor incident.PersonID, limit int) ([]Brief, error) {
	return r.latestOf(visible, actor, limit)
}

// VisibleLed lists at most limit incidents that the actor leads or led at their end,
// and may see, the latest first.
func (r *Reader) VisibleLed(actor incident.PersonID, limit int) ([]Brief, error) {
	return r.latestOf(visible+` AND i.leader = $1`, actor, limit)
}

func (r *Reader) latestOf(where string, actor incident.PersonID, limit int) ([]Brief, error) {
	return collect(r, briefColumns+where+` AND `+r.gate()+` ORDER BY i.number DESC LIMIT $3`, args{text(actor), Local, int64(limit)}, scanBrief)
}

// VisibleSince lists the incidents opened at or after a time that the actor may
// see, the latest first.
func (r *Reader) VisibleSince(actor incident.PersonID, since time.Time) ([]Brief, error) {
	return r.briefs(visibleSince+r.gate(), args{text(actor), Local, micros(since)})
}

// VisibleIncident is the folded incident, if the actor may see it. RawIncident
// says how long it may be used.
func (r *Reader) VisibleIncident(actor incident.PersonID, id incident.ID) (*incident.Incident, error) {
	ok, err := r.CanSee(actor, id)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errHidden
	}
	return r.RawIncident(id)
}

// VisibleRecords is the log from a sequence number on, if the actor may see the
// incident.
func (r *Reader) VisibleRecords(actor incident.PersonID, id incident.ID, from int64) ([]incident.Record, error) {
	ok, err := r.CanSee(actor, id)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errHidden
	}
	return r.RawRecords(id, from)
}
