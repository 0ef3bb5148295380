package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// Incidents is a page of the list.
type Incidents struct {
	Incidents []Brief `json:"incidents" doc:"The page, the latest first."`
	Next      string  `json:"next,omitempty" doc:"The address of the next page; left out on the last one."`
}

// Brief is one line of a list.
type Brief struct {
	Key       string    `json:"key" doc:"Such as INC-7."`
	Title     string    `json:"title" doc:"What is wrong."`
	Status    string    `json:"status" doc:"open, mitigated, resolved, cancelled or merged."`
	Severity  int       `json:"severity" doc:"1 (the gravest) to 4."`
	Drill     bool      `json:"drill" doc:"For practice; in no figure."`
	Leader    *Person   `json:"leader,omitempty" doc:"Left out while nobody leads."`
	Channel   *Channel  `json:"channel,omitempty" doc:"Left out until it is made."`
	OpenedAt  time.Time `json:"opened_at" doc:"When it was opened."`
	UpdatedAt time.Time `json:"updated_at" doc:"When something last happened to it."`
}

// Person is somebody.
type Person struct {
	Name    string `json:"name" doc:"What others call them."`
	SlackID string `json:"slack_id,omitempty" doc:"Slack's id; left out for programs and for people at a terminal."`
}

// Channel is the incident's channel.
type Channel struct {
	ID   string `json:"id" doc:"Slack's id."`
	Name string `json:"name" doc:"Without #."`
}

// Incident is one incident as it stands.
type Incident struct {
	Brief
	Call     string    `json:"call,omitempty" doc:"The link of the call."`
	Services []Service `json:"services" doc:"The surface of the bleeding."`
	Tasks    []Task    `json:"tasks" doc:"All tasks."`
	Actions  []Action  `json:"actions" doc:"What will change so that it does not come back."`
}

// Service is a service on the board.
type Service struct {
	Name  string `json:"name" doc:"As typed in commands."`
	State string `json:"state" doc:"As in the command service."`
}

// Task is one task.
type Task struct {
	ID    string  `json:"id" doc:"Such as T2."`
	Text  string  `json:"text" doc:"What is to be done."`
	State string  `json:"state" doc:"open, done or dropped."`
	Owner *Person `json:"owner,omitempty" doc:"Left out while nobody has it."`
}

// Timeline is the log read aloud.
type Timeline struct {
	Key     string  `json:"key" doc:"The incident's."`
	Entries []Entry `json:"entries" doc:"In the order in which things happened."`
}

// Entry is one line of it.
type Entry struct {
	ID     string    `json:"id" doc:"Such as E5."`
	At     time.Time `json:"at" doc:"When it happened."`
	By     Person    `json:"by" doc:"Who told it."`
	Kind   string    `json:"kind" doc:"Of the event."`
	Text   string    `json:"text" doc:"Plain text."`
	Edited bool      `json:"edited" doc:"Worded anew by somebody."`
}

// read runs fn on the store and answers what it returns.
func (s *Server) read(c *call, fn func(*storage.Reader) (any, error)) {
	var body any
	err := s.Store.Read(c.Context(), func(r *storage.Reader) (err error) {
		body, err = fn(r)
		return err
	})
	if err != nil {
		s.missed(c, err)
		return
	}
	reply(c, http.StatusOK, body)
}

// missed answers a failed look-up: what is private and what is unknown alike.
func (s *Server) missed(c *call, err error) {
	if !storage.IsNotFound(err) {
		s.unread(c, err)
		return
	}
	fail(c, http.StatusNotFound, "no_such_incident", "There is no such incident. GET "+base+"/incidents?status=all lists those there are.")
}

// number is the incident of the address; 0 when that is no key.
func (c *call) number() int {
	_, digits, ok := strings.Cut(strings.ToLower(c.PathValue("key")), "inc-")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 1 || n > 1<<31 || !strings.EqualFold(c.PathValue("key"), incident.Key(n)) {
		return 0
	}
	return n
}

// find is the incident of the address.
func (c *call) find(r *storage.Reader) (*incident.Incident, storage.Brief, error) {
	b, err := r.PublicByNumber(c.number())
	if err != nil {
		return nil, b, err
	}
	inc, err := r.RawIncident(b.ID)
	return inc, b, err
}

const (
	pageDefault = 50
	pageMost    = 200
)

func (s *Server) list(c *call) {
	limit, before, open := pageDefault, 0, true
	if !c.params() {
		return
	}
	q := c.URL.Query()
	if q.Has("limit") {
		n, err := strconv.Atoi(q.Get("limit"))
		if err != nil || n < 1 || n > pageMost {
			fail(c, http.StatusBadRequest, "bad_parameter", "limit is a number from 1 to 200.")
			return
		}
		limit = n
	}
	if q.Has("before") {
		c.SetPathValue("key", q.Get("before"))
		if before = c.number(); before == 0 {
			fail(c, http.StatusBadRequest, "bad_parameter", "before is the key of an incident, such as INC-40.")
			return
		}
	}
	if q.Get("status") == "all" {
		open = false
	}
	s.read(c, func(r *storage.Reader) (any, error) {
		page, err := r.PublicPage(before, open, limit+1)
		out := Incidents{Incidents: []Brief{}}
		for _, b := range page[:min(len(page), limit)] {
			out.Incidents = append(out.Incidents, brief(b, names{r}))
		}
		if len(page) > limit {
			q.Set("before", incident.Key(page[limit-1].Number))
			out.Next = base + "/incidents?" + q.Encode()
		}
		return out, err
	})
}

// params refuses parameters that are not in the table, and values that are not.
func (c *call) params() bool {
	for name, values := range c.URL.Query() {
		at := slices.IndexFunc(c.to.Query, func(q query) bool { return q.Name == name })
		var known []string
		for _, q := range c.to.Query {
			known = append(known, q.Name)
		}
		switch {
		case at < 0 && len(known) == 0:
			fail(c, http.StatusBadRequest, "bad_parameter", "This address takes no parameters: leave out what is behind the question mark.")
		case at < 0:
			fail(c, http.StatusBadRequest, "bad_parameter", "This address takes only these parameters: "+strings.Join(known, ", ")+".")
		case len(values) > 1:
			fail(c, http.StatusBadRequest, "bad_parameter", name+" is given more than once: give it once.")
		case c.to.Query[at].Enum != nil && !slices.Contains(c.to.Query[at].Enum, values[0]):
			fail(c, http.StatusBadRequest, "bad_parameter", name+" is one of: "+strings.Join(c.to.Query[at].Enum, ", ")+".")
		default:
			continue
		}
		return false
	}
	return true
}

func (s *Server) incident(c *call) {
	if !c.params() {
		return
	}
	s.read(c, func(r *storage.Reader) (any, error) {
		inc, b, err := c.find(r)
		if err != nil {
			return nil, err
		}
		who := names{r}
		out := Incident{Brief: brief(b, who), Call: inc.Call().URL, Services: []Service{}, Tasks: []Task{}, Actions: []Action{}}
		for _, one := range inc.Board.Services {
			out.Services = append(out.Services, Service{Name: one.Name, State: string(one.State)})
		}
		for _, t := range inc.Board.Tasks {
			out.Tasks = append(out.Tasks, Task{ID: t.ID(), Text: incident.PlainText(t.Text, who), State: string(t.State), Owner: who.person(t.Owner)})
		}
		for _, a := range inc.Review.Actions {
			out.Actions = append(out.Actions, s.action(inc, a, who))
		}
		return out, nil
	})
}

func brief(b storage.Brief, who names) Brief {
	out := Brief{
		Key: incident.Key(b.Number), Title: incident.PlainText(b.Title, who), Status: string(b.Status), Severity: b.Severity, Drill: b.Drill,
		Leader: who.person(b.Leader), OpenedAt: b.OpenedAt, UpdatedAt: b.UpdatedAt,
	}
	if b.ChannelID != "" {
		out.Channel = &Channel{ID: b.ChannelID, Name: b.ChannelName}
	}
	return out
}

func (s *Server) timeline(c *call) {
	if !c.params() {
		return
	}
	s.read(c, func(r *storage.Reader) (any, error) {
		inc, b, err := c.find(r)
		if err != nil {
			return nil, err
		}
		log, err := r.RawRecords(b.ID, 1)
		who := names{r}
		out := Timeline{Key: inc.Key(), Entries: []Entry{}}
		for _, l := range incident.Timeline(inc, log, who) {
			e := Entry{ID: incident.EntryID(l.Seq), At: l.At, By: Person{Name: who.Name(l.By)}, Kind: l.Kind, Text: l.Text, Edited: l.Edited}
			if p := who.person(l.By); p != nil {
				e.By = *p
			}
			out.Entries = append(out.Entries, e)
		}
		return out, err
	})
}
