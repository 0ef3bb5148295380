package rfo_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/rfo"
)

var written = rfo.CustomerText{
	Final: true, Revision: 2,
	Summary:   "On 4 March some card payments failed. We are sorry for the trouble this caused.",
	Happened:  "A change made our payment service ask for more connections than its database gives. Payments then waited and failed.",
	Measures:  "Changes that ask for too many connections will be refused before they go out.",
	Untouched: "Login, search and payment by invoice.",
	Contact:   "Your account manager, under the service agreement of your contract.",
	Services:  map[string]string{"checkout-api": "Card payments"},
	Numbers:   true,
}

// TestCustomerGolden holds the two versions against files that were read.
func TestCustomerGolden(t *testing.T) {
	golden(t, "customer-final.md", rfo.CustomerMarkdown(rfo.Customer(kept(t, "full").document(), written)))
	golden(t, "customer-untouched.md", rfo.CustomerMarkdown(rfo.Customer(again(t).document(), rfo.CustomerText{})))
	hostileText := rfo.CustomerText{Summary: attacks[0], Happened: attacks[3], Measures: attacks[4], Contact: attacks[5], Untouched: attacks[1]}
	md := rfo.CustomerMarkdown(rfo.Customer(kept(t, "hostile").document(), hostileText))
	a := parse(md)
	if len(a.links)+len(a.other) > 0 || a.tables != 1 || len(a.headings) != 7 {
		t.Errorf("came alive: %+v\n%s", a, md)
	}
}

// TestCustomerReadsNothingInternal: of all that people typed, nothing is in it.
func TestCustomerReadsNothingInternal(t *testing.T) {
	for name := range scenarios {
		d := kept(t, name).document()
		md := string(rfo.CustomerMarkdown(rfo.Customer(d, rfo.CustomerText{})))
		internal := append([]string{d.Head.Title}, d.People.Names...)
		for _, r := range d.Timeline.Rows {
			internal = append(internal, r.Text)
		}
		for _, s := range d.Impact.Services {
			internal = append(internal, s.Name)
		}
		for _, s := range d.People.Sources {
			if s.What != "Page" {
				internal = append(internal, s.Name)
			}
		}
		for _, a := range d.Actions.List {
			internal = append(internal, a.Text, a.Due)
		}
		for _, a := range []rfo.Answer{d.Glance.Summary, d.Impact.Answer, d.Story.Cause, d.Story.Class} {
			if a.Given() {
				internal = append(internal, a.Text)
			}
		}
		for _, text := range internal {
			// A line that is one of our own words, such as "resolved", tells nothing.
			if len(text) > 12 && strings.Contains(md, text) || strings.Contains(text, " ") && strings.Contains(md, text) {
				t.Errorf("%s: a customer reads %q", name, text)
			}
		}
	}
}

// TestCustomerFindings looks for each thing that must not get out.
func TestCustomerFindings(t *testing.T) {
	d := kept(t, "full").document()
	if f := rfo.CheckCustomer(rfo.Customer(d, written), d); len(f) > 0 {
		t.Errorf("%+v", f)
	}
	for text, want := range map[string]string{
		"Bob turned it off.": "L22", "The host db-01 was full.": "L22", "See https://grafana.example.org/d/1.": "L22",
		"The checkout-api waited.": "L22", "See rollcall.example.org.": "L22", "AWS was at fault.": "L22", "Our provider failed.": "L22",
		"The host sql.corp was full.": "L22", "": "L02",
	} {
		c := written
		c.Happened = text
		if got := idsOf(rfo.CheckCustomer(rfo.Customer(d, c), d)); !slices.Equal(got, []string{want}) {
			t.Errorf("%q: %v", text, got)
		}
	}
	c := written
	c.Numbers, c.Summary = false, "It hit 2,400 users."
	if got := idsOf(rfo.CheckCustomer(rfo.Customer(d, c), d)); !slices.Equal(got, []string{"L22"}) {
		t.Errorf("an unapproved number: %v", got)
	}
	c = written
	c.Final = false
	if got := idsOf(rfo.CheckCustomer(rfo.Customer(d, c), d)); !slices.Equal(got, []string{"L02"}) {
		t.Errorf("preliminary without a next time: %v", got)
	}
	c.NextUpdate = time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
	d.Head.Incident.Private = true
	if got := idsOf(rfo.CheckCustomer(rfo.Customer(d, c), d)); !slices.Equal(got, []string{"L22"}) {
		t.Errorf("private: %v", got)
	}
}
