package page

import (
	"context"
	"crypto/rand"
	"embed"
	"io/fs"
	"net/http"
	"sync"
	"time"

	template "github.com/DataDog/datadog-agent/pkg/template/html"

	"github.com/rollcall-bot/rollcall/bot/playground/pagerfake"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// Stage is what the page shows and acts on.
type Stage struct {
	Slack *slackfake.Workspace
	Pager *pagerfake.Account
	// Now is the clock of the stage; Move moves it forward.
	Now  func() time.Time
	Move func(ctx context.Context, d time.Duration) error
	// Ahead is how far the clock was moved.
	Ahead func() time.Duration
	// Commands complete what is typed behind /incident; Shortcuts are in the menus of messages and of the app.
	Commands  []Command
	Shortcuts []Shortcut
	// Services can raise alarms in PagerDuty.
	Services []Service
	// Phones are PagerDuty's people: names in the workspace by PagerDuty's id.
	Phones map[string]string
	// CallDown has the call provider fail until the returned function is called. Nil without one.
	CallDown func() (back func())
	// Document renders the RFO of an incident (INC-7) as it stands, as a whole HTML page. Nil when it cannot.
	Document func(ctx context.Context, key string) ([]byte, error)
}

// Command is one form of /incident.
type Command struct {
	Words string `json:"words"` // the verb, such as "task done"
	Usage string `json:"usage"`
	Help  string `json:"help"`
}

// Shortcut is a shortcut of the app.
type Shortcut struct {
	Name     string `json:"name"`
	Callback string `json:"callback"`
	Message  bool   `json:"message"` // in the menu of a message, otherwise a global one
}

// Service is a service in PagerDuty.
type Service struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

//go:embed static
var static embed.FS

// Page answers a browser. The zero Page is not usable; call New.
type Page struct {
	stage Stage
	token string // of requests that change something; in the page alone
	index *template.Template
	mux   *http.ServeMux

	mu     sync.Mutex // guards what follows
	faults map[string]func()
	wake   chan struct{} // closed at the next change that no stand-in tells

	moving sync.Mutex // one move of the clock at a time
}

// New makes the page of a stage.
func New(s Stage) (*Page, error) {
	files, err := fs.Sub(static, "static")
	if err != nil {
		return nil, err
	}
	index, err := template.ParseFS(files, "index.html")
	if err != nil {
		return nil, err
	}
	p := &Page{stage: s, token: rand.Text(), index: index, mux: http.NewServeMux(), faults: map[string]func(){}, wake: make(chan struct{})}
	p.mux.HandleFunc("GET /{$}", p.serveIndex)
	p.mux.Handle("GET /static/", http.StripPrefix("/static/", http.FileServerFS(files)))
	p.mux.HandleFunc("GET /api/about", p.serveAbout)
	p.mux.HandleFunc("GET /api/state", p.serveState)
	p.mux.HandleFunc("GET /api/events", p.serveEvents)
	p.mux.HandleFunc("POST /api/act/{do}", p.serveAct)
	p.mux.HandleFunc("POST /api/set/{what}", p.serveSet)
	p.mux.HandleFunc("GET /files/{id}", p.serveFile)
	p.mux.HandleFunc("GET /rfo/{key}", p.serveDocument)
	return p, nil
}

// ServeHTTP answers requests of the page's own origin.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !p.admit(w, r) {
		return
	}
	p.mux.ServeHTTP(w, r)
}

func (p *Page) serveIndex(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = p.index.Execute(w, map[string]string{"Token": p.token, "Team": p.stage.Slack.Identity().TeamName})
}
