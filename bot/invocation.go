package bot

import (
	"cmp"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// Invocation is one subcommand under way: what was said, by whom, about which
// incident, and the transaction it is looked up in.
type Invocation struct {
	reading
	Request  Request
	Reader   *storage.Reader
	Actor    incident.Person
	Incident *incident.Incident // nil for a row of scope anywhere
	Stamp    incident.Stamp

	service *Service
	tx      *storage.Tx // nil while something is only shown
	newID   string      // of the incident that this may open
	plan    calls.Plan  // of its call; made before the transaction, since nothing may delay it
	toStore
	after func(*Invocation) error // writes what belongs to the change, in the same transaction; set by Change
}

// toStore is what an answer that only shows something needs stored all the same.
type toStore struct {
	offers []storage.Offer // that its buttons run
	passes []storage.Pass  // that it hands out
}

// prepare makes what must be the same however often the writer runs the command.
func (c *Invocation) prepare() {
	s := c.service
	c.Stamp = incident.Stamp{
		At: s.Clock.Now(), Command: incident.CommandID(s.NewID()), Surface: c.Request.Surface,
	}
	if c.row.Prepare != nil {
		c.newID = s.NewID()
		c.row.Prepare(c)
	}
}

// Now is when the command was given.
func (c *Invocation) Now() time.Time { return c.Stamp.At }

// Zone is the actor's own time zone.
func (c *Invocation) Zone() *time.Location { return c.Actor.Zone }

// identify finds out who is speaking. Somebody whom Slack's roster does not hold
// is refused, once there is a roster; until then whoever Slack's signature
// vouches for is taken in, since nothing may delay the first incident.
func (c *Invocation) identify() error {
	p, err := c.Reader.PersonBySlack(c.Request.From.User)
	switch {
	case storage.IsNotFound(err):
		err = c.newcomer()
	case err == nil && p.Deleted:
		err = stranger()
	case err == nil:
		c.Actor, err = c.service.person(c.Reader, p)
	}
	c.Stamp.Actor = c.Actor.ID
	return err
}

func (c *Invocation) newcomer() error {
	if c.Request.From.User == "" {
		return stranger()
	}
	if known, err := rosterKnown(c.Reader); err != nil || known && !strings.Contains(c.Request.From.User, ":") {
		return cmp.Or(err, c.askSlack())
	}
	p := storage.Person{
		ID: incident.PersonID(c.service.NewID()), SlackID: c.Request.From.User, TeamID: c.Request.From.Team,
		Name: c.Request.From.Name,
	}
	c.Actor = incident.Person{ID: p.ID, Zone: c.service.Policy.Zone, Full: true}
	if c.tx == nil { // only looking: known for this answer
		return nil
	}
	id, err := c.tx.UpsertPerson(p)
	if err != nil {
		return err
	}
	p.ID = id
	c.Actor, err = c.service.person(c.Reader, p)
	return err
}

// askSlack refuses somebody who is not on the roster, and has Slack asked who
// they are: they may have come after it was read.
func (c *Invocation) askSlack() error {
	if c.tx != nil {
		if err := c.tx.Enqueue(PersonArgs{SlackID: c.Request.From.User}, nil); err != nil {
			return err
		}
	}
	return &incident.Error{Code: incident.Forbidden, Say: incident.Say{ID: "talk.newcomer"}}
}

// MetaRoster is when Slack's list of people was last read whole (RFC 3339).
const MetaRoster = "slack.roster"

// rosterKnown says whether Slack's list of people has ever been read whole.
func rosterKnown(r *storage.Reader) (bool, error) {
	_, err := r.Meta(MetaRoster)
	if storage.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

func stranger() error {
	return &incident.Error{Code: incident.Forbidden, Say: incident.Say{ID: "refuse.stranger"}}
}

// admitted finds out who is speaking and refuses what their right does not reach,
// before anything is looked up or asked about.
func (c *Invocation) admitted() error {
	if err := c.identify(); err != nil {
		return err
	}
	if c.row != nil {
		if err := incident.May(c.row.Stem, c.Actor); err != nil {
			return err
		}
	}
	return c.exchangePeople()
}

// exchangePeople replaces Slack's ids in the line by our own, before anything is
// asked about it: the line behind a button has ours.
func (c *Invocation) exchangePeople() error {
	users := c.line.Users()
	if len(users) == 0 {
		return nil
	}
	ids := map[string]incident.PersonID{}
	for _, user := range users {
		if c.Request.Marked && ourID(user) {
			continue
		}
		id, err := c.personOf(user)
		if err != nil {
			return err
		}
		ids[user] = id
	}
	// Whoever is not in ids stays as they are. Ids are no words: the line reads as before.
	c.reading = c.service.table.read(c.line.Rename(func(user string) string { return string(ids[user]) }))
	return nil
}

// ourID says that an id is one of ours, a UUID; Slack's have no dash. A button
// that was offered before there was a roster may hold one of Slack's.
func ourID(id string) bool { return strings.Contains(id, "-") }

// personOf is our id of somebody who is mentioned. Before there is a roster,
// somebody unknown is taken in as for newcomer; afterwards the mention keeps
// Slack's id, which no person has, so that giving them work is refused.
func (c *Invocation) personOf(slackID string) (incident.PersonID, error) {
	p, err := c.Reader.PersonBySlack(slackID)
	if err == nil {
		return p.ID, nil
	}
	if !storage.IsNotFound(err) {
		return "", err
	}
	known, err := rosterKnown(c.Reader)
	if err != nil || known || c.tx == nil {
		return incident.PersonID(slackID), err
	}
	return c.tx.UpsertPerson(storage.Person{SlackID: slackID, TeamID: c.Request.From.Team})
}
