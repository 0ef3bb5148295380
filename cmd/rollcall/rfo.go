package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
	"github.com/rollcall-bot/rollcall/storage"
)

type rfoCmd struct {
	Key      incidentKey
	Format   string
	Customer bool
	Check    bool
	Output   string
	Private  bool
	Take     string
}

func (c *rfoCmd) flags(f *pflag.FlagSet) {
	c.Format = "md"
	f.Var(oneOf{&c.Format, []string{"md", "html", "json", "pdf"}}, "format", "What to print; pdf needs chromium or wkhtmltopdf.")
	f.BoolVar(&c.Customer, "customer", false, "What a customer may read, as far as it is written; md only.")
	f.BoolVar(&c.Check, "check", false, "Print what a strict colleague would say instead; exit 1 when it cannot be published so.")
	f.StringVarP(&c.Output, "output", "o", "", "Write it to a `FILE` instead.")
	f.BoolVar(&c.Private, "private", false, "Print it although the incident is private.")
	f.StringVar(&c.Take, "take", "", "Instead of printing, keep what people wrote into this copy of it, a `FILE`; asks the running server.")
}

func (c *rfoCmd) arguments() []argument { return []argument{keyArgument(&c.Key)} }

// Run prints the RFO as it stands now, published or not.
func (c *rfoCmd) Run(ctx context.Context, p *program) error {
	if c.Customer && c.Format != "md" {
		return errors.New("--customer prints Markdown only: leave out --format")
	}
	settings, err := p.config()
	if err != nil {
		return err
	}
	if c.Take != "" {
		return c.take(ctx, p, settings)
	}
	var d rfo.Document
	var inc *incident.Incident
	var text rfo.CustomerText
	err = p.withStore(ctx, func(s *storage.Store) error {
		return s.Read(ctx, func(r *storage.Reader) error {
			if inc, err = c.Key.read(r, c.Private); err != nil {
				return err
			}
			text = rfo.CustomerTextOf(inc, people{r})
			text.Zone = settings.Practice.Timezone
			d, err = document(r, inc, settings)
			return err
		})
	})
	if err != nil {
		return err
	}
	var customer rfo.CustomerDocument
	if c.Customer {
		customer = rfo.Customer(d, text)
	}
	if c.Check && c.Customer {
		return p.findings(rfo.CheckCustomer(customer, d))
	}
	if c.Check {
		return p.findings(rfo.Checker{Today: p.clock.Now(), Sprint: settings.Practice.Sprint.Length}.Check(d))
	}
	body, err := c.body(ctx, inc, d)
	if err != nil {
		return err
	}
	if c.Customer {
		body = rfo.CustomerMarkdown(customer)
		if _, ok := inc.Review.Paper.Customer.ApprovedAs(customer.Hash()); !ok {
			_, _ = fmt.Fprintln(p.stderr, "Nobody has approved of this version: `rfo approve-customer`, by somebody who wrote none of it.")
		}
	}
	if c.Output != "" {
		if err := writeWhole(c.Output, body); err != nil {
			return err
		}
		p.say("Wrote %s.", c.Output)
		return nil
	}
	_, err = p.stdout.Write(body)
	return err
}

// body is the document in the format that was asked for.
func (c *rfoCmd) body(ctx context.Context, inc *incident.Incident, d rfo.Document) ([]byte, error) {
	switch c.Format {
	case "md":
		return edition(inc, d), nil
	case "pdf":
		return pdf(ctx, rfo.HTML(d))
	}
	return rfoFormats[c.Format](d), nil
}

// findings prints what is to be mended, a line each with what to write instead.
func (p *program) findings(found []rfo.Finding) error {
	for _, f := range found {
		quote := ""
		if f.Quote != "" {
			quote = fmt.Sprintf(" %q:", f.Quote)
		}
		if f.Severity == rfo.Waive {
			p.say("%-6s %s  %s:%s let pass by %s", f.Severity, f.ID, f.Where, quote, f.Waived)
			continue
		}
		p.say("%-6s %s  %s:%s %s %s", f.Severity, f.ID, f.Where, quote, f.Why, f.Suggestion)
	}
	kept, of := rfo.Score(found)
	p.say("%d of %d rules are kept.", kept, of)
	if rfo.Blocking(found) {
		return errSaid
	}
	return nil
}

// rfoFormats are what an RFO can be printed as.
var rfoFormats = map[string]func(rfo.Document) []byte{"md": rfo.Markdown, "html": rfo.HTML, "json": rfo.JSON}
