package rfo

import (
	"net/netip"
	"regexp"
	"strings"
)

// story runs a check over each sentence of the narrative.
func (l *linter) story(check func(where, sentence string)) {
	for _, p := range l.passages {
		if !p.story {
			continue
		}
		for _, s := range p.sentences {
			check(p.where, s)
		}
	}
}

// blame finds a person and a fault in one sentence, the person as the one who did
// it: "Ana restarted the node that failed to start" is no blame.
func (l *linter) blame() {
	name := namePattern(l.d.People.Names)
	var byName []*regexp.Regexp
	if name != "" {
		byName = []*regexp.Regexp{
			regexp.MustCompile(`\b` + name + aside + `\s+(?i:` + fault + `)`),
			regexp.MustCompile(`\b` + name + `['’]s?\s+(?i:(?:\w+\s+)?(?:mistake|error|fault|carelessness|negligence|blunder|failure to))\b`),
			regexp.MustCompile(`(?i:\b(?:caused|broken|messed up|forgotten|because of|thanks to|due to|blame[ds]?|fault of|mistake (?:by|of)|error (?:by|of)))(?i:\s+by)?\s+@?` + name + `\b`),
		}
	}
	l.story(func(where, s string) {
		why, suggestion := "It ties a person to a fault.", "Write what the system allowed and what was known then, with the role instead of the name."
		if found := humanError().FindString(s); found != "" {
			l.add(Block, where, s, "“"+found+"” ends the question of why where it begins.", "Write which condition made the step possible, and what made it look right.")
			return
		}
		for _, re := range byName {
			if re.MatchString(s) {
				l.add(Block, where, s, why, suggestion)
				return
			}
		}
		if roleFault().MatchString(s) {
			l.add(Warn, where, s, "It ties a role to a fault.", suggestion)
		}
	})
}

// namePattern matches everybody who took part, by the whole name or a part of it,
// with or without an @.
func namePattern(names []string) string {
	var parts []string
	for _, n := range names {
		if strings.EqualFold(n, "Rollcall") {
			continue
		}
		parts = append(parts, regexp.QuoteMeta(n))
		for _, word := range strings.Fields(n) {
			if len([]rune(word)) >= 3 && word != n {
				parts = append(parts, regexp.QuoteMeta(word))
			}
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return `(?:` + strings.Join(parts, "|") + `)`
}

func (l *linter) hindsight() {
	l.story(func(where, s string) {
		if found := hindsightWords().FindString(justInTime().ReplaceAllString(s, "")); found != "" {
			l.add(Warn, where, s, "“"+found+"” judges from what is known now.", "Write what was known at that moment and what made the step look right.")
		}
	})
}

func (l *linter) judgement() {
	l.story(func(where, s string) {
		if found := judgementWords().FindString(s); found != "" && !strings.ContainsAny(s, "0123456789") {
			l.add(Warn, where, s, "“"+found+"” is a judgement without a fact.", "Write the fact or the number: not “poor monitoring” but “no alert on the queue's age”.")
		}
	})
}

func (l *linter) singleCause() {
	text := l.d.Story.Cause.Text
	factors := len(sentences(text))
	for _, b := range blocks(text) {
		if b.List && len(b.Items) > 1 {
			return
		}
	}
	if found := singleWords().FindString(prose(text)); found != "" && factors < 2 {
		l.add(Warn, "What happened", text, "One cause is rarely the whole story.",
			"Keep the trigger apart from the conditions: what let it happen, what let it through, what made it last?")
	}
}

func (l *linter) outage() {
	if l.d.Head.ImpactKind == FullImpact {
		return
	}
	l.story(func(where, s string) {
		if found := outageWord().FindString(s); found != "" {
			l.add(Warn, where, s, "“"+found+"” says that all of it was down, and the recorded impact does not.",
				"Say what part was affected; or record it: `impact 100% users`.")
		}
	})
}

func (l *linter) secrets() {
	for _, p := range l.passages {
		if secretWords().MatchString(p.text) || secretLike(p.text) {
			// The words are not repeated: a finding is shown in more places than the text.
			l.add(Block, p.where, "", "It looks like a password, a key or a token.", "Take it out, and change it: whoever read the channel knows it.")
		}
		if found := mailAddress().FindString(p.text); found != "" {
			l.add(Warn, p.where, found, "An e-mail address is personal data.", "Write the role or the team.")
		}
		if found := l.customer(p); found != "" {
			l.add(Warn, p.where, found, "It names a customer, who may not want others to read of it.", "Write how many customers, or of what kind.")
		}
		for _, m := range ipAddress().FindAllStringSubmatch(p.text, -1) {
			ip, err := netip.ParseAddr(m[1] + m[2])
			if err == nil && !ip.IsLoopback() && !ip.IsUnspecified() {
				l.add(Warn, p.where, ip.String(), "An address of a machine tells outsiders how the network looks.", "Write the name of the service.")
			}
		}
	}
}

// customer finds the name of a customer of the incident's list in what people wrote.
func (l *linter) customer(p passage) string {
	for _, name := range l.d.Impact.Told.names {
		if p.story && len([]rune(name)) > 2 {
			if found := regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(name) + `\b`).FindString(p.text); found != "" {
				return found
			}
		}
	}
	return ""
}

// secretLike finds "password: hunter2hunter2" and not "token: expired": a value
// that is a plain word is no secret.
func secretLike(text string) bool {
	for _, m := range secretPair().FindAllStringSubmatch(text, -1) {
		if strings.ContainsAny(m[1], "0123456789") && !strings.HasPrefix(m[1], "http") {
			return true
		}
	}
	return false
}

func (l *linter) ids() {
	for _, p := range l.passages {
		if found := slackID().FindString(p.text); found != "" {
			l.add(Warn, p.where, found, "This is an id; a reader cannot tell whose.", "Write the name or the role.")
		}
		if found := slackLink().FindString(p.text); found != "" {
			l.add(Warn, p.where, found, "Others cannot follow this link, or it stops working.", "Say what it shows, and link to something that stays.")
		}
	}
}

func (l *linter) reader() {
	const most = 80
	if n := len(strings.Fields(l.d.Glance.Summary.Text)); n > most {
		l.add(Warn, "At a glance", "", "The summary has "+plural(n, "word", "words")+"; nobody in a hurry reads more than eighty.", "Three sentences: what broke, for whom, what ended it.")
	}
	l.repeat()
	seen := map[string]bool{}
	for _, a := range answersOf(l.d) {
		text := prose(a.Text)
		for _, at := range acronym().FindAllStringIndex(text, -1) {
			word := text[at[0]:at[1]]
			if seen[word] || commonAcronyms[word] || partOfName(text, at) || explained(text, at) || strings.ToUpper(text) == text {
				continue
			}
			seen[word] = true
			l.add(Warn, sectionOf[a.Question], word, "A reader from elsewhere does not know this abbreviation.", "Write it out once: “"+word+" (what it means)”.")
		}
	}
}

// partOfName says whether the word belongs to an identifier such as INC-7 or X_API.
func partOfName(text string, at []int) bool {
	return at[1] < len(text) && strings.IndexByte("-_./0123456789", text[at[1]]) >= 0 && at[1]+1 < len(text) && text[at[1]+1] != ' ' ||
		at[0] > 0 && strings.IndexByte("-_./", text[at[0]-1]) >= 0
}

// explained says whether the meaning stands in brackets after the word, or the
// word in brackets after its meaning.
func explained(text string, at []int) bool {
	return strings.HasPrefix(text[at[1]:], " (") || at[0] > 0 && text[at[0]-1] == '('
}
