package incident

import (
	"slices"
	"strings"
	"time"
)

// CustomerParts are the parts of the version for customers that people write.
// Not to be written to.
var CustomerParts = []string{"summary", "happened", "measures", "untouched", "contact"}

// CustomerPaper is the version of the RFO for customers: what people wrote for
// them. Nothing of the internal document's texts goes into it.
type CustomerPaper struct {
	Parts     map[string]Answer `json:",omitempty"` // by name; the last that was written
	Final     bool              `json:",omitempty"` // else preliminary
	Numbers   bool              `json:",omitempty"` // the number of affected users may be told
	Next      time.Time         `json:",omitzero"`  // when a preliminary version is followed
	Approvals []Approval        `json:",omitempty"`
}

// Writers are those whose words are in it.
func (p CustomerPaper) Writers() []PersonID {
	var who []PersonID
	for _, name := range CustomerParts {
		if a, ok := p.Parts[name]; ok && !slices.Contains(who, a.By) {
			who = append(who, a.By)
		}
	}
	return who
}

// ApprovedAs is the approval of a content by somebody who wrote none of it.
func (p CustomerPaper) ApprovedAs(hash string) (Approval, bool) {
	for _, a := range slices.Backward(p.Approvals) {
		if hash != "" && a.Hash == hash && !slices.Contains(p.Writers(), a.By) {
			return a, true
		}
	}
	return Approval{}, false
}

// WriteCustomer writes one part of the version for customers, or says one thing
// about it: Part is one of CustomerParts, "final", "preliminary", "numbers" or "next".
type WriteCustomer struct {
	Part string
	Text string
	Yes  bool      // for "numbers"
	At   time.Time // for "next"
}

// Verb is "rfo_customer".
func (WriteCustomer) Verb() string { return "rfo_customer" }

// Needs nothing from outside.
func (WriteCustomer) Needs() Needs { return Needs{} }

func (c WriteCustomer) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	if err := c.sound(); err != nil {
		return Decision{}, err
	}
	return Decision{
		Events: []Event{CustomerWritten(c)},
		Say:    say("rfo_customer.done", "key", i.Key(), "part", c.Part),
	}, nil
}

// sound refuses a part that there is not, and one that says nothing.
func (c WriteCustomer) sound() error {
	switch {
	case slices.Contains(CustomerParts, c.Part):
		return needs(c.Text, "rfo_customer.empty", "part", c.Part)
	case !slices.Contains([]string{"final", "preliminary", "numbers", "next"}, c.Part):
		return refuse(Invalid, "rfo_customer.unknown", "part", c.Part, "parts", strings.Join(CustomerParts, ", "))
	}
	return nil
}

// WriteCustomerParts writes several parts of the version for customers at once, as
// its form does.
type WriteCustomerParts struct{ Parts []WriteCustomer }

// Verb is "rfo_customer".
func (WriteCustomerParts) Verb() string { return "rfo_customer" }

// Needs nothing from outside.
func (WriteCustomerParts) Needs() Needs { return Needs{} }

func (c WriteCustomerParts) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	if len(c.Parts) == 0 {
		return Decision{}, refuse(Conflict, "rfo_customer.nothing", "key", i.Key())
	}
	var d Decision
	for _, one := range c.Parts {
		if err := one.sound(); err != nil {
			return Decision{}, err
		}
		d.Events = append(d.Events, CustomerWritten(one))
	}
	d.Say = say("rfo_customer.saved", "key", i.Key(), "parts", len(c.Parts))
	return d, nil
}

// CustomerWritten is one part of the version for customers.
type CustomerWritten struct {
	Part string
	Text string    `json:",omitempty"`
	Yes  bool      `json:",omitempty"`
	At   time.Time `json:",omitzero"`
}

var _ = register[CustomerWritten]()

// Kind is "rfo.customer_written".
func (CustomerWritten) Kind() string { return "rfo.customer_written" }

// Line is empty: it is no part of what happened.
func (CustomerWritten) Line(Names) string { return "" }

// Keys is the version for customers.
func (CustomerWritten) Keys() []string { return []string{"customer_paper"} }

func (e CustomerWritten) apply(i *Incident, r Record) {
	p := &i.Review.Paper.Customer
	switch e.Part {
	case "final", "preliminary":
		p.Final = e.Part == "final"
	case "numbers":
		p.Numbers = e.Yes
	case "next":
		p.Next = e.At
	default:
		if p.Parts == nil {
			p.Parts = map[string]Answer{}
		}
		p.Parts[e.Part] = Answer{Text: e.Text, By: r.Actor, At: r.At, Seq: r.Seq}
	}
}

// ApproveCustomer approves of what the version for customers says now.
type ApproveCustomer struct {
	Hash     string
	Blocking int // findings that are open in it
}

// Verb is "rfo_customer_approve".
func (ApproveCustomer) Verb() string { return "rfo_customer_approve" }

// Needs nothing from outside.
func (ApproveCustomer) Needs() Needs { return Needs{} }

func (c ApproveCustomer) decide(i *Incident, s Stamp, _ Facts) (Decision, error) {
	p := i.Review.Paper.Customer
	switch {
	case c.Blocking > 0:
		return Decision{}, refuse(Conflict, "rfo_customer.blocked", "key", i.Key(), "blocking", c.Blocking)
	case slices.Contains(p.Writers(), s.Actor):
		return Decision{}, refuse(Forbidden, "rfo_customer.own", "key", i.Key())
	}
	if a, ok := p.ApprovedAs(c.Hash); ok {
		return Decision{}, refuse(Conflict, "rfo_customer.twice", "key", i.Key(), "by", a.By, "at", a.At)
	}
	return Decision{
		Events: []Event{CustomerApproved{Hash: c.Hash}},
		Say:    say("rfo_customer.approved", "key", i.Key(), "final", p.Final),
	}, nil
}

// CustomerApproved is one approval of the version for customers.
type CustomerApproved struct{ Hash string }

var _ = register[CustomerApproved]()

// Kind is "rfo.customer_approved".
func (CustomerApproved) Kind() string { return "rfo.customer_approved" }

// Line says what was done; who did it stands in front.
func (CustomerApproved) Line(Names) string { return "approved the version for customers" }

// Keys is the version for customers.
func (CustomerApproved) Keys() []string { return []string{"customer_paper"} }

func (e CustomerApproved) apply(i *Incident, r Record) {
	p := &i.Review.Paper.Customer
	p.Approvals = append(p.Approvals, Approval{Hash: e.Hash, By: r.Actor, At: r.At, Seq: r.Seq})
}
