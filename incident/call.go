package incident

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// ProviderLink is the Provider of a call link that somebody typed.
const ProviderLink = "link"

// callLimit is the longest call link in bytes; Slack's bookmarks take 3,000 and
// the card shows more than the link.
const callLimit = 1000

// SetCall gives the incident another call. A link that somebody typed has to be
// https and, where the operator lists hosts, point to one of them.
type SetCall struct {
	URL      string
	Provider string // ProviderLink for a link that somebody typed
	Room     bool   // a room of the provider is wanted, instead of URL
}

// Verb is "call".
func (SetCall) Verb() string { return "call" }

// Needs a room, where one is wanted.
func (c SetCall) Needs() Needs {
	if c.Room {
		return Needs{Rooms: []string{c.Provider}}
	}
	return Needs{}
}

func (c SetCall) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	if c.Provider == "" {
		c.Provider = ProviderLink
	}
	if c.Room {
		if f.Room.URL == "" {
			return c.await(i, f)
		}
		c.URL = f.Room.URL
	}
	if err := c.check(f.Policy); err != nil {
		return Decision{}, err
	}
	former := i.Call()
	if former.URL == c.URL {
		return Decision{}, refuse(Conflict, "call.same", "key", i.Key(), "url", c.URL, "by", former.By, "at", former.At)
	}
	d := Decision{
		Events: []Event{CallSet{URL: c.URL, Provider: c.Provider}},
		Say:    say("call.done", "key", i.Key(), "url", c.URL, "provider", c.Provider, "replaced", former.URL != ""),
	}
	if former.URL != "" { // people may be waiting in the former one
		d.Effects = []Effect{{Kind: Post, Say: say("call.moved", "key", i.Key(), "url", c.URL, "by", s.Actor)}}
	}
	return d, nil
}

// check refuses a link that nobody should be sent to.
func (c SetCall) check(p *Policy) error {
	unsafe := func(r rune) bool {
		return !unicode.IsGraphic(r) || unicode.IsSpace(r) || strings.ContainsRune("<>|\"`\\", r)
	}
	u, err := url.Parse(c.URL)
	switch {
	case len(c.URL) > callLimit:
		return refuse(Invalid, "call.long", "limit", callLimit)
	case err != nil || u.Hostname() == "" || u.User != nil || strings.ContainsFunc(c.URL, unsafe):
		return refuse(Invalid, "call.no_link")
	case c.Provider != ProviderLink:
		return nil // the operator configured where it points
	case u.Scheme != "https":
		return refuse(Invalid, "call.not_https", "scheme", u.Scheme)
	case len(p.CallHosts) > 0 && !p.allowsHost(u.Hostname()):
		return refuse(Forbidden, "call.host", "host", u.Hostname(), "hosts", list(p.CallHosts))
	}
	return nil
}

// allowsHost says whether a call link may point to a host: one of CallHosts, or
// below one of them; *.example.org is only what is below.
func (p *Policy) allowsHost(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return slices.ContainsFunc(p.CallHosts, func(h string) bool {
		h = strings.ToLower(h)
		if below, ok := strings.CutPrefix(h, "*."); ok {
			return strings.HasSuffix(host, "."+below)
		}
		return host == h || strings.HasSuffix(host, "."+h)
	})
}

// CallSet is a new call link, at open or later.
type CallSet struct {
	URL      string
	Provider string
}

var _ = register[CallSet]()

// Kind is "call.set".
func (CallSet) Kind() string { return "call.set" }

// Line gives the link.
func (e CallSet) Line(Names) string { return "call link: " + e.URL }

// Keys is the call.
func (CallSet) Keys() []string { return []string{"call"} }

func (e CallSet) apply(i *Incident, r Record) {
	if i.Call().URL == "" { // only a room was to follow
		i.Calls = i.Calls[:max(0, len(i.Calls)-1)]
	}
	i.Calls = append(i.Calls, Call{URL: e.URL, Provider: e.Provider, By: r.Actor, At: r.At})
	i.stampOnce(CallOpened, Point{At: r.At, Quality: Auto, Source: e.Provider, By: r.Actor, Seq: r.Seq})
}
