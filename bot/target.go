package bot

import (
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// find finds the incident that a subcommand is about: the one that the button
// belongs to, the one of the KEY, the channel's, the only open one that the actor
// may see. With several it asks. A hidden incident is not there.
func (c *Invocation) find() error {
	if err := c.keyBehind(); err != nil {
		return err
	}
	if c.row.Scope == anywhere {
		return c.alreadyInside()
	}
	id, err := c.targetID()
	if err != nil {
		return err
	}
	c.Incident, err = c.Reader.VisibleIncident(c.Actor.ID, id)
	if storage.IsNotFound(err) {
		c.denied()
		return c.unknown()
	}
	return err
}

// denied leaves a trace of a button or a form that somebody used who may not see its
// incident: it is an old one, or somebody tries. Only ids are logged.
func (c *Invocation) denied() {
	if c.Request.Incident == "" {
		return // a KEY, which may be a slip
	}
	c.service.Log.Warn("denied: a button or form of an incident that its user may not see",
		"incident", loggable(string(c.Request.Incident)), "user", loggable(c.Request.From.User), "team", loggable(c.Request.From.Team), "surface", c.Request.Surface)
}

// loggable cuts what a sender chose to what an id can be.
func loggable(id string) string {
	if len(id) > 64 || strings.ContainsFunc(id, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune("-_:.", r)
	}) {
		return "?"
	}
	return id
}

func (c *Invocation) targetID() (incident.ID, error) {
	if c.Request.Incident != "" {
		return c.Request.Incident, nil
	}
	if c.number > 0 {
		id, err := c.Reader.VisibleByNumber(c.Actor.ID, c.number)
		if storage.IsNotFound(err) {
			return "", c.unknown()
		}
		return id, err
	}
	id, err := c.here()
	if err != nil || id != "" {
		return id, err
	}
	if err := c.notHidden(); err != nil {
		return "", err
	}
	return c.onlyOpen()
}

// notHidden refuses words typed in the channel of an incident that the actor is
// not known to be in: they are about that one, and must not end up on another.
func (c *Invocation) notHidden() error {
	if c.Request.From.Channel == "" {
		return nil
	}
	_, err := c.Reader.RawByChannel(c.Request.From.Channel)
	switch {
	case storage.IsNotFound(err):
		return nil
	case err != nil:
		return err
	}
	return &incident.Error{Code: incident.NotFound, Say: incident.Say{ID: "talk.hidden_here"}}
}

// here is the incident whose channel this is, or "".
func (c *Invocation) here() (incident.ID, error) {
	if c.Request.From.Channel == "" {
		return "", nil
	}
	id, err := c.Reader.VisibleByChannel(c.Actor.ID, c.Request.From.Channel)
	if storage.IsNotFound(err) {
		return "", nil
	}
	return id, err
}

// onlyOpen is the one incident that is going on, as far as the actor may see.
func (c *Invocation) onlyOpen() (incident.ID, error) {
	open, err := c.Reader.VisibleOpen(c.Actor.ID)
	if err != nil {
		return "", err
	}
	switch {
	case len(open) == 0:
		return "", c.noneOpen()
	case len(open) == 1 && (c.row.Scope == inIncident || c.Request.Confirmed):
		return open[0].ID, nil
	}
	ask := &incident.Error{Code: incident.Ask, Say: incident.Say{ID: "talk.which", Args: incident.Args{
		"line": c.body.Text(), "count": len(open),
	}}}
	for _, b := range open[:min(len(open), maxChoices)] {
		ask.Choices = append(ask.Choices, incident.Choice{
			Label: incident.Say{ID: "choice.which", Args: incident.Args{"key": incident.Key(b.Number), "title": b.Title}},
			Line:  incident.Key(b.Number) + " " + c.body.Text(),
		})
	}
	return "", ask
}

// maxChoices bounds the buttons of an answer; the rest is reached by its KEY.
const maxChoices = 8

// unknown answers a key that is unknown or hidden, in the same words.
func (c *Invocation) unknown() error {
	key := ""
	if c.number > 0 {
		key = incident.Key(c.number)
	}
	return &incident.Error{Code: incident.NotFound, Say: incident.Say{ID: "talk.unknown", Args: incident.Args{"key": key}}}
}

// noneOpen answers a verb that needs an incident when none is going on. What was
// typed may be an incident to open.
func (c *Invocation) noneOpen() error {
	e := &incident.Error{
		Code: incident.NotFound, Say: incident.Say{ID: "talk.none_open", Args: incident.Args{"verb": c.row.Words}},
	}
	if c.service.table.alone(c.line) == nil {
		e.Choices = []incident.Choice{openInstead(c.line.Text())}
	}
	return e
}

// alreadyInside asks before another incident is opened from an incident's
// channel: in there, most of what begins with "open" is about this one.
func (c *Invocation) alreadyInside() error {
	if c.row.Stem != "open" || c.Request.Confirmed || c.rest.Empty() {
		return nil
	}
	id, err := c.here()
	if err != nil || id == "" {
		return err
	}
	inc, err := c.Reader.VisibleIncident(c.Actor.ID, id)
	if err != nil || inc.Life.Status.Over() {
		return err
	}
	text := c.rest.Text()
	return &incident.Error{
		Code: incident.Ask, Say: incident.Say{ID: "talk.open_inside", Args: incident.Args{"key": inc.Key(), "title": text}},
		Choices: []incident.Choice{
			{Label: incident.Say{ID: "choice." + c.row.Words}, Line: c.row.Words + " " + text, Confirmed: true},
			{Label: incident.Say{ID: "choice.note", Args: incident.Args{"key": inc.Key()}}, Line: inc.Key() + " note -- " + text},
		},
	}
}

// openInstead offers to open an incident of this title.
func openInstead(text string) incident.Choice {
	return incident.Choice{
		Label: incident.Say{ID: "choice.open_titled", Args: incident.Args{"title": text}},
		Line:  "open -- " + text, Confirmed: true,
	}
}
