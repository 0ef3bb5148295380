package storage

import (
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// Brief is one line of a list of incidents.
type Brief struct {
	ID          incident.ID
	Number      int
	Title       string
	Status      incident.Status
	Severity    int
	Private     bool
	Drill       bool
	ChannelID   string
	ChannelName string
	Leader      incident.PersonID // System while nobody leads
	OpenedAt    time.Time
	UpdatedAt   time.Time // of the last event
}

const (
	briefFields = `SELECT i.id, i.number, i.title, i.status, i.severity, i.private, i.drill,
	i.channel_id, i.channel_name, i.leader, i.opened_at, i.updated_at`
	briefColumns = briefFields + ` FROM incident i WHERE `
	rawOpen      = `i.workspace = $1 AND ` + listedOpen
)

// RawBriefs lists all incidents, the latest first, whoever asks. It is for whoever
// needs all of them, and for nobody who is waited for.
func (r *Reader) RawBriefs() ([]Brief, error) { return r.briefs(`i.workspace = $1`, args{Local}) }

// RawOpen lists the incidents that are not over, the latest first, whoever asks.
func (r *Reader) RawOpen() ([]Brief, error) {
	return r.briefs(rawOpen, args{Local})
}

// RawBrief is one incident, whoever asks.
func (r *Reader) RawBrief(id incident.ID) (Brief, error) {
	return r.brief(`i.id = $1`, args{text(id)})
}

func (r *Reader) brief(where string, values args) (Brief, error) {
	var b Brief
	err := b.scan(func(dest ...any) error { return r.row(briefColumns+where, values, dest...) })
	return b, hidden(err)
}

func (r *Reader) briefs(where string, values args) ([]Brief, error) {
	return r.latest(briefColumns+where, values)
}

// latest are the incidents that a query finds, the latest first.
func (r *Reader) latest(query string, values args) ([]Brief, error) {
	return collect(r, query+` ORDER BY i.number DESC`, values, scanBrief)
}

func scanBrief(rows scanner) (Brief, error) {
	var b Brief
	err := b.scan(rows.Scan)
	return b, err
}

func (b *Brief) scan(scan func(...any) error) error {
	var id, status, leader string
	var private, drill, opened, updated int64
	err := scan(&id, &b.Number, &b.Title, &status, &b.Severity, &private, &drill,
		&b.ChannelID, &b.ChannelName, &leader, &opened, &updated)
	b.ID, b.Status, b.Leader = incident.ID(id), incident.Status(status), incident.PersonID(leader)
	b.Private, b.Drill = private != 0, drill != 0
	b.OpenedAt, b.UpdatedAt = moment(opened), moment(updated)
	return err
}

// public is the rule for programs: they see what every full member may see, which
// is every incident that is not private, whoever is in it.
const public = `i.workspace = $1 AND i.private = 0`

// PublicPage lists at most limit incidents that are not private, the latest first:
// those with a number below before (0 for all), and only those that are going on
// when open is set.
func (r *Reader) PublicPage(before int, open bool, limit int) ([]Brief, error) {
	where, values := public, args{Local, int64(limit)}
	if before > 0 {
		where, values = where+` AND i.number < $3`, append(values, int64(before))
	}
	if open {
		where += ` AND ` + listedOpen
	}
	return collect(r, briefColumns+where+` ORDER BY i.number DESC LIMIT $2`, values, scanBrief)
}

// PublicByNumber is the incident with a number; NotFound when there is none or it
// is private.
func (r *Reader) PublicByNumber(number int) (Brief, error) {
	return r.brief(public+` AND i.number = $2`, args{Local, int64(number)})
}
