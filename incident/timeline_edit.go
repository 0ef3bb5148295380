package incident

import (
	"slices"
	"strings"
)

// EditEntry gives an entry of the timeline another wording. The event stays as
// it was; a hidden entry is shown again with the new wording, which is how
// something that should not be read is taken out of a line.
type EditEntry struct {
	Entry int64
	Text  string
}

// Verb is "timeline_edit".
func (EditEntry) Verb() string { return "timeline_edit" }

// Needs the entry.
func (c EditEntry) Needs() Needs { return Needs{Entry: c.Entry} }

func (c EditEntry) decide(i *Incident, _ Stamp, f Facts) (Decision, error) {
	id := EntryID(c.Entry)
	if err := firstRefusal(needs(c.Text, "timeline_edit.empty", "id", id), i.shown(c.Entry, f)); err != nil {
		return Decision{}, err
	}
	_, hidden := i.Log.Hidden[c.Entry]
	return Decision{
		Events: []Event{EntryEdited{Entry: c.Entry, Text: c.Text, Also: shownElsewhere(f.Entry)}},
		Say:    say("timeline_edit.done", "key", i.Key(), "id", id, "text", c.Text, "shown", hidden),
	}, nil
}

// shown refuses what is no line of the timeline: an unknown entry, one that only
// changes another, one that was taken back.
func (i *Incident) shown(entry int64, f Facts) error {
	switch {
	case f.Entry == nil || f.Entry.Seq != entry:
		return refuse(NotFound, "timeline_edit.unknown", "id", EntryID(entry))
	case f.Entry.Event.Line(nobodysNames{}) == "":
		return refuse(NotFound, "timeline_edit.no_line", "id", EntryID(entry))
	case slices.ContainsFunc(i.Trace.Recent, func(s Step) bool { return s.Undone && s.Command == f.Entry.Command }):
		return refuse(Conflict, "timeline_edit.undone", "id", EntryID(entry))
	}
	return nil
}

// nobodysNames is for asking whether there is a line at all.
type nobodysNames struct{}

// Name is empty.
func (nobodysNames) Name(PersonID) string { return "" }

// shownElsewhere are the keys of the cards of its own that show the entry's text.
func shownElsewhere(r *Record) []string {
	var keys []string
	for _, k := range r.Event.Keys() {
		if strings.HasPrefix(k, "decision:") {
			keys = append(keys, k)
		}
	}
	return keys
}

// EntryEdited is another wording of an entry.
type EntryEdited struct {
	Entry int64
	Text  string
	Also  []string `json:",omitempty"` // further keys of what shows the entry
}

var _ = register[EntryEdited]()

// Kind is "entry.edited".
func (EntryEdited) Kind() string { return "entry.edited" }

// Line is empty: it shows at the entry that it changes.
func (EntryEdited) Line(Names) string { return "" }

// Keys is the entry and what else shows it.
func (e EntryEdited) Keys() []string { return append([]string{entryKey(e.Entry)}, e.Also...) }

func entryKey(seq int64) string { return "entry:" + EntryID(seq) }

func (e EntryEdited) apply(i *Incident, r Record) {
	if i.Log.Edits == nil {
		i.Log.Edits = map[int64][]Edit{}
	}
	i.Log.Edits[e.Entry] = append(i.Log.Edits[e.Entry], Edit{Text: e.Text, By: r.Actor, At: r.At})
	delete(i.Log.Hidden, e.Entry)
	for n := range i.Log.Decisions {
		if i.Log.Decisions[n].Seq == e.Entry {
			i.Log.Decisions[n].Text = e.Text
		}
	}
}
