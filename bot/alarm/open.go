package alarm

import (
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// ruleClaim is the scope in which a rule has one incident that further alarms join.
const ruleClaim = "alarm.rule"

// open opens an incident for an alarm, or gives it to the one that the same rule
// opened a short time ago.
func (t *taking) open(tx *storage.Tx, rule Rule, row storage.Alarm, held bot.HeldAlarm) error {
	if rule.Window > 0 {
		inc, err := t.joined(tx, rule)
		if err != nil {
			return err
		}
		if inc != nil {
			return t.Bot.Adopt(tx, inc, row, held)
		}
	}
	inc := incident.New(t.id)
	cmd := t.Bot.Opening(held, t.plan, nil)
	if err := t.Bot.Self(tx, inc, cmd); err != nil {
		return err
	}
	return t.Bot.Adopt(tx, inc, row, held)
}

// joined is the incident that a rule's further alarms join; nil when this one is
// to open another, which is then the rule's.
func (t *taking) joined(tx *storage.Tx, rule Rule) (*incident.Incident, error) {
	owner, fresh, err := tx.Claim(ruleClaim, rule.Name, t.id)
	if err != nil || fresh {
		return nil, err
	}
	inc, err := tx.RawIncident(owner)
	switch {
	case storage.IsNotFound(err):
	case err != nil:
		return nil, err
	case !inc.Life.Status.Over() && t.Bot.Clock.Now().Sub(lastAlarm(inc)) <= rule.Window:
		return inc, nil
	}
	if err := tx.Unclaim(ruleClaim, rule.Name, owner); err != nil {
		return nil, err
	}
	_, _, err = tx.Claim(ruleClaim, rule.Name, t.id)
	return nil, err
}

// lastAlarm is when an incident last heard of an alarm.
func lastAlarm(inc *incident.Incident) time.Time {
	last := inc.Identity.OpenedAt
	for _, a := range inc.Board.Alarms {
		if a.Since.After(last) {
			last = a.Since
		}
	}
	return last
}

// running is the incident that an alarm may join: of those going on the newest
// one with the alarm's service on its board, else the only one. Private ones and
// drills are not joined by themselves.
func (t *taking) running(tx *storage.Tx, a incident.Alarm) (*incident.Incident, error) {
	all, err := tx.RawOpen()
	if err != nil {
		return nil, err
	}
	var only []*incident.Incident
	for _, b := range all {
		if b.Private || b.Drill {
			continue
		}
		inc, err := tx.RawIncident(b.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range inc.Board.Services {
			if strings.EqualFold(s.Name, a.Service.Value) {
				return inc, nil
			}
		}
		only = append(only, inc)
	}
	if len(only) == 1 {
		return only[0], nil
	}
	return nil, nil //nolint:nilnil // no incident is an answer of its own here
}
