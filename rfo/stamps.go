package rfo

import (
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// sourceWords says where a moment is known from.
func sourceWords(p incident.Point) string {
	words := map[string]string{
		"alert": "an alert", "synthetic": "a synthetic test", "employee": "an employee", "customer": "a customer",
		"partner": "a partner", "lead": "taking the lead", "task": "a task's first owner", "ack": "told with ack",
		"started": "told with started", "first-error": "told with first-error", "comms": "told with comms",
		"tasks confirm": "the leader's confirmation",
	}
	if w, ok := words[p.Source]; ok {
		return w
	}
	if p.Source == "" {
		return "recorded"
	}
	return clean(p.Source)
}

// stamp is a moment whose last value holds; the values before it were corrected.
func (b *builder) stamp(name incident.StampName) Stamp {
	s := absent(name, titles[name])
	for n, p := range b.inc.Stamps[name] {
		next := b.pointStamp(p, name, titles[name])
		if n > 0 && !s.At.Equal(next.At) {
			next.Former = append(s.Former, Former{At: s.At, By: s.By})
		}
		s = next
	}
	return s
}

// first is a moment that is the first of something: its first value holds.
func (b *builder) first(name incident.StampName) Stamp {
	if points := b.inc.Stamps[name]; len(points) > 0 {
		return b.pointStamp(points[0], name, titles[name])
	}
	return absent(name, titles[name])
}

// call is when the call's link was there.
func (b *builder) call() Stamp {
	s := b.first(incident.CallOpened)
	if s.Known() && s.Source != "" {
		s.Source = "the call's link (" + s.Source + ")"
	}
	return s
}

// detected falls back to the declaration: nobody declares what nobody knows.
func (b *builder) detected(declared Stamp) Stamp {
	s := b.stamp(incident.Detected)
	switch {
	case s.Quality == missing && declared.Known():
		return bounded(s, declared, AtLatest)
	case s.Quality == incident.Estimated: // the source is told, the time is not
		s.Bound = AtLatest
		s.Source += "; the time is not recorded, this is the latest it can be"
	}
	return s
}

// acked falls back to the declaration, which is a human reaction too.
func (b *builder) acked(declared Stamp) Stamp {
	s := b.stamp(incident.Acked)
	if s.Quality == missing && declared.Known() {
		return bounded(s, declared, AtLatest)
	}
	return s
}

// leader is the first leader who accepted; one who was only named bounds it.
func (b *builder) leader() Stamp {
	s := b.first(incident.LeaderAccepted)
	if s.Quality != missing {
		return s
	}
	if named := b.first(incident.LeaderNamed); named.Quality != missing {
		named.Title = "Leader named"
		return bounded(s, named, AtEarliest)
	}
	return s
}

// tasks is the leader's confirmation of the list, or else the first task with an owner.
func (b *builder) tasks() Stamp {
	if s := b.first(incident.TasksConfirmed); s.Quality != missing {
		s.Source = "the leader's confirmation"
		return s
	}
	s := b.first(incident.TaskOwned)
	s.Name, s.Title = incident.TasksConfirmed, titles[incident.TasksConfirmed]
	return s
}

// publishedAt is the first publishing after the last end; a revision that was out
// before a reopening tells nothing of how long this one took.
func (b *builder) publishedAt(end time.Time) Stamp {
	s := absent(published, titles[published])
	for n, p := range b.inc.Review.Published {
		if n > 0 && (!s.At.Before(end) || p.At.Before(end)) {
			continue
		}
		s = Stamp{
			Name: published, Title: titles[published], At: p.At.UTC(), Quality: incident.Auto, Source: "publishing",
			By: b.who(p.By), Entry: incident.EntryID(p.Seq),
		}
	}
	return s
}

// bounded lets another moment stand in for a missing one, as a bound and labelled.
func bounded(s, by Stamp, bound Bound) Stamp {
	s.At, s.Bound, s.Quality, s.Entry = by.At, bound, incident.Estimated, by.Entry
	side := "latest"
	if bound == AtEarliest {
		side = "earliest"
	}
	s.Source = "not recorded; “" + by.Title + "” is the " + side + " it can be"
	return s
}
