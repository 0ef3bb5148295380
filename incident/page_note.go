package incident

import (
	"regexp"
)

// What is noted on an alarm.
const (
	noteDecided   = "decided"
	noteUpdate    = "update"
	noteMitigated = "mitigated"
)

// notePager has a line of the log written on the incident's alarms in PagerDuty that
// are open there, for those who look at the alarm and not into the channel. What goes
// there: decisions, updates that went out, and that users are well. Not every note:
// PagerDuty shows each of them to everybody who has the alarm.
//
// Of a private incident only that users are well goes there, without a word of it.
func (i *Incident) notePager(what string, entry int64, p *Policy) []Effect {
	if !p.Paging.On || i.Identity.Drill || i.Identity.Private && what != noteMitigated {
		return nil
	}
	var notes []Effect
	for _, id := range i.Join() {
		notes = append(notes, Effect{Kind: NotePager, Ref: id, Number: int(entry)})
	}
	return notes
}

// PagerNote is what a line of the log says as a note on an alarm; ok is false when the
// line does not stand any more.
func (i *Incident) PagerNote(entry int64, names Names) (text string, ok bool) {
	by := func(who PersonID) string {
		if who == System {
			return ""
		}
		return " (" + names.Name(who) + ")"
	}
	for _, m := range i.Life.Marks {
		if m.Seq == entry && m.Status == Mitigated {
			if i.Identity.Private {
				return noteMitigated, true
			}
			return oneLine(colon(noteMitigated, m.Text, names), TextLimit) + by(m.By), true
		}
	}
	if i.Identity.Private {
		return "", false
	}
	for _, d := range i.Log.Decisions {
		if d.Seq == entry {
			return oneLine(colon(noteDecided, d.Text, names), TextLimit) + by(d.By), true
		}
	}
	if u, found := i.Log.Update(entry); found && u.State == UpdateSent {
		return oneLine(colon(noteUpdate, u.Text, names), TextLimit) + by(u.By), true
	}
	return "", false
}

// NoteMarker begins the note of a line, so that one whose reply was lost is found and
// so that it is recognised when PagerDuty tells us of it.
func (i *Incident) NoteMarker(entry int64) string {
	return ownMark + i.Key() + " " + EntryID(entry) + ": "
}

// ownMark begins whatever we write on an alarm.
const ownMark = "Rollcall "

var ownNote = regexp.MustCompile(`^` + ownMark + `INC-\d+( E\d+)?: `)

// OwnNote says whether a note on an alarm was written by us: it is no news here.
func OwnNote(text string) bool { return ownNote.MatchString(text) }

// Resolution is what PagerDuty is told about why an alarm is over. Of a private
// incident it is only that it is.
func (i *Incident) Resolution(names Names) string {
	text := ownMark + i.Key() + ": over"
	m, ok := i.Life.Latest(Resolved)
	if i.Identity.Private || !ok || i.Life.Status != Resolved {
		return text
	}
	return oneLine(colon(text, m.Text, names), TextLimit)
}
