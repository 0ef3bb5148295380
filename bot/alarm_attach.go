package bot

import "github.com/rollcall-bot/rollcall/incident"

var alarmAttachRow = &Row{
	Stem: "alarm_attach", Words: "alarm attach", Scope: inIncidentSurely,
	Usage: []string{"INC-7 alarm attach ID"}, Help: "gives an alarm that was suggested to an incident",
	Change: func(c *Invocation) (incident.Command, error) {
		row, held, err := c.alarm()
		if err != nil {
			return nil, err
		}
		c.adoptAfter(row, held)
		return incident.AttachAlarm{Ref: row.Ref, Title: held.Alarm().Name()}, nil
	},
}
