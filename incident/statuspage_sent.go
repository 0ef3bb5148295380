package incident

// NoteNotice says that the status page has a notice.
type NoteNotice struct {
	Entry int64
	Ref   string // the page's id of its incident
	URL   string // where it is read
}

// FailNotice says that the status page has not taken a notice.
type FailNotice struct {
	Entry  int64
	Reason string // one sentence, for people
	Final  bool   // given up; else it is still tried
}

// Verb is "statuspage_sent".
func (NoteNotice) Verb() string { return "statuspage_sent" }

// Verb is "statuspage_failed".
func (FailNotice) Verb() string { return "statuspage_failed" }

// Needs nothing from outside.
func (NoteNotice) Needs() Needs { return Needs{} }

// Needs nothing from outside.
func (FailNotice) Needs() Needs { return Needs{} }

func (c NoteNotice) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	n, err := i.movingNotice(c.Entry)
	if err != nil {
		return Decision{}, err
	}
	told := say("statuspage_sent.now", "key", i.Key(), "id", n.ID(), "url", c.URL)
	d := Decision{Events: []Event{NoticeArrived(c)}, Say: told}
	if n.Told || i.Log.Public.Ref == "" { // where to read it is news once, and that it got through after all
		d.Effects = []Effect{{Kind: Post, Say: told}}
	}
	return d, nil
}

func (c FailNotice) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	n, err := i.movingNotice(c.Entry)
	if err != nil {
		return Decision{}, err
	}
	if n.Told && !c.Final {
		return Decision{}, refuse(Conflict, "statuspage_sent.settled", "key", i.Key())
	}
	told := say("statuspage_failed.now", "key", i.Key(), "id", n.ID(), "reason", c.Reason, "final", c.Final, "text", n.Text)
	post := Effect{Kind: Post, Say: told}
	if c.Final {
		post.Choices = []Choice{choice("statuspage_again", "statuspage publish "+n.ID())}
	}
	return Decision{Events: []Event{NoticeBounced(c)}, Effects: []Effect{post}, Say: told}, nil
}

// movingNotice is a notice that is on its way to the page.
func (i *Incident) movingNotice(entry int64) (Notice, error) {
	n, ok := i.Log.Public.Notice(entry)
	if !ok || n.State != NoticePublished {
		return n, refuse(Conflict, "statuspage_sent.settled", "key", i.Key())
	}
	return n, nil
}

// Before is the first notice that has to reach the page before this one, so that
// the page reads in our order; ok is false when there is none.
func (p PublicPage) Before(entry int64) (first Notice, ok bool) {
	for _, n := range p.Notices {
		if n.State == NoticePublished && n.Seq < entry {
			return n, true
		}
	}
	return Notice{}, false
}

// NoticeArrived is a notice that the page shows.
type NoticeArrived struct {
	Entry int64
	Ref   string
	URL   string `json:",omitempty"`
}

// NoticeBounced is a notice that the page has not taken.
type NoticeBounced struct {
	Entry  int64
	Reason string
	Final  bool `json:",omitempty"`
}

var (
	_ = register[NoticeArrived]()
	_ = register[NoticeBounced]()
)

// Kind is "statuspage.sent".
func (NoticeArrived) Kind() string { return "statuspage.sent" }

// Kind is "statuspage.failed".
func (NoticeBounced) Kind() string { return "statuspage.failed" }

// Line is empty: what was said stands there since it was published.
func (NoticeArrived) Line(Names) string { return "" }

// Line says whether it is still tried.
func (e NoticeBounced) Line(Names) string {
	if e.Final {
		return EntryID(e.Entry) + " did not get onto the status page"
	}
	return EntryID(e.Entry) + " does not get onto the status page yet"
}

// Keys are the notice and when customers were first told.
func (e NoticeArrived) Keys() []string { return []string{noticeKey(e.Entry), stampKey(FirstComms)} }

// Keys is the notice.
func (e NoticeBounced) Keys() []string { return []string{noticeKey(e.Entry)} }

func (e NoticeArrived) apply(i *Incident, r Record) {
	i.Log.Public.Ref, i.Log.Public.URL = e.Ref, e.URL
	i.changeNotice(e.Entry, func(n *Notice) { n.State = NoticeOut })
	n, _ := i.Log.Public.Notice(e.Entry)
	if p := told(r.At, "statuspage", n.Text, r); i.isFirstComms(p.At) {
		i.stamp(FirstComms, p)
	}
}

func (e NoticeBounced) apply(i *Incident, _ Record) {
	i.changeNotice(e.Entry, func(n *Notice) {
		if n.Told = true; e.Final {
			n.State = NoticeFailed
		}
	})
}
