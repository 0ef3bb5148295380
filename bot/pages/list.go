package pages

import (
	"net/http"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// recently is how far back the list of ended incidents reaches.
const recently = 30 * 24 * time.Hour

// listPage is every incident that the reader may see and would look for.
type listPage struct {
	Open, Recent []listed
}

// listed is one of them.
type listed struct {
	Key, Title, Leader string
	Status             incident.Status
	Severity           int
	Private, Drill     bool
	Opened             time.Time
}

func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	var body listPage
	v, ok := s.whole(w, r, func(rd *storage.Reader, v visitor) error {
		open, err := rd.VisibleOpen(v.ID)
		if err != nil {
			return err
		}
		recent, err := rd.VisibleSince(v.ID, s.Now().Add(-recently))
		for _, b := range open {
			body.Open = append(body.Open, inList(b, bot.Names(rd)))
		}
		for _, b := range recent {
			if b.Status.Over() {
				body.Recent = append(body.Recent, inList(b, bot.Names(rd)))
			}
		}
		return err
	})
	if ok {
		f := v.frame("Incidents", "incidents")
		f.Refresh = 30
		s.show(w, r, http.StatusOK, layoutList, f, body)
	}
}

// rows are incidents with the zone that their times are read in.
type rows struct {
	Zone clockFace
	List []listed
}

func inZone(zone clockFace, list []listed) rows { return rows{zone, list} }

func inList(b storage.Brief, who incident.Names) listed {
	l := listed{
		Key: incident.Key(b.Number), Title: incident.PlainText(b.Title, who), Status: b.Status, Severity: b.Severity,
		Private: b.Private, Drill: b.Drill, Opened: b.OpenedAt,
	}
	if b.Leader != incident.System {
		l.Leader = who.Name(b.Leader)
	}
	return l
}
