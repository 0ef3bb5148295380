package main

import (
	"fmt"
	"net/url"
	"strings"
)

// pages checks that browsers reach the pages, and safely.
func (d *doctor) pages() finding {
	f := finding{what: "pages"}
	at, in := d.c.Server.PublicURL, d.c.SignIn
	way := "by personal links only, since signing in with Slack is not set up"
	if in.SessionKey.IsSet() {
		way = fmt.Sprintf("by signing in with Slack (sessions are sealed with a key of %d characters) and by personal links", len(in.SessionKey.Reveal()))
	}
	f.said = "reached " + way
	switch {
	case at == "":
		f.said, f.warn = "no address is known that browsers reach from elsewhere", true
		f.fix = "Set ROLLCALL_PUBLIC_URL, such as https://rollcall.example.org, so that an incident's page can be opened when Slack is down"
	case !strings.HasPrefix(at, "https:") && !loopback(at):
		f.said += " at " + at + ", where others on the way can read along"
		f.warn = !in.SessionKey.IsSet()
		f.fix = "Put a proxy with TLS in front, and set ROLLCALL_PUBLIC_URL to its https address; Slack sends people who sign in to no other"
	default:
		f.said += " at " + at
	}
	return f
}

// loopback says whether an address is this machine's own.
func loopback(at string) bool {
	u, err := url.Parse(at)
	return err == nil && (u.Hostname() == "localhost" || strings.HasPrefix(u.Hostname(), "127.") || u.Hostname() == "::1")
}
