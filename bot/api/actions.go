package api

import (
	"cmp"
	"slices"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// Actions are the open actions of all incidents.
type Actions struct {
	Actions []Action `json:"actions" doc:"The earliest date first."`
}

// Action is one thing that will change.
type Action struct {
	Key      string  `json:"key" doc:"Of its incident."`
	ID       string  `json:"id" doc:"Such as A1."`
	Text     string  `json:"text" doc:"What will change."`
	Owner    *Person `json:"owner,omitempty" doc:"Who does it."`
	Due      string  `json:"due" doc:"By when: a date such as 2026-03-04."`
	State    string  `json:"state" doc:"open, done or dropped."`
	Overdue  bool    `json:"overdue" doc:"Open, and its date has passed in the team's time zone."`
	DoneWhen string  `json:"done_when,omitempty" doc:"By what one sees that it is done."`
	Tracker  string  `json:"tracker,omitempty" doc:"Its link in a tracker."`
}

func (s *Server) action(inc *incident.Incident, a incident.Action, who names) Action {
	today := incident.CivilOf(s.Now(), s.Zone)
	return Action{
		Key: inc.Key(), ID: a.ID(), Text: incident.PlainText(a.Text, who), Owner: who.person(a.Owner), Due: a.Due.String(), State: string(a.State),
		Overdue: a.State == incident.ActionOpen && a.Due.Before(today), DoneWhen: incident.PlainText(a.DoneWhen, who), Tracker: a.Tracker,
	}
}

func (s *Server) actions(c *call) {
	if !c.params() {
		return
	}
	overdue := c.URL.Query().Get("overdue")
	s.read(c, func(r *storage.Reader) (any, error) {
		out := Actions{Actions: []Action{}}
		all, err := r.PublicWithActions()
		if err != nil {
			return nil, err
		}
		for _, b := range all {
			inc, err := r.RawIncident(b.ID)
			if err != nil {
				return nil, err
			}
			for _, a := range inc.Review.Actions {
				one := s.action(inc, a, names{r})
				if a.State == incident.ActionOpen && (overdue == "" || (overdue == "true") == one.Overdue) {
					out.Actions = append(out.Actions, one)
				}
			}
		}
		slices.SortStableFunc(out.Actions, func(a, b Action) int { return cmp.Compare(a.Due, b.Due) })
		return out, nil
	})
}
