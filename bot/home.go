package bot

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// Home is somebody's App Home: what they may see, and what waits for them.
type Home struct {
	Parts []HomePart
}

// HomePart is a heading with what stands under it. Texts are Slack's mrkdwn,
// already escaped.
type HomePart struct {
	Title string
	Lines []HomeLine
	More  string // what does not fit, in words; "" for none
}

// HomeLine is one thing, with the button that does the next step, if there is one.
type HomeLine struct {
	Text     string
	Button   string // label, plain
	Incident incident.ID
	Line     string // what the button runs, for whoever presses it
}

const (
	// homeLines bounds a part: Slack takes 100 blocks in all.
	homeLines = 20
	// MetaHomes says who has opened their App Home when, as JSON by Slack's id.
	MetaHomes = "slack.homes"
	// homeLife is how long an App Home that somebody opened is kept up to date;
	// opening it always brings it up to date.
	homeLife = 24 * time.Hour
)

// HomeArgs is the job that brings one person's App Home up to date, or that of
// everybody who has looked at theirs lately.
type HomeArgs struct {
	User string `json:"user,omitempty"` // Slack's id; "" for everybody
}

// Kind is "home".
func (HomeArgs) Kind() string { return "home" }

// homeOpened remembers that somebody looks at their App Home, and has it made.
func (s *Service) homeOpened(tx *storage.Tx, h Happening) error {
	opened, err := homes(tx.Reader)
	if err != nil {
		return err
	}
	now := s.Clock.Now().UTC()
	maps.DeleteFunc(opened, func(_ string, at time.Time) bool { return now.Sub(at) > homeLife })
	opened[h.User] = now
	body, err := json.Marshal(opened)
	if err != nil {
		return err
	}
	if err := tx.SetMeta(MetaHomes, string(body)); err != nil {
		return err
	}
	return tx.Enqueue(HomeArgs{User: h.User}, nil)
}

func homes(r *storage.Reader) (map[string]time.Time, error) {
	opened := map[string]time.Time{}
	body, err := r.Meta(MetaHomes)
	if storage.IsNotFound(err) {
		return opened, nil
	}
	if err == nil && json.Unmarshal([]byte(body), &opened) != nil {
		opened = map[string]time.Time{} // whoever looks again is noted again
	}
	return opened, err
}

// Viewers are Slack's ids of those who have looked at their App Home lately.
func (s *Service) Viewers(ctx context.Context) (users []string, err error) {
	err = s.Store.Read(ctx, func(r *storage.Reader) error {
		opened, err := homes(r)
		for user, at := range opened {
			if s.Clock.Now().Sub(at) <= homeLife {
				users = append(users, user)
			}
		}
		return err
	})
	slices.Sort(users)
	return users, err
}

// Changes counts what this process has decided: when it stands still, no App Home
// has to be made anew.
func (s *Service) Changes() int64 { return s.changes.Load() }

// Home makes somebody's App Home, from what the visibility gate lets through.
func (s *Service) Home(ctx context.Context, user string) (h Home, err error) {
	err = s.Store.Read(ctx, func(r *storage.Reader) error {
		p, err := r.PersonBySlack(user)
		if storage.IsNotFound(err) {
			p, err = storage.Person{}, nil // sees nothing
		}
		if err != nil {
			return err
		}
		m := homeMaker{s: s, r: r, me: p.ID}
		h, err = m.home()
		return err
	})
	return h, err
}

// homeMaker makes one App Home.
type homeMaker struct {
	s  *Service
	r  *storage.Reader
	me incident.PersonID

	open, tasks, actions []HomeLine
}

func (m *homeMaker) home() (Home, error) {
	if m.me != incident.System {
		all, err := m.unfinished()
		if err != nil {
			return Home{}, err
		}
		for _, b := range all {
			inc, err := m.r.VisibleIncident(m.me, b.ID)
			if err != nil {
				return Home{}, err
			}
			m.add(inc)
		}
	}
	opening := HomeLine{Text: m.text("home.hint", nil), Button: m.label("home.open"), Line: "open"}
	return Home{Parts: []HomePart{
		m.part("home.incidents", "home.incidents.none", append(m.open, opening), len(m.open) == 0),
		m.part("home.tasks", "home.tasks.none", m.tasks, len(m.tasks) == 0),
		m.part("home.actions", "home.actions.none", m.actions, len(m.actions) == 0),
	}}, nil
}

// unfinished are the incidents in which something may wait for somebody: those that
// are not over, and those with open actions.
func (m *homeMaker) unfinished() ([]storage.Brief, error) {
	open, err := m.r.VisibleOpen(m.me)
	if err != nil {
		return nil, err
	}
	acted, err := m.r.VisibleWithActions(m.me)
	all := append(open, acted...)
	slices.SortFunc(all, func(a, b storage.Brief) int { return b.Number - a.Number })
	return slices.CompactFunc(all, func(a, b storage.Brief) bool { return a.ID == b.ID }), err
}

// add takes what is shown of one incident.
func (m *homeMaker) add(i *incident.Incident) {
	if !i.Life.Status.Over() {
		m.open = append(m.open, HomeLine{Text: m.text("home.incident", incident.Args{
			"key": i.Key(), "title": i.Identity.Title, "severity": i.Life.Severity, "status": string(i.Life.Status), "drill": i.Identity.Drill,
			"leader": i.Leadership.Leader, "mine": i.Leadership.Leader == m.me, "channel": i.Channel.ID, "since": i.Identity.OpenedAt,
		})})
		for _, t := range i.Board.OpenTasks() {
			if t.Owner == m.me || slices.Contains(t.Joined, m.me) {
				m.tasks = append(m.tasks, HomeLine{
					Text:   m.text("home.task", incident.Args{"key": i.Key(), "id": t.ID(), "text": shorten(t.Text, homeText)}),
					Button: m.label("home.done"), Incident: i.ID, Line: "task done " + t.ID(),
				})
			}
		}
	}
	today := incident.CivilOf(m.s.Clock.Now(), m.s.Policy.Zone)
	for _, a := range i.Review.Actions {
		if a.State == incident.ActionOpen && a.Owner == m.me {
			args := actionArgs(a, i.Key(), today)
			args["text"] = shorten(a.Text, homeText)
			m.actions = append(m.actions, HomeLine{
				Text: m.text("home.action", args), Button: m.label("home.done"), Incident: i.ID, Line: "action done " + a.ID(),
			})
		}
	}
}

// homeText is how much of a task or an action is shown.
const homeText = 200

func (m *homeMaker) part(title, none string, lines []HomeLine, empty bool) HomePart {
	p := HomePart{Title: m.text(title, nil), Lines: lines}
	if empty {
		p.Lines = append([]HomeLine{{Text: m.text(none, nil)}}, lines...)
	}
	if extra := len(p.Lines) - homeLines; extra > 0 {
		p.Lines = slices.Concat(p.Lines[:homeLines-1], p.Lines[len(p.Lines)-1:])
		p.More = m.text("home.more", incident.Args{"count": extra})
	}
	return p
}

func (m *homeMaker) text(id string, args incident.Args) string {
	return m.s.Book.Text(incident.Say{ID: id, Args: args}, say.Slack{Who: names{m.r}})
}

func (m *homeMaker) label(id string) string {
	return m.s.Book.Text(incident.Say{ID: id}, label{names{m.r}})
}
