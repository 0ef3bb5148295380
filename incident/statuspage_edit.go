package incident

// EditNotice gives a text for the status page that nobody published another
// wording, which is held anew. What is empty stays as it was.
type EditNotice struct {
	Entry  int64
	Title  string
	Status NoticeStatus
	Text   string
}

// StopNotice takes a text for the status page back before it is published.
type StopNotice struct{ Entry int64 }

// Verb is "statuspage_edit".
func (EditNotice) Verb() string { return "statuspage_edit" }

// Verb is "statuspage_stop".
func (StopNotice) Verb() string { return "statuspage_stop" }

// Needs nothing from outside.
func (EditNotice) Needs() Needs { return Needs{} }

// Needs nothing from outside.
func (StopNotice) Needs() Needs { return Needs{} }

func (c EditNotice) decide(i *Incident, _ Stamp, f Facts) (Decision, error) {
	if err := publicly(f.Policy); err != nil {
		return Decision{}, err
	}
	n, ok := i.Log.Public.Notice(c.Entry)
	if !ok || n.State == NoticePublished || n.State == NoticeOut {
		_, err := i.heldNotice(c.Entry)
		return Decision{}, err
	}
	w := n.PublicWords
	if c.Title != "" {
		w.Title = c.Title
	}
	if c.Status != "" {
		w.Status = c.Status
	}
	if c.Text != "" {
		w.Text = c.Text
	}
	if n.State != NoticeHeld {
		return i.holdNotice(w, f.Policy)
	}
	return i.holdNotice(w, f.Policy, n)
}

func (c StopNotice) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	n, err := i.heldNotice(c.Entry)
	if err != nil {
		return Decision{}, err
	}
	return Decision{
		Events: []Event{NoticeHalted(c)},
		Say:    say("statuspage_stop.done", "key", i.Key(), "id", n.ID(), "text", n.Text),
	}, nil
}

// heldNotice finds a notice that can still be published or stopped.
func (i *Incident) heldNotice(entry int64) (Notice, error) {
	n, ok := i.Log.Public.Notice(entry)
	switch {
	case !ok:
		return Notice{}, refuse(NotFound, "statuspage.unknown", "id", EntryID(entry))
	case n.State == NoticePublished, n.State == NoticeOut:
		return Notice{}, refuse(Conflict, "statuspage.published_already", "id", n.ID(), "by", n.Sender, "at", n.Sent)
	case n.State == NoticeStopped:
		return Notice{}, refuse(Conflict, "statuspage.stopped_already", "id", n.ID())
	}
	return n, nil
}

// NoticeHalted is a text for the page that nobody will read.
type NoticeHalted struct{ Entry int64 }

var _ = register[NoticeHalted]()

// Kind is "statuspage.stopped".
func (NoticeHalted) Kind() string { return "statuspage.stopped" }

// Line is empty: nobody heard it.
func (NoticeHalted) Line(Names) string { return "" }

// Keys is the notice.
func (e NoticeHalted) Keys() []string { return []string{noticeKey(e.Entry)} }

func (e NoticeHalted) apply(i *Incident, _ Record) {
	i.changeNotice(e.Entry, func(n *Notice) { n.State = NoticeStopped })
}
