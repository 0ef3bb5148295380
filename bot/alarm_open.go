package bot

import (
	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// The rows of alarms are what the buttons of a suggestion run. Their argument is
// our own id of the alarm, so they stand in no help.

var alarmOpenRow = &Row{
	Stem: "open", Words: "alarm open", Scope: anywhere,
	Usage: []string{"alarm open ID"}, Help: "opens an incident for an alarm that was suggested",
	Prepare: func(c *Invocation) { c.plan = c.service.Calls.Plan(calls.Ask{}) },
	Change: func(c *Invocation) (incident.Command, error) {
		a, held, err := c.alarm()
		if err != nil {
			return nil, err
		}
		c.adoptAfter(a, held)
		return c.service.Opening(held, c.plan, nil), nil
	},
}

// alarm takes the id of an alarm that belongs to no incident yet.
func (c *Invocation) alarm() (storage.Alarm, HeldAlarm, error) {
	w := c.take()
	if !c.rest.Empty() || len(w.Text) != len("00000000-0000-7000-8000-000000000000") {
		return storage.Alarm{}, HeldAlarm{}, misfit{}
	}
	a, err := c.Reader.AlarmByID(w.Text)
	if storage.IsNotFound(err) {
		return a, HeldAlarm{}, &incident.Error{Code: incident.NotFound, Say: incident.Say{ID: "alarm_attach.gone"}}
	}
	if err != nil {
		return a, HeldAlarm{}, err
	}
	held, err := Held(a)
	if err == nil && a.Incident != "" {
		err = c.taken(a)
	}
	return a, held, err
}

// adoptAfter gives the alarm to the call's incident once its command is decided.
func (c *Invocation) adoptAfter(a storage.Alarm, held HeldAlarm) {
	c.after = func(c *Invocation) error { return c.service.Adopt(c.tx, c.Incident, a, held) }
}

// taken says which incident has an alarm, to whoever may know.
func (c *Invocation) taken(a storage.Alarm) error {
	key := ""
	b, err := c.Reader.VisibleByID(c.Actor.ID, a.Incident)
	switch {
	case err == nil:
		key = incident.Key(b.Number)
	case !storage.IsNotFound(err):
		return err
	}
	return &incident.Error{Code: incident.Conflict, Say: incident.Say{ID: "alarm_attach.taken", Args: incident.Args{"key": key}}}
}
