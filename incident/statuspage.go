package incident

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// DraftNotice words what the public status page is to say. Nothing goes there
// before somebody has read it and pressed Publish. Written again by the same
// person meanwhile, it takes the place of what was held.
type DraftNotice struct {
	Title  string // "" for the one that the page shows already, else the incident's
	Status NoticeStatus
	Text   string
}

// Verb is "statuspage".
func (DraftNotice) Verb() string { return "statuspage" }

// Needs nothing from outside.
func (DraftNotice) Needs() Needs { return Needs{} }

// PublicPolicy is how the public status page is used.
type PublicPolicy struct {
	On       bool
	Resolved string // what it says when the incident is over, unless somebody words it
}

// NoticeStatus is what the page calls the state of an incident, in the words of
// Atlassian Statuspage.
type NoticeStatus string

// The statuses that the page knows. "" follows from the incident.
const (
	Investigating  NoticeStatus = "investigating"
	Identified     NoticeStatus = "identified"
	Monitoring     NoticeStatus = "monitoring"
	NoticeResolved NoticeStatus = "resolved"
)

// NoticeStatuses are all of them, in their order.
var NoticeStatuses = []NoticeStatus{Investigating, Identified, Monitoring, NoticeResolved}

// The states of a component on the page.
const (
	componentWell     = "operational"
	componentSlow     = "degraded_performance"
	componentPartly   = "partial_outage"
	componentOut      = "major_outage"
	privateNoticeName = "Service disruption" // the title of a private incident stays inside
)

// NoticeState is where a text for the page stands.
type NoticeState string

// The states of a notice.
const (
	NoticeHeld      NoticeState = "held"
	NoticeStopped   NoticeState = "stopped"
	NoticePublished NoticeState = "published" // somebody pressed; it is on its way
	NoticeOut       NoticeState = "out"       // the page has it
	NoticeFailed    NoticeState = "failed"    // the page does not take it
)

// PublicPage is what the public status page was told of the incident.
type PublicPage struct {
	Notices []Notice
	Ref     string // the page's id of its incident; "" before there is one
	URL     string // where everybody reads it
}

// Notice is one text for the page.
type Notice struct {
	Seq int64 // E9 is 9
	PublicWords
	By     PersonID
	State  NoticeState
	Told   bool // the channel was told that it does not get through
	Sender PersonID
	Sent   time.Time // when Publish was pressed; zero before
}

// PublicWords is all that a notice says in public, as it was reviewed.
type PublicWords struct {
	Title      string
	Status     NoticeStatus
	Text       string
	Components []Component `json:",omitempty"`
}

// Component is a component of the page and the state that it is to show.
type Component struct {
	Service string
	ID      string // the page's own
	State   string // in the page's words
}

// ID is the notice's short id, such as "E9".
func (n Notice) ID() string { return EntryID(n.Seq) }

func (c DraftNotice) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	if err := publicly(f.Policy); err != nil {
		return Decision{}, err
	}
	var own []Notice
	for _, n := range i.Log.Public.Notices {
		if n.State == NoticeHeld && n.By == s.Actor {
			own = append(own, n)
		}
	}
	return i.holdNotice(PublicWords{Title: c.Title, Status: c.Status, Text: c.Text}, f.Policy, own...)
}

// publicly refuses what needs a status page where there is none.
func publicly(p *Policy) error {
	if !p.Public.On {
		return refuse(Conflict, "statuspage.off")
	}
	return nil
}

// holdNotice holds a wording for review, in the place of others that are held.
func (i *Incident) holdNotice(w PublicWords, p *Policy, instead ...Notice) (Decision, error) {
	w, err := i.reviewed(w, p)
	if err != nil {
		return Decision{}, err
	}
	entry := i.Head + 1
	d := Decision{Events: []Event{NoticeDrafted{Entry: entry, PublicWords: w}}}
	var replaced string
	for _, n := range instead {
		d.Events = append(d.Events, NoticeHalted{Entry: n.Seq})
		replaced = n.ID()
	}
	d.Say = i.sayNotice("statuspage.held", Notice{Seq: entry, PublicWords: w})
	d.Say.Args["replaced"] = replaced
	d.Choices = noticeChoices(EntryID(entry))
	return d, nil
}

func noticeChoices(id string) []Choice {
	return []Choice{
		choice("statuspage_publish", "statuspage publish "+id), choice("statuspage_edit", "statuspage edit "+id), choice("statuspage_stop", "statuspage stop "+id),
	}
}

// sayNotice shows all that a notice would make public.
func (i *Incident) sayNotice(id string, n Notice) Say {
	components := make([]Args, 0, len(n.Components))
	for _, c := range n.Components {
		components = append(components, Args{"service": c.Service, "state": strings.ReplaceAll(c.State, "_", " ")})
	}
	return say(id, "key", i.Key(), "id", n.ID(), "title", n.Title, "status", string(n.Status), "text", n.Text,
		"components", components, "first", i.Log.Public.Ref == "", "private", i.Identity.Private, "drill", i.Identity.Drill)
}

// noticeTitle is the longest title that Statuspage takes, in characters.
const noticeTitle = 255

// reviewed fills in what was left out of a wording, and refuses what must not be public.
func (i *Incident) reviewed(w PublicWords, p *Policy) (PublicWords, error) {
	if err := firstRefusal(needs(w.Text, "statuspage.empty"), fits(w.Text)); err != nil {
		return w, err
	}
	w.Text = strings.TrimSpace(w.Text)
	if w.Title = strings.Join(strings.Fields(w.Title), " "); w.Title == "" {
		w.Title = i.publicTitle()
	}
	if n := utf8.RuneCountInString(w.Title); n > noticeTitle {
		return w, refuse(Invalid, "statuspage.long", "limit", noticeTitle, "length", n)
	}
	if strings.Contains(w.Title+w.Text, "<@") {
		return w, refuse(Invalid, "statuspage.people")
	}
	if w.Status == "" {
		w.Status = i.publicStatus()
	}
	if !slices.Contains(NoticeStatuses, w.Status) {
		return w, refuse(Invalid, "statuspage.status", "status", string(w.Status))
	}
	w.Components = i.components(w.Status, p)
	return w, nil
}

// NextNotice is what the next notice says unless somebody says otherwise; its text is
// for a person to write.
func (i *Incident) NextNotice(p *Policy) PublicWords {
	w := PublicWords{Title: i.publicTitle(), Status: i.publicStatus()}
	w.Components = i.components(w.Status, p)
	return w
}

// publicTitle is what the page calls the incident: what it calls it already, else
// our title, which of a private incident stays inside.
func (i *Incident) publicTitle() string {
	if last, ok := i.Log.Public.Last(); ok {
		return last.Title
	}
	if i.Identity.Private {
		return privateNoticeName
	}
	return i.Identity.Title
}

// publicStatus is what the page is to call the state when nobody says.
func (i *Incident) publicStatus() NoticeStatus {
	switch {
	case i.Life.Status == Mitigated:
		return Monitoring
	case i.Life.Status.Over():
		return NoticeResolved
	}
	if last, ok := i.Log.Public.Last(); ok && last.Status != NoticeResolved && last.Status != Monitoring {
		return last.Status
	}
	return Investigating
}

// components are what the page's components are to show: of services that bleed how
// bad it is, of those that are rolled back or clear that they are well. A suspicion
// is nobody's business but ours. When users are well all that was touched is well.
func (i *Incident) components(status NoticeStatus, p *Policy) []Component {
	bad := map[int]string{1: componentOut, 2: componentPartly}[i.Life.Severity]
	if bad == "" {
		bad = componentSlow
	}
	well := status == NoticeResolved || status == Monitoring
	var list []Component
	for _, s := range i.Board.Services {
		known := p.service(s.Name)
		if known == nil || known.Component == "" {
			continue
		}
		c := Component{Service: s.Name, ID: known.Component, State: bad}
		switch {
		case s.State == Suspect || s.State == Unrated:
			if !well || !i.Log.Public.touched(c.ID) {
				continue
			}
			c.State = componentWell
		case well || s.Settled():
			c.State = componentWell
		}
		list = append(list, c)
	}
	return list
}

// Last is the last notice that somebody published.
func (p PublicPage) Last() (last Notice, ok bool) {
	for _, n := range p.Notices {
		if n.State == NoticePublished || n.State == NoticeOut {
			last, ok = n, true
		}
	}
	return last, ok
}

// Unresolved says that the page was told of the incident and not that it is over.
func (p PublicPage) Unresolved() bool {
	last, ok := p.Last()
	return ok && last.Status != NoticeResolved
}

// touched says whether a component was changed by a notice that was published.
func (p PublicPage) touched(id string) bool {
	for _, n := range p.Notices {
		if n.State != NoticePublished && n.State != NoticeOut {
			continue
		}
		if slices.ContainsFunc(n.Components, func(c Component) bool { return c.ID == id }) {
			return true
		}
	}
	return false
}

// Notice finds a notice by its entry.
func (p PublicPage) Notice(entry int64) (Notice, bool) {
	for _, n := range p.Notices {
		if n.Seq == entry {
			return n, true
		}
	}
	return Notice{}, false
}

// changeNotice changes a notice in place.
func (i *Incident) changeNotice(entry int64, change func(*Notice)) {
	for n := range i.Log.Public.Notices {
		if i.Log.Public.Notices[n].Seq == entry {
			change(&i.Log.Public.Notices[n])
		}
	}
}

func noticeKey(entry int64) string { return "notice:" + EntryID(entry) }

// NoticeDrafted is a text for the page that waits for somebody to publish it.
type NoticeDrafted struct {
	Entry int64 // its own place in the log, which names it from now on
	PublicWords
}

var _ = register[NoticeDrafted]()

// Kind is "statuspage.drafted".
func (NoticeDrafted) Kind() string { return "statuspage.drafted" }

// Line is empty: nobody has said it.
func (NoticeDrafted) Line(Names) string { return "" }

// Keys is the notice.
func (e NoticeDrafted) Keys() []string { return []string{noticeKey(e.Entry)} }

func (e NoticeDrafted) apply(i *Incident, r Record) {
	i.Log.Public.Notices = append(i.Log.Public.Notices, Notice{Seq: e.Entry, PublicWords: e.PublicWords, By: r.Actor, State: NoticeHeld})
}
