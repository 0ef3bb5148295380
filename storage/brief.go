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

const briefColumns = `SELECT i.id, i.number, i.title, i.status, i.severity, i.private, i.drill,
	i.channel_id, i.channel_name, i.leader, i.opened_at, i.updated_at FROM incident i WHERE `

// RawBriefs lists incidents of some statuses, or of all when none is named, the
// latest first, whoever asks.
func (r *Reader) RawBriefs(statuses ...incident.Status) ([]Brief, error) {
	all, err := r.briefs(`i.workspace = $1`, args{Local})
	if err != nil || len(statuses) == 0 {
		return all, err
	}
	wanted := map[incident.Status]bool{}
	for _, s := range statuses {
		wanted[s] = true
	}
	some := all[:0]
	for _, b := range all {
		if wanted[b.Status] {
			some = append(some, b)
		}
	}
	return some, nil
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
	return collect(r, briefColumns+where+` ORDER BY i.number DESC`, values, scanBrief)
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
