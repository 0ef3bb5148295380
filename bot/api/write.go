package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/storage"
)

// answerWithin bounds a change; the store gives up long before.
const answerWithin = 8 * time.Second

// Opening opens an incident.
type Opening struct {
	Title    string   `json:"title" need:"yes" doc:"What is wrong, in a few words."`
	Severity Severity `json:"severity" doc:"1 (the gravest) to 4, or sev1 to sev4; the configured one unless given."`
	Service  string   `json:"service" doc:"What may be bleeding: letters, digits, dot, dash, underscore."`
	Drill    bool     `json:"drill" doc:"For practice: everything is real, nobody is paged, no figure counts it."`
	Actor    string   `json:"actor" doc:"In whose name: the e-mail address or Slack id of a full member. Without it the program itself, called API, is named."`
}

// Command runs a command of the grammar.
type Command struct {
	Text      string `json:"text" need:"yes" doc:"As behind /incident, such as: note rolled back checkout. People are @name or @ and their Slack id."`
	Confirmed bool   `json:"confirmed" doc:"Has been asked, and means it: as with a choice that says confirmed."`
	Actor     string `json:"actor" doc:"As when opening an incident."`
}

// Opened is a new incident.
type Opened struct {
	Key     string   `json:"key" doc:"Such as INC-7."`
	Call    string   `json:"call,omitempty" doc:"The link of the call; it works at once. Left out where no provider is configured that suits."`
	Text    string   `json:"text" doc:"The answer as a person reads it."`
	Choices []Choice `json:"choices,omitempty" doc:"Commands that are offered with it."`
}

// Answer is what a command came to.
type Answer struct {
	Kind    string   `json:"kind" doc:"done: it is on disk. shown: nothing was to be stored."`
	Key     string   `json:"key,omitempty" doc:"The incident that was changed."`
	Text    string   `json:"text" doc:"The answer as a person reads it."`
	Choices []Choice `json:"choices,omitempty" doc:"Commands that are offered with it."`
}

// Choice is a button of an answer.
type Choice struct {
	Label     string `json:"label" doc:"What stands on the button."`
	Text      string `json:"text,omitempty" doc:"The command that it runs; send it to the commands of the incident."`
	Confirmed bool   `json:"confirmed,omitempty" doc:"To be sent with it."`
	URL       string `json:"url,omitempty" doc:"Where it leads, instead of running anything."`
}

// Severity is 1 to 4, also spelt sev1 to sev4.
type Severity int

// UnmarshalJSON reads either spelling.
func (s *Severity) UnmarshalJSON(text []byte) error {
	word := strings.TrimPrefix(strings.ToLower(strings.Trim(string(text), `"`)), "sev")
	n, err := strconv.Atoi(word)
	if err != nil || n < 1 || n > 4 {
		return errSeverity
	}
	*s = Severity(n)
	return nil
}

var errSeverity = errors.New("severity is a number from 1 (the gravest) to 4")

// serviceForm is what the grammar takes for a service's name.
var serviceForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$`) })

func (s *Server) open(c *call) {
	var o Opening
	d, ok := c.receive(&o)
	if !ok {
		return
	}
	switch {
	case strings.TrimSpace(o.Title) == "":
		fail(c, http.StatusUnprocessableEntity, "no_title", `Say what is wrong in a few words: {"title":"Checkout is down"}.`)
		return
	case o.Service != "" && !serviceForm().MatchString(o.Service):
		fail(c, http.StatusUnprocessableEntity, "bad_service", "The name of a service has letters, digits, dots, dashes and underscores only, such as checkout-api.")
		return
	}
	line := "open"
	if o.Drill {
		line = "drill"
	}
	if o.Severity > 0 {
		line += fmt.Sprintf(" sev%d", o.Severity)
	}
	if o.Service != "" {
		line += " service " + o.Service
	}
	a, ok := s.run(c, bot.Request{Delivery: d, Text: line + " -- " + o.Title}, o.Actor)
	if !ok {
		return
	}
	out := Opened{Text: a.Text, Choices: s.Choices(c.Context(), a)}
	if a.About != nil {
		out.Key, out.Call = a.About.Key, a.About.Call
		c.Header().Set("Location", base+"/incidents/"+out.Key)
	}
	reply(c, http.StatusCreated, out)
}

// keyInFront is the key of an incident before a command.
var keyInFront = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\s*(?i:INC-(\d{1,9}))(?:[,:]?\s+|$)`) })

func (s *Server) command(c *call) {
	var o Command
	d, ok := c.receive(&o)
	if !ok {
		return
	}
	var b storage.Brief
	err := s.Store.Read(c.Context(), func(r *storage.Reader) (err error) {
		b, err = r.PublicByNumber(c.number())
		return err
	})
	if err != nil {
		s.missed(c, err)
		return
	}
	if m := keyInFront().FindStringSubmatch(o.Text); m != nil {
		if n, _ := strconv.Atoi(m[1]); n != b.Number { // digits only
			fail(c, http.StatusUnprocessableEntity, "other_incident", "The text names another incident than the address: send it to the commands of that one.")
			return
		}
		o.Text = o.Text[len(m[0]):]
	}
	if strings.TrimSpace(o.Text) == "" {
		fail(c, http.StatusUnprocessableEntity, "no_text", `Say what to do: {"text":"note rolled back checkout"}; docs/commands.md lists the commands.`)
		return
	}
	a, ok := s.run(c, bot.Request{Delivery: d, Text: o.Text, Incident: b.ID, Confirmed: o.Confirmed}, o.Actor)
	if !ok {
		return
	}
	out := Answer{Kind: string(a.Kind), Text: a.Text, Choices: s.Choices(c.Context(), a)}
	if a.About != nil {
		out.Key = a.About.Key
	}
	reply(c, http.StatusOK, out)
}

// run has the bot carry a line out, and answers whatever is no success.
func (s *Server) run(c *call, req bot.Request, actor string) (bot.Answer, bool) {
	ctx, cancel := context.WithTimeout(c.Context(), answerWithin)
	defer cancel()
	a, again, err := s.first(ctx, req.Delivery)
	if err != nil {
		s.unread(c, err)
		return a, false
	}
	if !again {
		var known bool
		if req.From, known, err = s.actor(ctx, actor); err != nil {
			a = bot.Answer{Kind: bot.NotSaved, Text: "NOT saved: the database did not take it. You sent: " + req.Text}
		} else if !known {
			fail(c, http.StatusUnprocessableEntity, "unknown_actor", "The actor is not known as a full member of the workspace: give the e-mail address or the Slack id of one, or leave it out.")
			return a, false
		} else {
			req.Surface = "api"
			req.Text = s.Line(ctx, req.Text)
			a = s.Door.Handle(ctx, req)
		}
	}
	switch {
	case a.Kind == bot.Done || a.Kind == bot.Shown:
		return a, true
	case a.Reused:
		fail(c, http.StatusUnprocessableEntity, "key_reused", "This Idempotency-Key was sent before with another request, so nothing was done. Send this one with a key of its own.")
	case a.Kind == bot.NotSaved:
		c.Header().Set("Retry-After", retryAfter)
		fail(c, http.StatusServiceUnavailable, "not_saved", plain.Replace(a.Text))
	case a.Kind == bot.Asked:
		reply(c, http.StatusConflict, Error{Trouble{Code: "asked", Message: a.Text, Choices: s.Choices(ctx, a)}})
	default:
		fail(c, http.StatusUnprocessableEntity, "refused", a.Text)
	}
	return a, false
}

// plain undoes Slack's three escapes, which an answer that could not be worded has.
var plain = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// first is the answer that a delivery got when it came first. It comes before all
// that may have changed since, such as who the actor is.
func (s *Server) first(ctx context.Context, d bot.Delivery) (a bot.Answer, again bool, err error) {
	if d.ID == "" {
		return a, false, nil
	}
	err = s.Store.Read(ctx, func(r *storage.Reader) error {
		seen, ok, err := r.Delivery(d.Source, d.ID)
		if again = ok; err != nil || !ok {
			return err
		}
		if seen.Print != d.Print {
			a.Reused = true
			return nil
		}
		return json.Unmarshal([]byte(seen.Answer), &a)
	})
	return a, again, err
}
