package pages

import (
	"net/http"
	"strconv"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
	"github.com/rollcall-bot/rollcall/storage"
)

// periods are the days that the figures can reach back, the first unless another
// is asked for.
var periods = []int{90, 30, 365}

// maxFigures is how many incidents are read for the figures at most: their whole
// logs are, and nobody compares more of them by eye.
const maxFigures = 400

// figuresPage compares incidents by how fast they were answered.
type figuresPage struct {
	Days      int
	Periods   []int
	Trends    rfo.Trends
	Customers struct{ N, Of int } // found by a customer, of those of which it is known
	Rows      []figureRow
	Cut       bool // there were more than maxFigures
}

// figureRow is one incident's figures, in the order of the trends'.
type figureRow struct {
	Key, Title, Source string
	Opened             time.Time
	Values             []rfo.Value
}

func (s *Server) figures(w http.ResponseWriter, r *http.Request) {
	body := figuresPage{Days: periods[0], Periods: []int{30, 90, 365}}
	for _, p := range periods {
		if r.URL.Query().Get("days") == strconv.Itoa(p) {
			body.Days = p
		}
	}
	v, ok := s.whole(w, r, func(rd *storage.Reader, v visitor) error { return s.compare(rd, v, &body) })
	if ok {
		f := v.frame("Figures", "figures")
		f.Generous = true
		s.show(w, r, http.StatusOK, layoutFigures, f, body)
	}
}

// compare reads the incidents of the period that the reader may see.
func (s *Server) compare(rd *storage.Reader, v visitor, body *figuresPage) error {
	all, err := rd.VisibleSince(v.ID, s.Now().AddDate(0, 0, -body.Days))
	if err != nil {
		return err
	}
	if body.Cut = len(all) > maxFigures; body.Cut {
		all = all[:maxFigures]
	}
	var docs []rfo.Document
	for _, b := range all {
		if b.Drill || b.Status != incident.Resolved { // its log need not be read
			docs = append(docs, rfo.Document{Head: rfo.Head{Incident: rfo.Life{Status: b.Status, Drill: b.Drill}}})
			continue
		}
		inc, err := rd.VisibleIncident(v.ID, b.ID)
		if err != nil {
			return err
		}
		d, err := s.Document(rd, inc)
		if err != nil {
			return err
		}
		docs = append(docs, d)
		body.Rows = append(body.Rows, figureRow{Key: d.Head.Key, Title: d.Head.Title, Source: d.Detection.Source, Opened: b.OpenedAt})
	}
	body.Trends = rfo.Compare(docs)
	body.Customers.N, body.Customers.Of = body.Trends.FoundByCustomers()
	n := 0
	for _, d := range docs {
		if !rfo.Counts(d.Head.Incident) {
			continue
		}
		for _, f := range body.Trends.Figures {
			m, _ := d.Speed.Metric(f.ID)
			body.Rows[n].Values = append(body.Rows[n].Values, m.Value)
		}
		n++
	}
	return nil
}
