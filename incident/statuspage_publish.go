package incident

// PublishNotice puts a text on the public status page that somebody has read. Of a
// private incident it asks once more: the page is for everybody.
type PublishNotice struct {
	Entry     int64
	Confirmed bool
}

// Verb is "statuspage_publish".
func (PublishNotice) Verb() string { return "statuspage_publish" }

// Needs nothing from outside.
func (PublishNotice) Needs() Needs { return Needs{} }

func (c PublishNotice) decide(i *Incident, _ Stamp, f Facts) (Decision, error) {
	n, err := i.heldNotice(c.Entry)
	if err != nil {
		return Decision{}, err
	}
	if err := firstRefusal(f.human(c), publicly(f.Policy)); err != nil {
		return Decision{}, err
	}
	if i.Identity.Private && !c.Confirmed {
		asked := refuse(Ask, "statuspage_publish.ask")
		asked.Say = i.sayNotice("statuspage_publish.ask", n)
		return Decision{}, asked.with(confirming("statuspage_private", "statuspage publish "+n.ID()))
	}
	d := Decision{
		Events: []Event{NoticeSent{Entry: n.Seq, Status: n.Status, Text: n.Text, Private: i.Identity.Private}},
		Say:    i.sayNotice("statuspage_publish.done", n),
	}
	if !i.Identity.Drill { // a drill tells nobody outside
		d.Effects = []Effect{{Kind: TellPage, Number: int(n.Seq)}}
	}
	return d, nil
}

// endPublicly adds to the end of an incident the wording of it for a page that was
// told: it stands there as going on until somebody publishes this.
func (d *Decision) endPublicly(i *Incident, p *Policy) {
	if !p.Public.On || !i.Log.Public.Unresolved() {
		return
	}
	for _, n := range i.Log.Public.Notices {
		if n.State == NoticeHeld {
			d.Events = append(d.Events, NoticeHalted{Entry: n.Seq})
		}
	}
	entry := i.Head + int64(len(d.Events)) + 1
	w := PublicWords{Title: i.publicTitle(), Status: NoticeResolved, Text: p.Public.Resolved, Components: i.components(NoticeResolved, p)}
	d.Events = append(d.Events, NoticeDrafted{Entry: entry, PublicWords: w})
	d.Choices = append(d.Choices, noticeChoices(EntryID(entry))...)
	d.Say.Args["page"] = i.sayNotice("statuspage.closing", Notice{Seq: entry, PublicWords: w})
}

// NoticeSent is a text for the page that somebody published.
type NoticeSent struct {
	Entry   int64
	Status  NoticeStatus
	Text    string
	Private bool `json:",omitempty"` // although the incident is private
}

var _ = register[NoticeSent]()

// Kind is "statuspage.published".
func (NoticeSent) Kind() string { return "statuspage.published" }

// Line is what everybody reads.
func (e NoticeSent) Line(names Names) string {
	return colon("status page, "+string(e.Status), e.Text, names)
}

// Keys is the notice.
func (e NoticeSent) Keys() []string { return []string{noticeKey(e.Entry)} }

func (NoticeSent) instead() string { return "instead.statuspage_publish" }

func (e NoticeSent) apply(i *Incident, r Record) {
	i.changeNotice(e.Entry, func(n *Notice) { n.State, n.Sender, n.Sent, n.Told = NoticePublished, r.Actor, r.At, false })
}
