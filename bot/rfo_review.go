package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
)

var rfoReviewRow = &Row{
	Stem: "rfo_review", Words: "rfo review", Group: groupRFO, Scope: inIncident,
	Usage: []string{"rfo review", "rfo review @user"}, Help: "asks somebody, or the channel, to read the RFO and approve of it",
	Change: func(c *Invocation) (incident.Command, error) {
		who, ok, err := c.person()
		if err != nil {
			return nil, err
		}
		if !ok {
			who = incident.System
		}
		return incident.AskReview{Who: who}, c.end()
	},
}
