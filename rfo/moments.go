package rfo

import (
	"strconv"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// The moments that are no stamps of the incident, but changes of its status or
// of the document.
const (
	declared  incident.StampName = "declared"
	mitigated incident.StampName = "mitigated"
	resolved  incident.StampName = "resolved"
	reopened  incident.StampName = "reopened"
	published incident.StampName = "published"
)

// missing is the quality of a moment that nobody recorded.
const missing incident.Quality = "missing"

// Bound says on which side a moment is known, when it is not known exactly.
type Bound string

// The bounds of a moment and of a value.
const (
	AtLatest   Bound = "at_latest"   // it was then or before
	AtEarliest Bound = "at_earliest" // it was then or after
)

// Stamp is one moment, with where it is known from and how well.
type Stamp struct {
	Name    incident.StampName `json:"name"` // "mitigated_2" is the second time, after a reopening
	Title   string             `json:"title"`
	At      time.Time          `json:"at,omitzero"`
	Quality incident.Quality   `json:"quality"`         // auto, human, estimated or missing
	Bound   Bound              `json:"bound,omitempty"` // empty when the time is the moment itself
	Source  string             `json:"source"`          // in words
	By      string             `json:"by,omitempty"`
	Text    string             `json:"text,omitempty"`
	Entry   string             `json:"entry,omitempty"`
	Former  []Former           `json:"former,omitempty"` // values that were corrected
}

// Former is a value that a moment had before somebody corrected it.
type Former struct {
	At time.Time `json:"at"`
	By string    `json:"by,omitempty"`
}

// Known says whether the moment itself is known, not only a bound of it.
func (s Stamp) Known() bool { return s.Quality != missing && s.Bound == "" }

// titles of the moments, as the document calls them.
var titles = map[incident.StampName]string{
	incident.ImpactStart: "Impact began", incident.FirstSignal: "First error", incident.Detected: "Detected",
	incident.Acked: "First reaction", declared: "Declared", incident.CallOpened: "Call open",
	incident.LeaderAccepted: "Leader set", incident.TasksConfirmed: "Tasks set", incident.FirstComms: "Customers told",
	mitigated: "Mitigated", resolved: "Resolved", reopened: "Reopened", published: "RFO published",
}

// moments are all moments of an incident.
type moments struct {
	list     []Stamp // in the order in which they are expected, missing ones too
	episodes []episode
}

// episode is one stretch from an opening to its end.
type episode struct{ start, opened, mitigated, resolved Stamp }

// of finds a moment; one that does not exist is missing.
func (m moments) of(name incident.StampName) Stamp {
	for _, s := range m.list {
		if s.Name == name {
			return s
		}
	}
	return absent(name, titles[name])
}

// last is the episode that holds.
func (m moments) last() episode { return m.episodes[len(m.episodes)-1] }

func absent(name incident.StampName, title string) Stamp {
	return Stamp{Name: name, Title: title, Quality: missing, Source: "not recorded"}
}

// gather reads every moment of the incident.
func (b *builder) gather() moments {
	var m moments
	m.episodes = b.episodes()
	first := m.episodes[0]
	m.list = []Stamp{
		first.start, b.stamp(incident.FirstSignal), b.detected(first.opened), b.acked(first.opened), first.opened,
		b.call(), b.leader(), b.tasks(), b.stamp(incident.FirstComms),
	}
	for n, e := range m.episodes {
		if n > 0 {
			m.list = append(m.list, e.opened)
		}
		m.list = append(m.list, e.mitigated)
		// An end that was taken back before it was reached is not missing.
		if n == len(m.episodes)-1 || e.resolved.Known() {
			m.list = append(m.list, e.resolved)
		}
	}
	m.list = append(m.list, b.publishedAt(m.last().resolved.At))
	return m
}

// episodes splits the changes of status at each reopening. Of several times given
// for the same mitigation the last one given holds; the others are kept as former.
func (b *builder) episodes() []episode {
	blank := func(n int) episode {
		return episode{mitigated: absent(again(mitigated, n)), resolved: absent(again(resolved, n))}
	}
	all := []episode{blank(1)}
	all[0].opened = absent(declared, titles[declared])
	for n, mark := range b.inc.Life.Marks {
		e := &all[len(all)-1]
		switch mark.Status {
		case incident.Open:
			switch {
			case n == 0:
				all[0].opened = b.markStamp(mark, declared, titles[declared], "opening")
			case e.mitigated.Known() || e.resolved.Known():
				next := blank(len(all) + 1)
				name, title := again(reopened, len(all))
				next.opened = b.markStamp(mark, name, title, "reopening")
				all = append(all, next)
			}
		case incident.Mitigated:
			e.mitigated = replace(e.mitigated, b.markStamp(mark, e.mitigated.Name, e.mitigated.Title, "mitigated"))
		case incident.Resolved:
			e.resolved = replace(e.resolved, b.markStamp(mark, e.resolved.Name, e.resolved.Title, "resolved"))
		default: // what was cancelled or merged has no end of its own
		}
	}
	b.starts(all)
	return all
}

// again names the n-th time that something happened, counted from 1.
func again(name incident.StampName, n int) (incident.StampName, string) {
	switch n {
	case 1:
		return name, titles[name]
	case 2:
		return name + "_2", titles[name] + " again"
	default:
		return name + incident.StampName("_"+strconv.Itoa(n)), titles[name] + " (" + strconv.Itoa(n) + ")"
	}
}

// replace lets a newer value hold and keeps the older one.
func replace(old, now Stamp) Stamp {
	now.Former = old.Former
	if old.Known() && !old.At.Equal(now.At) {
		now.Former = append(now.Former, Former{At: old.At, By: old.By})
	}
	return now
}

// starts finds when impact began in each episode. A time given after a reopening
// that lies after the former end tells when users were hit again; without one the
// reopening is the latest that it can have been.
func (b *builder) starts(all []episode) {
	for n := range all {
		all[n].start = absent(incident.ImpactStart, titles[incident.ImpactStart])
		if n > 0 {
			name, title := again(incident.ImpactStart, n+1)
			all[n].start = all[n].opened
			all[n].start.Name, all[n].start.Title, all[n].start.Bound = name, title, AtLatest
			all[n].start.Source = "not recorded; the reopening is the latest it can be"
		}
	}
	for _, p := range b.inc.Stamps[incident.ImpactStart] {
		at := 0
		for n := 1; n < len(all); n++ {
			if end := all[n-1].mitigated; p.Seq > seqOf(all[n].opened) && end.Known() && p.At.After(end.At) {
				at = n
			}
		}
		s := b.pointStamp(p, all[at].start.Name, all[at].start.Title)
		if all[at].start.Known() {
			s = replace(all[at].start, s)
		}
		all[at].start = s
	}
}

// seqOf is the entry's number in the log.
func seqOf(s Stamp) int64 {
	if len(s.Entry) < 2 {
		return 0
	}
	seq, _ := strconv.ParseInt(s.Entry[1:], 10, 64)
	return seq
}

func (b *builder) markStamp(m incident.Mark, name incident.StampName, title, source string) Stamp {
	s := Stamp{
		Name: name, Title: title, At: m.At.UTC(), Quality: incident.Auto, Source: source,
		By: b.who(m.By), Text: b.people.text(m.Text), Entry: incident.EntryID(m.Seq),
	}
	if r, ok := b.bySeq[m.Seq]; ok && !r.At.Equal(r.Occurred) {
		s.Quality, s.Source = incident.Human, source+", told later"
	}
	return s
}

func (b *builder) pointStamp(p incident.Point, name incident.StampName, title string) Stamp {
	return Stamp{
		Name: name, Title: title, At: p.At.UTC(), Quality: p.Quality, Source: sourceWords(p),
		By: b.who(p.By), Text: b.people.text(p.Text), Entry: incident.EntryID(p.Seq),
	}
}
