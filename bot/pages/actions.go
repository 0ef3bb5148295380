package pages

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// actionsPage is every open action of the incidents that the reader may see.
type actionsPage struct {
	Overdue, Open []actionView
}

type actionView struct {
	Key, Title string // of its incident
	ID, Text   string
	DoneWhen   string
	Owner      string // "" when whoever had it left
	Due        incident.Civil
	Moved      int // how often its date was moved
}

func (s *Server) actions(w http.ResponseWriter, r *http.Request) {
	var body actionsPage
	v, ok := s.whole(w, r, func(rd *storage.Reader, v visitor) error {
		all, err := rd.VisibleWithActions(v.ID)
		if err != nil {
			return err
		}
		today := incident.CivilOf(s.Now(), clockFace{v.zone}.in())
		for _, b := range all {
			inc, err := rd.VisibleIncident(v.ID, b.ID)
			if err != nil {
				return err
			}
			body.add(inc, bot.Names(rd), today)
		}
		return nil
	})
	if ok {
		body.sort()
		f := v.frame("Actions", "actions")
		f.Refresh = 300
		s.show(w, r, http.StatusOK, layoutActions, f, body)
	}
}

func (p *actionsPage) add(inc *incident.Incident, who incident.Names, today incident.Civil) {
	for _, a := range inc.Review.Actions {
		if a.State != incident.ActionOpen {
			continue
		}
		one := actionView{
			Key: inc.Key(), Title: incident.PlainText(inc.Identity.Title, who), ID: a.ID(), Text: incident.PlainText(a.Text, who),
			DoneWhen: incident.PlainText(a.DoneWhen, who), Due: a.Due, Moved: a.Moved(),
		}
		if !a.Orphan {
			one.Owner = who.Name(a.Owner)
		}
		if a.Due.Before(today) {
			p.Overdue = append(p.Overdue, one)
		} else {
			p.Open = append(p.Open, one)
		}
	}
}

func (p *actionsPage) sort() {
	for _, list := range [][]actionView{p.Overdue, p.Open} {
		slices.SortStableFunc(list, func(a, b actionView) int { return cmp.Compare(a.Due.String(), b.Due.String()) })
	}
}
