package incident

// PageWent says that a page went out.
type PageWent struct {
	Number  int
	Way     string // "incident", "responder" or "event"
	Ref     string // what it is called over there
	Instead bool   // not to the person, or not to the service, but to whoever is on call by the second way
	Reason  string // why it was the second way
}

// Verb is "page_sent".
func (PageWent) Verb() string { return "page_sent" }

// Needs nothing from outside.
func (PageWent) Needs() Needs { return Needs{} }

func (c PageWent) decide(i *Incident, _ Stamp, f Facts) (Decision, error) {
	p, ok := i.Board.Page(c.Number)
	if !ok || !p.Waiting() {
		return Decision{}, refuse(Conflict, "page_sent.settled", "key", i.Key())
	}
	told := say("page_sent.now", "key", i.Key(), "who", p.Who, "service", p.Service, "by", p.By, "instead", c.Instead,
		"reason", c.Reason, "late", p.State == PageFailing)
	if c.Instead {
		told.Args["phones"] = f.Policy.Paging.phones()
	}
	d := Decision{Events: []Event{PageSent(c)}, Effects: []Effect{{Kind: Post, Say: told}}, Say: told}
	if i.Life.Status.Over() && c.Way != "responder" { // it was over before we heard
		d.Effects = []Effect{{Kind: EndPage, Ref: c.Ref, Way: c.Way}}
	}
	return d, nil
}

// PageSent is a page that went out.
type PageSent struct {
	Number  int
	Way     string
	Ref     string
	Instead bool   `json:",omitempty"`
	Reason  string `json:",omitempty"`
}

var _ = register[PageSent]()

// Kind is "page.sent".
func (PageSent) Kind() string { return "page.sent" }

// Line says in which way it went out.
func (e PageSent) Line(Names) string {
	line := "page " + PageID(e.Number) + " went out through PagerDuty"
	if e.Instead {
		line += ", to whoever is on call by the second way"
	}
	return line
}

// Keys is the page.
func (e PageSent) Keys() []string { return []string{pageKey(e.Number)} }

func (PageSent) instead() string { return "instead.page" }

func (e PageSent) apply(i *Incident, _ Record) {
	i.changePage(e.Number, func(p *Paging) { p.State, p.Way, p.Ref = PageOut, e.Way, e.Ref })
}
