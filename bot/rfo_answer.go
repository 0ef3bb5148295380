package bot

import (
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
)

var rfoAnswerRow = &Row{
	Stem: "rfo_answer", Words: "rfo answer", Group: groupRFO, Scope: inIncident,
	Usage: []string{"rfo answer", "rfo answer QUESTION TEXT"}, Help: "answers one of the questions of the RFO; bare, lists them",
	Bare: showQuestions,
	Change: func(c *Invocation) (incident.Command, error) {
		w := c.take()
		return incident.AnswerQuestion{Question: strings.ToLower(w.Text), Text: c.text()}, nil
	},
}
