package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/statuspage"
	"github.com/rollcall-bot/rollcall/incident"
)

// StatusPageConfig is how the public status page's API is reached.
type StatusPageConfig struct {
	Key    Secret
	APIURL string // without a slash at the end
}

// StatusPage is the public page that customers look at.
type StatusPage struct {
	Page     string `key:"page" as:"Statuspage id" need:"yes" doc:"The page's id at Atlassian Statuspage; see [docs/statuspage.md](statuspage.md). It needs STATUSPAGE_API_KEY."`
	Resolved string `key:"resolved_text" as:"text" try:"This incident has been resolved." doc:"What the page is to say when an incident is over, unless somebody words it. It is published by a press like any other text."`
}

const resolvedText = "This incident has been resolved."

var kindStatuspageID = kindMatching("an id of Statuspage", "8kbf7d35c070", `[a-z0-9]{6,40}`)

// checkStatusPage wants all of what the page needs, and a page for every component.
func checkStatusPage(c *Config, file *fileReader) *ConfigError {
	page := &c.Practice.StatusPage
	for i, s := range c.Practice.Services {
		if s.Component != "" && page.Page == "" {
			return file.misfit(fmt.Sprintf("services[%d].statuspage_component", i), s.Component, "belongs to no page", "add \"statuspage: {page: abc123def456}\", or remove it")
		}
	}
	if page.Page == "" {
		return nil
	}
	page.Resolved = cmp.Or(page.Resolved, resolvedText)
	if !c.StatusPage.Key.IsSet() {
		return file.misfit("statuspage.page", page.Page, "needs STATUSPAGE_API_KEY", "set it to a key from Statuspage's API page, or remove statuspage")
	}
	return nil
}

// publicPolicy is what the domain knows of the page.
func publicPolicy(c Config) incident.PublicPolicy {
	return incident.PublicPolicy{On: c.Practice.StatusPage.Page != "", Resolved: c.Practice.StatusPage.Resolved}
}

func (p *program) statusPageOptions(c Config) statuspage.Options {
	return statuspage.Options{
		Page: c.Practice.StatusPage.Page, Key: c.StatusPage.Key.Reveal(), APIURL: c.StatusPage.APIURL,
		Outgoing: c.Practice.outgoing(), Now: p.clock.Now, Rest: p.slackRest, Log: p.quiet(),
	}
}

// newStatusPage is the client of the page; nil without one.
func (s *server) newStatusPage() (*statuspage.Client, error) {
	if s.cfg.Practice.StatusPage.Page == "" {
		return nil, nil //nolint:nilnil // no page is no error
	}
	o := s.p.statusPageOptions(s.cfg)
	o.Limits, o.Log = jobs.Limits{Store: s.store}, s.log
	return statuspage.New(o)
}

// statusPage looks at the page and its components; nothing is written.
func (d *doctor) statusPage(ctx context.Context) []finding {
	page := d.c.Practice.StatusPage
	if page.Page == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, hookLook)
	defer cancel()
	f := finding{what: "status page"}
	client, err := statuspage.New(d.p.statusPageOptions(d.c))
	if err != nil {
		f.said, f.fix = "cannot be used: "+err.Error(), "Mend STATUSPAGE_API_URL"
		return []finding{f}
	}
	components := map[string][]string{}
	var ids []string
	for _, s := range d.c.Practice.Services {
		if s.Component != "" {
			components[s.Component] = append(components[s.Component], s.Name)
			ids = append(ids, s.Component)
		}
	}
	name, missing, err := client.Look(ctx, ids)
	switch fail := outbound.FailureOf(err); {
	case fail != nil && fail.Fix != "":
		f.said, f.fix = "cannot be read", strings.TrimSuffix(fail.Fix, ".")
	case fail != nil:
		f.said, f.fix = "does not answer ("+fail.Error()+")", "Look at the network, and at STATUSPAGE_API_URL"
	case len(missing) > 0:
		f.said = "“" + name + "” has no component " + strings.Join(missing, ", ")
		f.fix = "Look at statuspage_component of " + strings.Join(components[missing[0]], ", ") + " in rollcall.yaml"
	default:
		f.said = fmt.Sprintf("“%s”, with %d of its components known; nothing was written there", name, len(components))
	}
	return []finding{f}
}
