package bot

import (
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
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
	p.doc = rfo.Build(c.Incident, log, c.names(), rfo.Options{TeamZone: policy.Zone, Active: func(id incident.PersonID) bool {
		who, err := c.Reader.Person(id)
		return err != nil || !who.Deleted
	}})
	p.found = rfo.Checker{Today: c.Now(), Sprint: policy.Sprint}.Check(p.doc)
	return p, nil
}

// lint is what the domain has to know of it.
func (p paper) lint() incident.Lint {
	l := incident.Lint{Hash: p.hash, Findings: rfo.Open(p.found)}
	l.Kept, l.Of = rfo.Score(p.found)
	return l
}
