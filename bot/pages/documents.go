package pages

import (
	"net/http"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
	"github.com/rollcall-bot/rollcall/storage"
)

// rfoPolicy is the document's: it brings its own style, and loads nothing.
const rfoPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// rfoView is the page around an incident's RFO.
type rfoView struct {
	Key, Title string
	State      rfo.State
	Customer   bool
	Text       string // what a customer may read, as Markdown
	Editor     editor
}

// rfoDocument reads the RFO for whoever signed in and may see the incident.
func (s *Server) rfoDocument(w http.ResponseWriter, r *http.Request) (d rfo.Document, v visitor, ok bool) {
	v, ok = s.one(w, r, true, func(rd *storage.Reader, _ visitor, inc *incident.Incident) (err error) {
		d, err = s.Document(rd, inc)
		return err
	})
	return d, v, ok
}

// customers says whether what a customer may read is asked for.
func customers(r *http.Request) bool { return r.URL.Query().Get("customer") == "1" }

func (s *Server) rfoPage(w http.ResponseWriter, r *http.Request) {
	s.editorWith(w, r, http.StatusOK, editor{ID: s.NewID(), Saved: r.URL.Query().Has("saved")}, nil)
}

func (s *Server) rfoMarkdown(w http.ResponseWriter, r *http.Request) {
	d, _, ok := s.rfoDocument(w, r)
	if !ok {
		return
	}
	body := rfo.Markdown(d)
	if customers(r) {
		body = s.forCustomers(d)
	}
	w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
	_, _ = w.Write(body)
}

func (s *Server) rfoHTML(w http.ResponseWriter, r *http.Request) {
	d, _, ok := s.rfoDocument(w, r)
	if !ok {
		return
	}
	if customers(r) { // written as Markdown only
		http.Redirect(w, r, "rfo.md?customer=1", http.StatusSeeOther)
		return
	}
	w.Header().Set("Content-Security-Policy", rfoPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(rfo.HTML(d))
}

func (s *Server) forCustomers(d rfo.Document) []byte {
	return rfo.CustomerMarkdown(rfo.Customer(d, rfo.CustomerText{Zone: s.Zone}))
}
