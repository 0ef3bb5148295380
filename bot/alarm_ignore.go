package bot

import "github.com/rollcall-bot/rollcall/incident"

var alarmIgnoreRow = &Row{
	Stem: "alarm_ignore", Words: "alarm ignore", Scope: anywhere,
	Usage: []string{"alarm ignore ID"}, Help: "leaves an alarm alone that was suggested",
	Prepare: func(*Invocation) {},
	Change: func(c *Invocation) (incident.Command, error) {
		row, held, err := c.alarm()
		if err != nil {
			return nil, err
		}
		held.Ignored = true
		c.after = func(c *Invocation) error {
			_, err := held.Hold(c.tx, row)
			return err
		}
		return incident.IgnoreAlarm{Title: held.Alarm().Name()}, nil
	},
}
