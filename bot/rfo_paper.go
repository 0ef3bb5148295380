package bot

import (
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
	"github.com/rollcall-bot/rollcall/storage"
)

// paper is the RFO of the call's incident as it stands in the transaction.
type paper struct {
	log   []incident.Record
	doc   rfo.Document
	hash  string // of what it says
	found []rfo.Finding
}

// paper reads the RFO.
func (c *Invocation) paper() (paper, error) {
	log, err := c.Reader.VisibleRecords(c.Actor.ID, c.Incident.ID, 1)
	if err != nil {
		return paper{}, err
	}
	policy := c.service.Policy
	p := paper{log: log, hash: rfo.ContentHash(c.Incident, log)}
	earlier, err := EarlierOf(c.Reader, c.Incident, "")
	if err != nil {
		return paper{}, err
	}
	p.doc = rfo.Build(c.Incident, log, c.names(), rfo.Options{TeamZone: policy.Zone, Earlier: earlier, Active: func(id incident.PersonID) bool {
		who, err := c.Reader.Person(id)
		return err != nil || !who.Deleted
	}})
	p.found = rfo.Checker{Today: c.Now(), Sprint: policy.Sprint}.Check(p.doc)
	return p, nil
}

// EarlierOf are the incidents from before that look like this one, for its RFO:
// at most two, over, and none that is private. baseURL is where the pages are, ""
// when nobody reaches them.
func EarlierOf(r *storage.Reader, inc *incident.Incident, baseURL string) ([]rfo.Earlier, error) {
	if inc.Identity.Drill {
		return nil, nil
	}
	found, err := r.PublicSimilar(inc.Wording(), inc.Identity.Number)
	var list []rfo.Earlier
	for _, s := range found {
		if s.Likeness < incident.AlikeFrom || len(list) == similarShown {
			break // they come by their likeness
		}
		if !s.Status.Over() {
			continue
		}
		e := rfo.Earlier{Key: incident.Key(s.Number), Title: s.Title, On: s.OpenedAt.UTC().Format(time.DateOnly)}
		if baseURL != "" {
			e.URL = strings.TrimSuffix(baseURL, "/") + "/incidents/" + e.Key
		}
		list = append(list, e)
	}
	return list, err
}

// lint is what the domain has to know of it.
func (p paper) lint() incident.Lint {
	l := incident.Lint{Hash: p.hash, Findings: rfo.Open(p.found)}
	l.Kept, l.Of = rfo.Score(p.found)
	return l
}
