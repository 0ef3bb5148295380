package bot

import (
	"slices"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

const (
	// unfinishedBack is how far back an open action is held against a new incident.
	unfinishedBack = 180 * 24 * time.Hour
	// unfinishedLook bounds how many earlier incidents are read while somebody
	// waits for the answer to `open`.
	unfinishedLook = 25
	// similarShown bounds the earlier incidents that are pointed out to somebody
	// who asked for something else.
	similarShown = 2
)

// earlier is what earlier incidents have to say to a new one, and to one whose
// class was just named: open actions of those that hit the same service or were of
// the same class, and what those were about that were alike. Of private incidents
// nothing is said, whoever asks: nobody expects them in an answer to something else,
// which is soon shown to others.
func (c *Invocation) earlier(d incident.Decision) ([]incident.Say, error) {
	opening := c.row.Stem == "open"
	if c.Incident == nil || !opening && !classNamed(d) {
		return nil, nil
	}
	about := c.Incident.Wording()
	found, err := c.Reader.WithoutPrivate().VisibleSimilar(c.Actor.ID, about, c.Incident.Identity.Number)
	if err != nil {
		return nil, err
	}
	var actions, alike []incident.Args
	read := 0
	for _, s := range found {
		good := s.Likeness >= incident.AlikeFrom
		same := opening && about.SharesService(s.Wording)
		if !good && !same || read == unfinishedLook {
			continue
		}
		read++
		inc, err := c.Reader.VisibleIncident(c.Actor.ID, s.ID)
		if err != nil {
			return nil, err
		}
		open := openActions(inc)
		switch {
		case len(open) > 0 && c.Now().Sub(s.OpenedAt) <= unfinishedBack:
			actions = append(actions, open...)
		case good && s.Status.Over() && len(alike) < similarShown:
			alike = append(alike, similarArgs(s.Brief, inc))
		}
	}
	var said []incident.Say
	if len(actions) > 0 {
		said = append(said, incident.Say{ID: "open.unfinished", Args: incident.Args{"actions": actions[:min(len(actions), incident.MaxActions)]}})
	}
	if len(alike) > 0 {
		said = append(said, incident.Say{ID: "similar.hint", Args: incident.Args{"incidents": alike}})
	}
	return said, nil
}

// classNamed says whether the class of the problem was answered.
func classNamed(d incident.Decision) bool {
	return slices.ContainsFunc(d.Events, func(e incident.Event) bool {
		a, ok := e.(incident.QuestionAnswered)
		return ok && a.Question == "class"
	})
}

func openActions(inc *incident.Incident) []incident.Args {
	var list []incident.Args
	for _, a := range inc.Review.Actions {
		if a.State == incident.ActionOpen {
			list = append(list, incident.Args{"id": a.ID(), "key": inc.Key(), "text": a.Text, "owner": a.Owner, "due": a.Due})
		}
	}
	return list
}

// similarArgs is an incident that was alike, in a line.
func similarArgs(b storage.Brief, inc *incident.Incident) incident.Args {
	cause, _ := inc.Review.Answer("cause")
	return incident.Args{
		"key": incident.Key(b.Number), "title": b.Title, "at": b.OpenedAt, "status": string(b.Status),
		"severity": b.Severity, "private": b.Private, "cause": firstLine(cause.Text),
	}
}
