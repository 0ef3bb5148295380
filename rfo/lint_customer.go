package rfo

import (
	"net/url"
	"regexp"
	"strings"
)

var (
	internalHost = lazily(`(?i)\b(?:[a-z0-9-]+\.)+(?:internal|local|lan|corp|intra|intranet|private|svc)\b|\blocalhost\b|\b(?:[a-z]+-){1,3}\d{1,3}\b`)
	privateLink  = lazily(`(?i)https?://\S*(?:slack\.com|pagerduty\.com|atlassian\.net|grafana|kibana|sentry\.io|datadoghq|github\.com|gitlab|localhost|\.internal|\.local|\.corp|\.lan)\S*`)
	vendorWords  = lazily(`(?i)\b(AWS|Amazon|Google Cloud|GCP|Azure|Microsoft|Cloudflare|Fastly|Akamai|DigitalOcean|Hetzner|OVH|Oracle|Stripe|Adyen|PayPal|Twilio|SendGrid|Okta|Auth0|Datadog|PagerDuty|Slack|GitHub|GitLab|Atlassian|MongoDB Atlas|Snowflake|Heroku|Vercel|our (?:hosting |cloud |network |payment )?(?:vendor|provider|supplier|carrier))\b`)
	anyNumber    = lazily(`(?i)\d[\d,.]*\s?(?:k|m)?\s*(?:%|percent|users?|customers?|accounts?|orders?|requests?|people|shops?|tickets?)`)
)

// CheckCustomer reads the customer's version by the rules that hold for it: L02,
// nothing is left open; L21, no secrets; L22, nothing internal. d is the document
// it was made from, which knows who and what is internal.
func CheckCustomer(c CustomerDocument, d Document) []Finding {
	l := &linter{d: d, passages: []passage{
		newPassage("Summary", c.Text.Summary, true),
		newPassage("What happened", c.Text.Happened, true),
		newPassage("What we are doing", c.Text.Measures, true),
		newPassage("Impact", c.Text.Untouched, true),
		newPassage("Contact", c.Text.Contact, true),
	}}
	l.current = "L02"
	for _, p := range l.passages {
		if strings.TrimSpace(p.text) == "" && p.where != "Impact" {
			l.add(Block, p.where, "", "Nobody wrote it for customers yet.", "Write it in plain words; nothing is taken from the internal document.")
		}
	}
	if c.Status != "final" && c.Text.NextUpdate.IsZero() {
		l.add(Block, "Status", "", "A preliminary version has to say when the next one follows.", "Give the time of the next version.")
	}
	l.current = "L21"
	l.secrets()
	l.current = "L22"
	if c.Private {
		l.add(Block, "Status", "", "The incident is private; what leaves it needs its members' approval.", "Have a member of the incident approve it.")
	}
	l.internal(c.Text)
	return l.found
}

// internal looks for what customers must not read.
func (l *linter) internal(t CustomerText) {
	rewrite := "Write what it meant for customers, in plain words."
	checks := []struct {
		found func(string) string
		why   string
	}{
		{find(internalHost()), "It names an internal host."},
		{find(privateLink()), "Customers cannot follow this link, and it says what we use."},
		{find(vendorWords()), "It names a vendor, which needs approval and reads as an excuse."},
		{l.internalWord(t), "It is an internal name."},
	}
	if name := namePattern(l.d.People.Names); name != "" {
		checks = append(checks, struct {
			found func(string) string
			why   string
		}{find(regexp.MustCompile(`\b` + name + `\b`)), "It names a person."})
	}
	if !t.Numbers {
		checks = append(checks, struct {
			found func(string) string
			why   string
		}{find(anyNumber()), "The number is not approved for customers."})
	}
	for _, p := range l.passages {
		for _, c := range checks {
			if found := c.found(p.text); found != "" {
				l.add(Block, p.where, found, c.why, rewrite)
			}
		}
	}
}

func find(re *regexp.Regexp) func(string) string { return re.FindString }

// internalWord finds the names of services that have another name for customers,
// the incident's channel and our own pages.
func (l *linter) internalWord(t CustomerText) func(string) string {
	var words []string
	for _, s := range l.d.Impact.Services {
		// A service that is called by a plain word, such as search, is what customers
		// call it too.
		if t.Services[s.Name] != s.Name && strings.ContainsAny(s.Name, "-_.0123456789") {
			words = append(words, s.Name)
		}
	}
	for _, s := range l.d.People.Sources {
		if u, err := url.Parse(s.URL); err == nil && u.Host != "" {
			words = append(words, u.Host)
		}
		if s.What == "Channel" {
			words = append(words, s.Name)
		}
	}
	if len(words) == 0 {
		return func(string) string { return "" }
	}
	for n, w := range words {
		words[n] = regexp.QuoteMeta(w)
	}
	return find(regexp.MustCompile(`(?i)\b(?:` + strings.Join(words, "|") + `)\b`))
}
