package rfo

import (
	"regexp"
	"slices"
)

// Earlier is an incident from before that looks alike. Only what everybody may
// read belongs into a document: never a private incident.
type Earlier struct {
	Key   string `json:"id"`
	Title string `json:"title"`
	On    string `json:"on"` // ISO date on which it was opened
	URL   string `json:"url,omitempty"`
	// Named says that an answer names it: somebody has looked whether this is a repeat.
	Named bool `json:"named"`
}

// repeats are the earlier incidents that look alike, and whether anybody has
// said what they have to do with this one.
func (b *builder) repeats(d Document) []Earlier {
	var list []Earlier
	for _, e := range b.options.Earlier {
		e.Title = b.people.text(e.Title)
		key := regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(e.Key) + `\b`)
		e.Named = slices.ContainsFunc(answersOf(d), func(a Answer) bool { return key.MatchString(a.Text) })
		list = append(list, e)
	}
	return list
}

// repeat asks for a word on what looks alike, until one of them is named.
func (l *linter) repeat() {
	all := l.d.Story.Repeats
	if len(all) == 0 || l.d.Head.Incident.Drill || slices.ContainsFunc(all, func(e Earlier) bool { return e.Named }) {
		return
	}
	one := all[0]
	l.add(Warn, "What happened", one.Key, "“"+one.Title+"” ("+one.Key+") looks alike, and nobody said whether this is a repeat of it.",
		"Say so under `rfo answer class`: “a repeat of "+one.Key+"”, or what is different from "+one.Key+".")
}
