package bot

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// done words a success: what is now so, how to take it back, and what is wrong
// with a peer just now.
func (c *Invocation) done(d incident.Decision) (Answer, error) {
	parts := append(make([]incident.Say, 0, 8), d.Say, d.UndoHint())
	if c.row.Stem == "open" && c.plan.Spare.Hint != "" && c.Incident.Call().URL == c.plan.Spare.URL {
		parts = append(parts, incident.Say{ID: "open.hint", Args: incident.Args{"hint": c.plan.Spare.Hint}})
	}
	earlier, err := c.earlier(d)
	if err != nil {
		return Answer{}, err
	}
	voided, err := c.voided()
	if err != nil {
		return Answer{}, err
	}
	parts = append(append(append(parts, earlier...), voided, c.linkHint()), c.switchedOff(d)...)
	if c.service.Health != nil {
		if trouble, ok := c.service.Health(); ok {
			parts = append(parts, trouble)
		}
	}
	kind := Done
	if len(d.Events) == 0 && len(d.Effects) == 0 { // it was so already
		kind = Shown
	}
	a, err := c.word(kind, d.Choices, parts...)
	if c.Request.Surface == surfaceAPI && c.Incident != nil && c.Incident.Head > 0 {
		a.About = &About{Key: c.Incident.Key(), Call: c.Incident.Call().URL}
	}
	return a, err
}

// refused words a refusal, with what was typed when it would otherwise be lost.
func (c *Invocation) refused(e *incident.Error) (Answer, error) {
	kind := Refused
	if e.Code == incident.Ask {
		kind = Asked
	}
	a, err := c.word(kind, e.Choices, e.Say)
	a.why = e.Say.ID
	a.field, _ = e.Say.Args["field"].(string)
	if kind == Refused && c.Request.Form != nil {
		a.Text = c.plain(e.Say.ID, e.Say.Args) // beside a field no markup is shown
	}
	return a, err
}

// word renders an answer for its reader and stores what its buttons run.
func (c *Invocation) word(kind Kind, choices []incident.Choice, parts ...incident.Say) (Answer, error) {
	a := Answer{Kind: kind}
	reader := c.reader()
	var room [8]string
	lines := room[:0]
	for _, p := range parts {
		if text := c.service.text(p, reader); text != "" {
			lines = append(lines, text)
		}
	}
	a.Text = strings.Join(lines, "\n")
	for _, choice := range choices {
		b := Button{Label: c.service.Book.Text(choice.Label, label{c.names()})}
		if choice.Sure.ID != "" {
			b.Sure = c.service.Book.Text(choice.Sure, label{c.names()})
		}
		offer, err := json.Marshal(offered{Line: choice.Line, Confirmed: choice.Confirmed, Bound: choice.Bound})
		if err != nil {
			return a, err
		}
		o := storage.Offer{ID: c.service.NewID(), Line: string(offer), At: c.Now()}
		if c.Incident != nil && c.Incident.Head > 0 {
			o.Incident = c.Incident.ID
		}
		if b.Offer, err = c.saveOffer(o); err != nil {
			return a, err
		}
		a.Buttons = append(a.Buttons, b)
	}
	return a, nil
}

// saveOffer stores an offer in the transaction, or queues it for one of its own
// when the answer only showed something.
func (c *Invocation) saveOffer(o storage.Offer) (string, error) {
	if c.tx == nil {
		c.offers = append(c.offers, o)
		return o.ID, nil
	}
	return c.tx.SaveOffer(o)
}

func (s *Service) text(p incident.Say, r say.Reader) string {
	if p.ID == "" {
		return ""
	}
	return s.Book.Text(p, r)
}

// reader is the person who reads the answer: Slack, or a terminal, a page or a
// program, which show plain text.
func (c *Invocation) reader() say.Reader {
	switch c.Request.Surface {
	case "cli", SurfacePage, surfaceAPI:
		return say.Plain{Who: c.names(), Zone: c.Zone()}
	}
	return asker{say.Slack{Who: c.names(), Mentions: true}, c.Now(), c.Zone()}
}

// asker is the person who gave the command, in Slack: times are echoed in their
// own zone and in UTC, so that a time they told is seen to be understood.
type asker struct {
	say.Slack
	now  time.Time
	zone *time.Location
}

// Time is like "14:05 CET (13:05 UTC)". Seconds are shown only of times that
// somebody told: what was stamped just now is known well enough.
func (a asker) Time(t time.Time) string {
	if t.Nanosecond() != 0 {
		t = t.Truncate(time.Minute)
	}
	return grammar.Echo(t, a.now, a.zone)
}

func (c *Invocation) names() names { return names{c.Reader} }

// label is the reader of a button: plain text, and short.
type label struct{ names }

// Person is the name, shortened like any text.
func (l label) Person(id incident.PersonID) string { return l.Text(l.Name(id)) }

// Time is the time of day in UTC.
func (l label) Time(t time.Time) string { return t.UTC().Format("15:04 UTC") }

func (l label) Text(text string) string {
	text = strings.Join(strings.Fields(incident.PlainText(text, l.names)), " ")
	if r := []rune(text); len(r) > labelText {
		return string(r[:labelText-1]) + "…"
	}
	return text
}

// labelText bounds what a person typed inside a button; Slack shows about 30
// characters of it and refuses 75.
const labelText = 40

// Names are people's names as everybody reads them, from one reading of the store.
func Names(r *storage.Reader) incident.Names { return names{r} }

// names looks people's names up.
type names struct{ r *storage.Reader }

// Name is what others call the person.
func (n names) Name(id incident.PersonID) string {
	if id == incident.System {
		return "Rollcall"
	}
	p, err := n.r.Person(id)
	switch {
	case err != nil:
		return "somebody"
	case p.RealName != "":
		return p.RealName
	case p.Name != "":
		return p.Name
	default:
		return "somebody"
	}
}

// SlackID is the person's id in Slack.
func (n names) SlackID(id incident.PersonID) string {
	p, err := n.r.Person(id)
	if err != nil || p.Elsewhere() {
		return ""
	}
	return p.SlackID
}

// offered is what an offer's button runs.
type offered struct {
	Line      string
	Confirmed bool `json:",omitempty"`
	// Bound is for whom alone the button is. A command that is typed never has it.
	Bound *incident.Bound `json:",omitempty"`
}

// pressed turns the press of an offer's button into what it says, and whose it is.
func (s *Service) pressed(ctx context.Context, req Request) (Request, *incident.Bound, error) {
	var o storage.Offer
	err := s.Store.Read(ctx, func(r *storage.Reader) error {
		var err error
		o, err = r.Offer(req.Offer)
		return err
	})
	if err != nil {
		return req, nil, err
	}
	var run offered
	if err := json.Unmarshal([]byte(o.Line), &run); err != nil {
		return req, nil, err
	}
	req.Text, req.Marked, req.Confirmed, req.Incident = run.Line, true, run.Confirmed, o.Incident
	return req, run.Bound, nil
}

// oldButton answers a button whose offer is gone or cannot be read.
func (s *Service) oldButton(req Request, err error) Answer {
	if storage.IsNotFound(err) {
		return Answer{Kind: Refused, Text: "This button is older than a week and does nothing any more. Type the command instead; `help` lists them."}
	}
	return s.failed(&Invocation{Request: req}, err)
}

// line is the request's text, normalised once.
func (r Request) line() grammar.Line {
	if r.Marked {
		return grammar.Marked(r.Text)
	}
	return grammar.Normalise(r.Text)
}

// failed words what could not be read or stored. The text repeats what was
// typed, so that nothing is lost, and says whether it was saved.
func (s *Service) failed(c *Invocation, err error) Answer {
	var stored *storage.Error
	if !errors.As(err, &stored) {
		s.Log.Error("a command failed", "error", err)
	}
	typed := say.Escape(strings.TrimSpace(c.line.Text()))
	text := "NOT saved: the database did not take it. You typed: `" + typed + "`. Try again in a moment."
	if storage.CodeOf(err) == storage.Unknown {
		text = "NOT saved for sure: the database did not answer in time. Look with `status` before you repeat it. You typed: `" + typed + "`."
	}
	if c.row != nil && c.row.Stem == "open" && c.plan.Spare.URL != "" {
		text += " The call works all the same: " + c.plan.Spare.URL
	}
	return Answer{Kind: NotSaved, Text: text}
}
