package bot

import (
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// maxLinks is how many links to one incident a person can have that were not
// opened yet; the oldest goes first.
const maxLinks = 5

// Links are personal links to an incident's page, for when Slack is down.
type Links struct {
	// Base is where browsers reach the pages, without a slash at the end; "" while
	// that is not known.
	Base string
	// SignIn says that people can sign in there; who came by a link sees no RFO.
	SignIn bool
	// Secret makes what nobody can guess: at least 256 random bits, as letters and
	// digits.
	Secret func() string
	// Life is how long a link, and the visit that it opens, are good for.
	Life time.Duration
}

// OfferLinks says how links are made. It is called before the first request.
func (s *Service) OfferLinks(l Links) { s.links = &l }

var linkRow = &Row{
	Stem: "link", Words: "link", Group: groupLook, Scope: inIncident,
	Usage: []string{"link"},
	Help:  "gives you, and nobody else, a page of the incident that works when Slack does not",
	Show: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		who, err := c.linkFor()
		if err != nil {
			return incident.Say{}, nil, err
		}
		l := c.service.links
		secret, until := l.Secret(), c.Now().Add(l.Life)
		c.passes = append(c.passes, storage.Pass{
			Key: storage.PassKey(secret), Kind: storage.LinkPass, Person: who, Incident: c.Incident.ID, At: c.Now(), Expires: until,
		})
		shown := incident.Args{"key": c.Incident.Key(), "url": pageURL(l.Base, c.Incident) + "#" + secret, "until": until}
		if who != c.Actor.ID {
			shown["who"] = who
		}
		return incident.Say{ID: "link.done", Args: shown}, nil, nil
	},
}

// pageURL is an incident's page.
func pageURL(base string, i *incident.Incident) string { return base + "/incidents/" + i.Key() }

// linkFor is whom the link is for: the actor. Only the terminal, where whoever
// sits can read the database anyway, gives somebody else theirs.
func (c *Invocation) linkFor() (incident.PersonID, error) {
	who, named, err := c.person()
	if err == nil {
		err = c.end()
	}
	if err != nil {
		return "", err
	}
	if !named {
		who = c.Actor.ID
	}
	switch l := c.service.links; {
	case who != c.Actor.ID && c.Request.Surface != "cli":
		return "", c.noLink(incident.Forbidden, "link.personal", who)
	case c.Request.ReplyTo != nil || c.Request.Surface != "slash" && c.Request.Surface != "cli":
		// The answer would be stored until it is sent, and the secret with it; or it
		// would go to a program, which could then pass for the person.
		return "", c.noLink(incident.Invalid, "link.typed", who)
	case l == nil || l.Base == "":
		return "", c.noLink(incident.Conflict, "link.nowhere", who)
	case c.Incident.Life.Status.Over():
		return "", c.noLink(incident.Conflict, "link.over", who)
	}
	sees, err := c.Reader.CanSee(who, c.Incident.ID)
	if err == nil && !sees {
		err = c.noLink(incident.Forbidden, "link.hidden", who)
	}
	return who, err
}

func (c *Invocation) noLink(code incident.Code, text string, who incident.PersonID) error {
	return &incident.Error{Code: code, Say: incident.Say{ID: text, Args: incident.Args{"key": c.Incident.Key(), "who": who}}}
}

// linkHint tells whoever has just taken the lead that there is a page to open
// while Slack is still up.
func (c *Invocation) linkHint() incident.Say {
	l := c.service.links
	if c.row.Stem != "lead" && c.row.Stem != "lead_accept" || l == nil || l.Base == "" || c.Incident.Leadership.Leader != c.Actor.ID {
		return incident.Say{}
	}
	return incident.Say{ID: "link.hint", Args: incident.Args{"key": c.Incident.Key()}}
}

// savePasses stores the links that an answer gives.
func savePasses(tx *storage.Tx, passes []storage.Pass) error {
	for _, p := range passes {
		if _, err := tx.SavePass(p); err != nil {
			return err
		}
		if err := tx.KeepPasses(p.Kind, p.Person, p.Incident, maxLinks); err != nil {
			return err
		}
	}
	return nil
}
