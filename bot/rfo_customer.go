package bot

import (
	"slices"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
)

var rfoCustomerRow = &Row{
	Stem: "rfo_customer", Words: "rfo customer", Group: groupRFO, Scope: inIncident,
	Usage: []string{"rfo customer", "rfo customer " + strings.Join(incident.CustomerParts, "|") + " TEXT", "rfo customer next DATE", "rfo customer numbers yes|no", "rfo customer final|preliminary"},
	Help:  "the version for customers, written by people and sent by nobody but them; bare, shows how far it is",
	Bare:  showCustomer,
	Change: func(c *Invocation) (incident.Command, error) {
		cmd := incident.WriteCustomer{Part: strings.ToLower(c.take().Text)}
		switch cmd.Part {
		case "final", "preliminary":
			return cmd, c.end()
		case "numbers":
			yes, ok := c.keyword("yes", "no")
			if !ok {
				return nil, misfit{}
			}
			cmd.Yes = yes == "yes"
			return cmd, c.end()
		case "next":
			day, ok, err := c.date()
			if err != nil {
				return nil, err
			}
			if !ok {
				return nil, misfit{}
			}
			cmd.At = day.In(c.Zone()).Add(customerHour)
			return cmd, c.end()
		}
		cmd.Text = c.text()
		return cmd, nil
	},
}

// rfoCustomerWriteRow is what the button presses: alone it opens the form.
var rfoCustomerWriteRow = &Row{
	Stem: "rfo_customer", Words: "rfo write-customer", Scope: inIncident,
	Usage: []string{"rfo write-customer"}, Bare: showCustomer,
}

// customerForm asks for what the version for customers says, with what it says now.
func (c *Invocation) customerForm() (Form, error) {
	p := c.Incident.Review.Paper.Customer
	status, numbers, next := "preliminary", "no", ""
	if p.Final {
		status = "final"
	}
	if p.Numbers {
		numbers = "yes"
	}
	if !p.Next.IsZero() {
		next = incident.CivilOf(p.Next, c.Zone()).String()
	}
	pick := func(id, value string, from ...string) Field {
		f := Field{ID: id, Kind: PickField, Value: value}
		for _, one := range from {
			f.Options = append(f.Options, Option{one, c.plain("form.rfo_write-customer."+id+"."+one, nil)})
		}
		return f
	}
	fields := []Field{pick("status", status, "preliminary", "final")}
	for _, name := range incident.CustomerParts {
		fields = append(fields, Field{ID: name, Kind: TextField, Optional: true, Value: incident.PlainText(p.Parts[name].Text, c.names())})
	}
	return c.blank("rfo write-customer", "", append(fields, pick("numbers", numbers, "no", "yes"), Field{ID: "next", Kind: DateField, Optional: true, Value: next})...)
}

// readCustomer takes what was changed in the form: what somebody else wrote meanwhile
// stays. A part that is emptied stays as it was.
func (c *Invocation) readCustomer(f *Submitted, _ meta) (incident.Command, error) {
	var cmd incident.WriteCustomerParts
	add := func(one incident.WriteCustomer) { cmd.Parts = append(cmd.Parts, one) }
	if status, changed := f.changed("status"); changed {
		add(incident.WriteCustomer{Part: status})
	}
	for _, name := range incident.CustomerParts {
		if text, changed := f.changed(name); changed && text != "" {
			add(incident.WriteCustomer{Part: name, Text: typedText(text)})
		}
	}
	if yes, changed := f.changed("numbers"); changed {
		add(incident.WriteCustomer{Part: "numbers", Yes: yes == "yes"})
	}
	if day, changed := f.changed("next"); changed {
		if at, err := time.Parse(time.DateOnly, day); err == nil {
			add(incident.WriteCustomer{Part: "next", At: incident.CivilOf(at, time.UTC).In(c.Zone()).Add(customerHour)})
		}
	}
	return cmd, nil
}

// customerHour is the time of day by which the next version follows.
const customerHour = 17 * time.Hour

var rfoCustomerApproveRow = &Row{
	Stem: "rfo_customer_approve", Words: "rfo approve-customer", Group: groupRFO, Scope: inIncident,
	Usage: []string{"rfo approve-customer"}, Help: "approves of the version for customers as it is now; not by whoever wrote it",
	Change: func(c *Invocation) (incident.Command, error) {
		if err := c.end(); err != nil {
			return nil, err
		}
		doc, found, err := c.customerPaper()
		// That a private incident needs somebody's approval is what this gives.
		found = slices.DeleteFunc(found, func(f rfo.Finding) bool { return doc.Private && f.ID == "L22" && f.Where == "Status" })
		return incident.ApproveCustomer{Hash: doc.Hash(), Blocking: len(rfo.Open(found))}, err
	},
}

// customerPaper is the version for customers, and what the linter finds in it.
func (c *Invocation) customerPaper() (rfo.CustomerDocument, []rfo.Finding, error) {
	p, err := c.paper()
	if err != nil {
		return rfo.CustomerDocument{}, nil, err
	}
	doc := rfo.Customer(p.doc, rfo.CustomerTextOf(c.Incident, c.names()))
	return doc, rfo.CheckCustomer(doc, p.doc), nil
}

func showCustomer(c *Invocation) (incident.Say, []incident.Choice, error) {
	doc, found, err := c.customerPaper()
	if err != nil {
		return incident.Say{}, nil, err
	}
	paper := c.Incident.Review.Paper.Customer
	var parts, findings []incident.Args
	for _, name := range incident.CustomerParts {
		a, written := paper.Parts[name]
		parts = append(parts, incident.Args{"name": name, "written": written, "by": a.By, "required": name != "untouched"})
	}
	for _, f := range found {
		findings = append(findings, incident.Args{"id": f.ID, "where": f.Where, "quote": f.Quote, "why": sentence(f.Why), "try": sentence(f.Suggestion)})
	}
	a, approved := paper.ApprovedAs(doc.Hash())
	return incident.Say{ID: "rfo_customer.shown", Args: incident.Args{
		"key": c.Incident.Key(), "status": doc.Status, "parts": parts, "findings": findings[:min(len(findings), listLines)],
		"approved": approved, "by": a.By, "at": a.At, "next": paper.Next,
	}}, []incident.Choice{{Label: incident.Say{ID: "choice.rfo_customer_write"}, Line: "rfo write-customer"}}, nil
}
