// Package calls gives an incident its call link, at once and whatever else is down.
//
// A link is in the very answer to the command that opens an incident, so a
// provider must have it ready: computed (jitsi, static), or as a room that was made
// ahead and waits in the store (meet, zoom). The next one in the order steps in,
// visibly, when the first has none.
package calls

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Provider hands out links to join a call.
type Provider interface {
	// Name is how people and the settings call it, such as "jitsi".
	Name() string
	// Link returns a link without waiting for anything. ok is false when there
	// is none to give at this moment, or none that suits the incident.
	Link(Ask) (url string, ok bool)
	// Hint is a word for whoever joins first, or "".
	Hint() string
}

// Ask says what kind of incident the call is for.
type Ask struct {
	Private bool // the room must be known to nobody outside
}

// Link is a link to join a call.
type Link struct {
	URL      string
	Provider string
	Hint     string   // a word for whoever joins first, or ""
	Skipped  []string // providers earlier in the order that had none
}

// Chain is the providers in the order of the settings.
type Chain []Provider

// ErrNone is returned when no provider has a link that suits.
var ErrNone = errors.New("no call provider has a link to give")

// Link asks the providers in their order.
func (c Chain) Link(ask Ask) (Link, error) {
	var skipped []string
	for _, p := range c {
		if u, ok := p.Link(ask); ok {
			return Link{URL: u, Provider: p.Name(), Hint: p.Hint(), Skipped: skipped}, nil
		}
		skipped = append(skipped, p.Name())
	}
	return Link{Skipped: skipped}, ErrNone
}

// Named asks only the provider of this name.
func (c Chain) Named(name string, ask Ask) (Link, error) {
	for _, p := range c {
		if strings.EqualFold(p.Name(), name) {
			return Chain{p}.Link(ask)
		}
	}
	return Link{}, ErrNone
}

// Names lists the providers in order.
func (c Chain) Names() []string {
	var names []string
	for _, p := range c {
		names = append(names, p.Name())
	}
	return names
}

// Argument is what follows a provider's name and a colon in the settings.
type Argument string

// What can follow.
const (
	NoArgument Argument = ""
	BaseURL    Argument = "BASE-URL" // an address that something is appended to
	URL        Argument = "URL"      // an address as it stands
)

// Kind is a kind of provider.
type Kind struct {
	Name     string
	Argument Argument
	Host     string // of its links, where no argument tells it
	make     func(argument string, random func() string) (Provider, error)
}

// kinds is the list of providers: adding one is one line here and its file. One whose
// rooms are made ahead also has its maker in mint, and that its settings in cmd/rollcall.
var kinds = []Kind{
	{"jitsi", BaseURL, "", newJitsi},
	{"static", URL, "", newStatic},
	{"meet", NoArgument, "meet.google.com", newAhead("meet")},
	{"zoom", NoArgument, "zoom.us", newAhead("zoom")},
}

// Kinds are all kinds of providers, as the settings may name them.
func Kinds() []Kind { return slices.Clone(kinds) }

// KindNamed finds a kind by its name.
func KindNamed(name string) (Kind, bool) {
	at := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == name })
	if at < 0 {
		return Kind{}, false
	}
	return kinds[at], true
}

// Form is how the settings write it, such as jitsi:BASE-URL.
func (k Kind) Form() string {
	if k.Argument == NoArgument {
		return k.Name
	}
	return k.Name + ":" + string(k.Argument)
}

// New builds the chain from settings such as "jitsi:https://meet.example.org".
// random returns an unguessable word of letters and digits at each call.
func New(settings []string, random func() string) (Chain, error) {
	var chain Chain
	for _, s := range settings {
		name, argument, _ := strings.Cut(s, ":")
		kind, ok := KindNamed(name)
		if !ok {
			return nil, fmt.Errorf("%q is not a call provider; try jitsi:https://meet.example.org", s)
		}
		p, err := kind.make(argument, random)
		if err != nil {
			return nil, fmt.Errorf("call provider %s: %w", name, err)
		}
		chain = append(chain, p)
	}
	return chain, nil
}

// webAddress checks a link that people will press: https, or http on the machine itself.
func webAddress(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil {
		return nil, fmt.Errorf("%q is not an address; write https://HOST/PATH", raw)
	}
	local := u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1"
	if u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return nil, fmt.Errorf("%q must begin with https://", raw)
	}
	return u, nil
}
