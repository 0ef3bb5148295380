package rfo

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/rollcall-bot/rollcall/incident"
)

// CustomerTextOf is what people wrote for customers of an incident.
func CustomerTextOf(inc *incident.Incident, names incident.Names) CustomerText {
	p, who := inc.Review.Paper.Customer, people{names}
	part := func(name string) string { return who.text(p.Parts[name].Text) }
	return CustomerText{
		Final: p.Final, Revision: max(1, len(p.Approvals)), Numbers: p.Numbers, NextUpdate: p.Next,
		Summary: part("summary"), Happened: part("happened"), Measures: part("measures"), Untouched: part("untouched"), Contact: part("contact"),
	}
}

// Hash names what a customer would read, so that an approval is of exactly that. The
// number of the version and the zone of its times do not count.
func (c CustomerDocument) Hash() string {
	c.Revision, c.Text.Revision, c.Text.Zone = 0, 0, nil
	body, err := json.Marshal(c)
	if err != nil { // plain data always has a form
		return ""
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:16])
}
