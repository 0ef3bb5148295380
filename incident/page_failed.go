package incident

// FailPage says that a page has not gone out in any way.
type FailPage struct {
	Number int
	Reason string // one of "unknown", "refused", "unreachable", "unclear", "over", "off", "restored"
	Final  bool   // given up; else it is still tried
}

// Verb is "page_failed".
func (FailPage) Verb() string { return "page_failed" }

// Needs nothing from outside.
func (FailPage) Needs() Needs { return Needs{} }

func (c FailPage) decide(i *Incident, _ Stamp, f Facts) (Decision, error) {
	p, ok := i.Board.Page(c.Number)
	if !ok || !p.Waiting() || p.State == PageFailing && !c.Final {
		return Decision{}, refuse(Conflict, "page_sent.settled", "key", i.Key())
	}
	told := say("page_failed.now", "key", i.Key(), "who", p.Who, "service", p.Service, "by", p.By, "reason", c.Reason,
		"final", c.Final, "told", p.State == PageFailing, "phones", f.Policy.Paging.phones())
	d := Decision{Events: []Event{PageFailed(c)}, Say: told}
	if c.Reason != "over" { // then nobody is to be phoned any more
		post := Effect{Kind: Post, Say: told}
		if c.Final {
			post.Choices = []Choice{confirming("page_again", Page{Who: p.Who, Service: p.Service}.line())}
		}
		d.Effects = []Effect{post}
	}
	return d, nil
}

// PageFailed is a page that went out in no way.
type PageFailed struct {
	Number int
	Reason string
	Final  bool `json:",omitempty"`
}

var _ = register[PageFailed]()

// Kind is "page.failed".
func (PageFailed) Kind() string { return "page.failed" }

// Line says whether it is still tried.
func (e PageFailed) Line(Names) string {
	if e.Final {
		return "page " + PageID(e.Number) + " did not go out and was given up"
	}
	return "page " + PageID(e.Number) + " does not go out yet"
}

// Keys is the page.
func (e PageFailed) Keys() []string { return []string{pageKey(e.Number)} }

func (PageFailed) instead() string { return "instead.page" }

func (e PageFailed) apply(i *Incident, _ Record) {
	i.changePage(e.Number, func(p *Paging) {
		p.State = PageFailing
		if e.Final {
			p.State = PageLost
		}
	})
}
