package incident

// HideEntry takes an entry off the timeline, with a reason. The event stays.
type HideEntry struct {
	Entry  int64
	Reason string
}

// Verb is "timeline_hide".
func (HideEntry) Verb() string { return "timeline_hide" }

// Needs the entry.
func (c HideEntry) Needs() Needs { return Needs{Entry: c.Entry} }

func (c HideEntry) decide(i *Incident, _ Stamp, f Facts) (Decision, error) {
	id := EntryID(c.Entry)
	if err := firstRefusal(needs(c.Reason, "timeline_hide.no_reason", "id", id), i.shown(c.Entry, f)); err != nil {
		return Decision{}, err
	}
	if h, ok := i.Log.Hidden[c.Entry]; ok {
		return Decision{}, refuse(Conflict, "timeline_hide.twice", "id", id, "by", h.By, "at", h.At, "reason", h.Text)
	}
	return Decision{
		Events: []Event{EntryHidden{Entry: c.Entry, Reason: c.Reason, Also: shownElsewhere(f.Entry)}},
		Say:    say("timeline_hide.done", "key", i.Key(), "id", id),
	}, nil
}

// EntryHidden takes an entry off the timeline.
type EntryHidden struct {
	Entry  int64
	Reason string
	Also   []string `json:",omitempty"` // further keys of what shows the entry
}

var _ = register[EntryHidden]()

// Kind is "entry.hidden".
func (EntryHidden) Kind() string { return "entry.hidden" }

// Line is empty: what is hidden is not pointed at.
func (EntryHidden) Line(Names) string { return "" }

// Keys is the entry and what else shows it.
func (e EntryHidden) Keys() []string { return append([]string{entryKey(e.Entry)}, e.Also...) }

func (e EntryHidden) apply(i *Incident, r Record) {
	if i.Log.Hidden == nil {
		i.Log.Hidden = map[int64]Edit{}
	}
	i.Log.Hidden[e.Entry] = Edit{Text: e.Reason, By: r.Actor, At: r.At}
}
