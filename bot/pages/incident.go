package pages

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// shownLines is how many lines of a timeline are shown at once, the latest first.
const shownLines = 300

// incidentPage is one incident as its page shows it.
type incidentPage struct {
	Key, Title string
	Head       int64 // of the log; tells a script that something is new
	Life       lifeView
	Call       incident.Call
	CallBy     string
	Leader     string
	Asked      string // asked to lead, and not yet accepted
	Work       workView
	Lines      []dayView
	Older      int // lines that are not shown
	Note       noteForm
}

// copyView is a copy of the RFO elsewhere.
type copyView struct {
	Target, Place    string
	Link             bool // Place is an address
	Revision, Failed int
	Stale            bool
	Last             int // published
}

// lifeView is where the incident stands.
type lifeView struct {
	Status         incident.Status
	Severity       int
	Private, Drill bool
	Over           bool
	Opened         time.Time
	OpenedBy       string
	Channel        string
}

// workView is the work that was divided up.
type workView struct {
	Tasks        []taskView
	Done         int
	Services     []incident.Service
	Settled, All int        // services
	Copies       []copyView // of the RFO
}

type taskView struct {
	ID, Text, Owner string
	State           incident.TaskState
}

// dayView is what happened on one day.
type dayView struct {
	Day   string
	Lines []lineView
}

type lineView struct {
	ID     string
	At     time.Time
	By     string
	Text   string
	Edited bool
}

// noteForm is the box for notes.
type noteForm struct {
	ID      string // of this submission, so that sending it twice is one note
	Text    string
	Trouble string
	Noted   bool
	Over    bool // and notes still go onto the timeline
}

func (s *Server) incident(w http.ResponseWriter, r *http.Request) {
	key := r.PathValue("key")
	if number, ok := keyNumber(strings.ToUpper(key)); ok && incident.Key(number) != key { // whoever types it in small letters
		http.Redirect(w, r, address(number), http.StatusFound)
		return
	}
	s.incidentWith(w, r, http.StatusOK, noteForm{ID: s.NewID(), Noted: r.URL.Query().Has("noted")})
}

// incidentWith shows the incident's page with what is in the box for notes.
func (s *Server) incidentWith(w http.ResponseWriter, r *http.Request, status int, note noteForm) {
	var body incidentPage
	v, ok := s.one(w, r, false, func(rd *storage.Reader, v visitor, inc *incident.Incident) (err error) {
		body, err = view(rd, inc, v, r.URL.Query().Has("all"))
		return err
	})
	if ok {
		body.Note = note
		f := v.frame(body.Key+" "+body.Title, "")
		f.Script = "refresh.js"
		s.show(w, r, status, layoutIncident, f, body)
	}
}

// view is the page of an incident that the visitor may see.
func view(rd *storage.Reader, inc *incident.Incident, v visitor, all bool) (incidentPage, error) {
	who := bot.Names(rd)
	body := incidentPage{
		Key: inc.Key(), Title: incident.PlainText(inc.Identity.Title, who), Head: inc.Head, Call: inc.Call(), Work: work(inc, who),
		Life: lifeView{
			Status: inc.Life.Status, Severity: inc.Life.Severity, Private: inc.Identity.Private, Drill: inc.Identity.Drill,
			Over: inc.Life.Status.Over(), Opened: inc.Identity.OpenedAt, OpenedBy: who.Name(inc.Identity.Opener), Channel: inc.Channel.Name,
		},
	}
	if body.Call.By != incident.System {
		body.CallBy = who.Name(body.Call.By)
	}
	if l := inc.Leadership; l.Leader != incident.System {
		body.Leader = who.Name(l.Leader)
	}
	if l := inc.Leadership; l.Named != incident.System && l.Named != l.Leader {
		body.Asked = who.Name(l.Named)
	}
	log, err := rd.VisibleRecords(v.ID, inc.ID, 1)
	if err != nil {
		return body, err
	}
	lines := incident.Timeline(inc, log, who)
	if !all && len(lines) > shownLines {
		body.Older = len(lines) - shownLines
		lines = lines[body.Older:]
	}
	body.Lines = days(lines, who, clockFace{v.zone})
	return body, nil
}

// copies are those that there are, and those that did not get there.
func copies(inc *incident.Incident) (all []copyView) {
	for _, c := range inc.Review.Paper.Copies {
		if c.Revision == 0 && c.Failed == 0 {
			continue
		}
		all = append(all, copyView{
			Target: c.Target, Place: c.Place, Link: strings.HasPrefix(c.Place, "https://"), Revision: c.Revision, Failed: c.Failed,
			Stale: inc.Review.Stale(c), Last: inc.Review.PublishedRevision(),
		})
	}
	return all
}

func work(inc *incident.Incident, who incident.Names) (w workView) {
	w.Copies = copies(inc)
	for _, t := range inc.Board.Tasks {
		switch t.State {
		case incident.TaskDropped:
			continue
		case incident.TaskDone:
			w.Done++
		case incident.TaskOpen:
		}
		one := taskView{ID: t.ID(), Text: incident.PlainText(t.Text, who), State: t.State}
		if t.Owner != incident.System {
			one.Owner = who.Name(t.Owner)
		}
		w.Tasks = append(w.Tasks, one)
	}
	w.Services = inc.Board.Services
	w.Settled, w.All = inc.Board.RollbackCount()
	return w
}

// days lays the timeline out by day, the latest first: what is new is what
// somebody looks for.
func days(lines []incident.Line, who incident.Names, zone clockFace) (list []dayView) {
	for _, l := range slices.Backward(lines) {
		day := zone.day(l.At)
		if len(list) == 0 || list[len(list)-1].Day != day {
			list = append(list, dayView{Day: day})
		}
		last := &list[len(list)-1]
		last.Lines = append(last.Lines, lineView{
			ID: incident.EntryID(l.Seq), At: l.At, By: who.Name(l.By), Text: strings.TrimSpace(l.Text), Edited: l.Edited,
		})
	}
	return list
}
