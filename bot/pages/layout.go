package pages

import (
	"bytes"
	"cmp"
	"log/slog"
	"net/http"
	"path"
	"sync"
	"time"

	template "github.com/DataDog/datadog-agent/pkg/template/html"

	"github.com/rollcall-bot/rollcall/templates"
)

// names of the layouts, each a file of templates/html.
const (
	layoutList     = "list"
	layoutIncident = "incident"
	layoutRFO      = "rfo"
	layoutActions  = "actions"
	layoutFigures  = "figures"
	layoutGate     = "gate"
	layoutNotice   = "notice"
)

// layouts are the pages by name, each read when it is first shown.
type layouts map[string]func() (*template.Template, error)

// functions are what the layouts can ask for beside fields.
var functions = template.FuncMap{
	"rows": inZone, "at": clockFace.at, "clock": clockFace.clock, "utc": utc, "zone": clockFace.name, "machine": machine,
}

func newLayouts() layouts {
	all := layouts{}
	for _, name := range []string{layoutList, layoutIncident, layoutRFO, layoutActions, layoutFigures, layoutGate, layoutNotice} {
		all[name] = sync.OnceValues(func() (*template.Template, error) {
			return template.New("frame.html").Funcs(functions).ParseFS(templates.Files, "html/frame.html", "html/"+name+".html")
		})
	}
	return all
}

// frame is what every page shows around its own.
type frame struct {
	Title    string
	Here     string // of the navigation, where we are
	Who      string // who is signed in; "" for nobody
	Link     bool   // the visitor came by a personal link
	Refresh  int    // seconds until the page is loaded again; 0 for never
	Script   string // of templates/static
	Zone     clockFace
	SignIn   bool // signing in is set up
	Generous bool // wide tables
}

// page is a page to show: frame, and what its layout wants.
type page struct {
	Frame frame
	Body  any
}

// show writes a page. It is rendered whole first: half a page with a good status
// would be a lie.
func (s *Server) show(w http.ResponseWriter, r *http.Request, status int, layout string, f frame, body any) {
	f.SignIn = s.SignIn.On()
	var out bytes.Buffer
	t, err := s.layouts[layout]()
	if err == nil {
		err = t.Execute(&out, page{f, body})
	}
	if err != nil {
		s.Log.ErrorContext(r.Context(), "a page could not be laid out", slog.String("page", layout), slog.Any("error", err))
		http.Error(w, "This page could not be laid out; it has been noted. The command line and Slack are not touched by it.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w)
}

// notice is a page that only says something.
type notice struct {
	Text  string
	Typed string // what would be lost otherwise
	Back  string // where to go on; "" for the list
}

func (s *Server) say(w http.ResponseWriter, r *http.Request, status int, f frame, n notice) {
	s.show(w, r, status, layoutNotice, f, n)
}

// missing answers what is not there, and what the visitor may not know of: in the
// same bytes.
func (s *Server) missing(w http.ResponseWriter, r *http.Request, v visitor) {
	s.say(w, r, http.StatusNotFound, v.frame("Not found", ""), notice{Text: "There is nothing here, or nothing that you may see."})
}

// broken answers what the database did not give. A note that came with the request is
// handed back.
func (s *Server) broken(w http.ResponseWriter, r *http.Request, err error) {
	s.Log.WarnContext(r.Context(), "a page could not be read", slog.Any("error", err))
	n := notice{Text: "The database did not answer. Load the page again in a moment.", Typed: cmp.Or(r.PostFormValue("text"), typedAnswers(r))}
	if n.Typed != "" {
		n.Text = "This was NOT saved, as far as is known: the database did not answer. Go back in your browser and send it again in a moment; it will not be there twice."
	}
	s.say(w, r, http.StatusServiceUnavailable, frame{Title: "Try again"}, n)
}

// kinds of the files of templates/static.
var kinds = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

func (s *Server) static(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	body, err := templates.Files.ReadFile("static/" + name)
	kind := kinds[path.Ext(name)]
	if err != nil || kind == "" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "public, max-age=300") // a new version is not waited for long
	_, _ = w.Write(body)
}

// clockFace shows times to one reader.
type clockFace struct{ zone *time.Location }

// at is a time in the reader's zone.
func (c clockFace) at(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(c.in()).Format("2006-01-02 15:04")
}

// clock is the time of day, with seconds.
func (c clockFace) clock(t time.Time) string { return t.In(c.in()).Format("15:04:05") }

// day is the date.
func (c clockFace) day(t time.Time) string { return t.In(c.in()).Format("Monday 2 January 2006") }

// machine is a time for machines.
func machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// utc is a time as others read it, who are elsewhere.
func utc(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// name is the name of the zone.
func (c clockFace) name() string { return c.in().String() }

func (c clockFace) in() *time.Location {
	if c.zone == nil {
		return time.UTC
	}
	return c.zone
}
