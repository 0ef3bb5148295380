package grammar

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

var (
	isoForm   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})$`) })
	aheadForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d{1,3})([dw])$`) })
	otherForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d{1,4})([./-])(\d{1,2})(?:[./-](\d{1,4}))?\.?$`) })
)

// on is a date, which the calendar may not have.
func on(year, month, day int) incident.Civil {
	return incident.Civil{Year: year, Month: time.Month(month), Day: day}
}

// readISO reads 2026-03-04 and refuses what is not in the calendar.
func readISO(word string) (incident.Civil, bool) {
	m := isoForm().FindStringSubmatch(word)
	if m == nil {
		return incident.Civil{}, false
	}
	c := on(number(m[1]), number(m[2]), number(m[3]))
	return c, c.Real()
}

// Date reads DATE at the beginning of a line; the zero date means that there is
// none. zone is the one whose today counts (nil is UTC).
//
// DATE is ISO (2026-03-04), today, tomorrow, a weekday in full or in three letters
// (the next one, never today), Nd or Nw (days or weeks from today). Other ways of
// writing a date, such as 3/4, are refused, since the world does not agree on how
// to read them. A past date is given like any other.
func Date(l Line, now time.Time, zone *time.Location) (incident.Civil, Line, error) {
	if zone == nil {
		zone = time.UTC
	}
	w, rest := l.Next()
	if w.Kind != Plain {
		return incident.Civil{}, l, nil
	}
	word, today := strings.ToLower(bare(w.Text)), incident.CivilOf(now, zone)
	if days, ok := daysAhead(word, today); ok {
		return today.Plus(days), rest, nil
	}
	if c, ok := readISO(word); ok {
		return c, rest, nil
	}
	if isoForm().MatchString(word) {
		return incident.Civil{}, l, &Problem{
			Code: NoSuchDay, Typed: word, Try: []string{today.Plus(7).String()},
			Sentence: fmt.Sprintf("The calendar has no %s: write the date as year-month-day, for example `%s`.", word, today.Plus(7)),
		}
	}
	if m := otherForm().FindStringSubmatch(word); m != nil {
		return incident.Civil{}, l, dateForm(word, readings(m, today), today)
	}
	return incident.Civil{}, l, nil
}

// daysAhead reads the forms that are counted from today.
func daysAhead(word string, today incident.Civil) (int, bool) {
	switch word {
	case "today":
		return 0, true
	case "tomorrow":
		return 1, true
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		name := strings.ToLower(day.String())
		if word == name || word == name[:3] {
			return (int(day-today.Weekday())+6)%7 + 1, true
		}
	}
	if m := aheadForm().FindStringSubmatch(word); m != nil {
		days := number(m[1])
		if m[2] == "w" {
			days *= 7
		}
		return days, true
	}
	return 0, false
}

// readings are the dates that numbers in an unclear order can mean. Without a year
// the next such date is meant.
func readings(m []string, today incident.Civil) []incident.Civil {
	first, second, third := number(m[1]), number(m[3]), number(m[4])
	var found []incident.Civil
	add := func(c incident.Civil) {
		if c.Real() && !slices.Contains(found, c) {
			found = append(found, c)
		}
	}
	switch {
	case m[4] == "":
		for _, c := range []incident.Civil{on(0, second, first), on(0, first, second)} {
			add(nextYearly(c, today))
		}
	case len(m[1]) > 2:
		add(on(first, second, third))
	default:
		if len(m[4]) <= 2 {
			third += 2000
		}
		add(on(third, second, first))
		add(on(third, first, second))
	}
	return found
}

// nextYearly is the first date from today on with the month and day of c. Eight
// years are the longest wait for a 29 February.
func nextYearly(c, today incident.Civil) incident.Civil {
	for year := today.Year; year <= today.Year+8; year++ {
		c.Year = year
		if c.Real() && !c.Before(today) {
			return c
		}
	}
	return incident.Civil{}
}

func dateForm(word string, read []incident.Civil, today incident.Civil) *Problem {
	p := &Problem{Code: DateForm, Typed: word}
	for _, c := range read {
		p.Try = append(p.Try, c.String())
	}
	switch len(read) {
	case 0:
		p.Try = []string{today.Plus(7).String()}
		p.Sentence = fmt.Sprintf("%s is not a date I can read: write it as year-month-day, for example `%s`.", word, p.Try[0])
	case 1:
		p.Sentence = fmt.Sprintf("%s is not a form everybody reads alike: write the date as `%s`.", word, p.Try[0])
	default:
		p.Sentence = fmt.Sprintf("%s can be read in two ways: write the date as `%s` or `%s`.", word, p.Try[0], p.Try[1])
	}
	return p
}
