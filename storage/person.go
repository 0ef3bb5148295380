package storage

import (
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// Person is what Rollcall knows of somebody. Events hold only the ID, so that
// everything else can be cleared.
type Person struct {
	ID        incident.PersonID
	SlackID   string
	TeamID    string // the chat workspace they belong to
	Name      string // what others call them
	RealName  string
	Email     string
	Zone      string // IANA name, "" when not known
	Guest     bool
	Bot       bool
	Deleted   bool // deactivated in Slack
	FetchedAt time.Time
}

// Elsewhere says that Slack does not know them: somebody at a terminal, or a program.
func (p Person) Elsewhere() bool { return strings.Contains(p.SlackID, ":") }

const (
	personColumns = `SELECT id, slack_id, team_id, name, real_name, email, zone, guest, bot, deleted, fetched_at FROM person WHERE `
	byEmail       = `workspace = $1 AND lower(email) = $2`
)

// Person is the person with an id.
func (r *Reader) Person(id incident.PersonID) (Person, error) {
	return remembered(r, question{"person", text(id), ""}, func() (Person, error) { return r.person(`id = $1`, args{text(id)}) })
}

// PersonBySlack is the person with a Slack id.
func (r *Reader) PersonBySlack(slackID string) (Person, error) {
	return remembered(r, question{"person by slack", slackID, ""}, func() (Person, error) {
		return r.person(`workspace = $1 AND slack_id = $2`, args{Local, slackID})
	})
}

// PersonByEmail is who has an e-mail address and was not deactivated; of several
// the one whose Slack id comes first. ok is false when nobody has it.
func (r *Reader) PersonByEmail(address string) (p Person, ok bool, err error) {
	if address == "" {
		return p, false, nil
	}
	address = strings.ToLower(address)
	all, err := remembered(r, question{"people by e-mail", address, ""}, func() ([]Person, error) {
		return r.people(byEmail, args{Local, address})
	})
	for _, one := range all {
		if !one.Deleted && (!ok || one.SlackID < p.SlackID) {
			p, ok = one, true
		}
	}
	return p, ok, err
}

// People are the people with these ids; who is not known is left out.
func (r *Reader) People(ids []incident.PersonID) (map[incident.PersonID]Person, error) {
	people := make(map[incident.PersonID]Person, len(ids))
	for _, id := range ids {
		if _, ok := people[id]; ok || id == incident.System {
			continue
		}
		p, err := r.Person(id)
		if ok, err := found(err); err != nil {
			return nil, err
		} else if ok {
			people[id] = p
		}
	}
	return people, nil
}

// AllPeople lists everybody.
func (r *Reader) AllPeople() ([]Person, error) {
	return r.people(`workspace = $1 ORDER BY slack_id`, args{Local})
}

func (r *Reader) people(where string, values args) ([]Person, error) {
	return collect(r, personColumns+where, values, func(rows scanner) (Person, error) {
		var p Person
		err := p.scan(rows.Scan)
		return p, err
	})
}

func (r *Reader) person(where string, values args) (Person, error) {
	var p Person
	err := p.scan(func(dest ...any) error { return r.row(personColumns+where, values, dest...) })
	return p, err
}

func (p *Person) scan(scan func(...any) error) error {
	var id string
	var guest, bot, deleted, fetched int64
	err := scan(&id, &p.SlackID, &p.TeamID, &p.Name, &p.RealName, &p.Email, &p.Zone, &guest, &bot, &deleted, &fetched)
	p.ID, p.FetchedAt = incident.PersonID(id), moment(fetched)
	p.Guest, p.Bot, p.Deleted = guest != 0, bot != 0, deleted != 0
	return err
}

// UpsertPerson stores what is known of the person with p.SlackID and returns
// their id: the one they already have, else p.ID, else a new one.
func (tx *Tx) UpsertPerson(p Person) (incident.PersonID, error) {
	if p.SlackID == "" {
		return "", tx.failed(refused(Internal, "a person without a Slack id"))
	}
	if p.ID == incident.System {
		p.ID = incident.PersonID(tx.s.opts.NewID())
	}
	tx.forget()
	var id string
	err := tx.returning(`INSERT INTO person (id, workspace, slack_id, team_id, name, real_name, email, zone, guest, bot, deleted, fetched_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (workspace, slack_id) DO UPDATE SET team_id = $4, name = $5, real_name = $6, email = $7, zone = $8,
			guest = $9, bot = $10, deleted = $11, fetched_at = $12
		RETURNING id`,
		args{
			text(p.ID), Local, p.SlackID, p.TeamID, clean(p.Name), clean(p.RealName), clean(p.Email), clean(p.Zone),
			flag(p.Guest), flag(p.Bot), flag(p.Deleted), micros(p.FetchedAt),
		}, &id)
	return incident.PersonID(id), err
}

// ClearPerson forgets everything about somebody but that there was one: events
// keep the id, and the person no longer passes the visibility gate. Should they
// come back, Slack's id makes them a new person.
func (tx *Tx) ClearPerson(id incident.PersonID) error {
	tx.forget()
	n, err := tx.exec(`UPDATE person SET slack_id = 'cleared-' || id, team_id = '', name = '', real_name = '', email = '', zone = '',
		deleted = 1, fetched_at = 0 WHERE id = $1`, text(id))
	if err == nil && n == 0 {
		return refused(NotFound, "no such person")
	}
	if err == nil {
		_, err = tx.exec(`DELETE FROM pass WHERE person = $1`, text(id))
	}
	return err
}

// SetTeam says which chat workspace is our own.
func (tx *Tx) SetTeam(teamID string) error {
	tx.forget()
	_, err := tx.exec(`UPDATE workspace SET team_id = $2 WHERE id = $1`, Local, teamID)
	return err
}

// Team is our own chat workspace, "" while it is not known.
func (r *Reader) Team() (string, error) {
	var team string
	err := r.row(`SELECT team_id FROM workspace WHERE id = $1`, args{Local}, &team)
	return team, err
}
