package grammar

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Civil is a date without a time of day. The zero Civil is no date.
type Civil struct {
	Year  int
	Month time.Month
	Day   int
}

// String is the date in ISO order, such as 2026-03-04.
func (c Civil) String() string { return fmt.Sprintf("%04d-%02d-%02d", c.Year, c.Month, c.Day) }

// CivilOf is the date of a moment in a zone.
func CivilOf(t time.Time, zone *time.Location) Civil {
	year, month, day := t.In(zone).Date()
	return Civil{year, month, day}
}

// plus is the date that many days later.
func (c Civil) plus(days int) Civil {
	return CivilOf(time.Date(c.Year, c.Month, c.Day+days, 0, 0, 0, 0, time.UTC), time.UTC)
}

func (c Civil) weekday() time.Weekday {
	return time.Date(c.Year, c.Month, c.Day, 0, 0, 0, 0, time.UTC).Weekday()
}

// real says that the calendar has this date: 2026-02-30 it has not.
func (c Civil) real() bool { return c.Month > 0 && c.Day > 0 && c.plus(0) == c }

func (c Civil) before(d Civil) bool { return c.String() < d.String() }

var (
	isoForm   = regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})$`)
	aheadForm = regexp.MustCompile(`^(\d{1,3})([dw])$`)
	otherForm = regexp.MustCompile(`^(\d{1,4})([./-])(\d{1,2})(?:[./-](\d{1,4}))?\.?$`)
)

// readISO reads 2026-03-04 and refuses what is not in the calendar.
func readISO(word string) (Civil, bool) {
	m := isoForm.FindStringSubmatch(word)
	if m == nil {
		return Civil{}, false
	}
	c := Civil{number(m[1]), time.Month(number(m[2])), number(m[3])}
	return c, c.real()
}

// Date reads DATE at the beginning of a line; the zero Civil means that there is
// none. zone is the one whose today counts (nil is UTC).
//
// DATE is ISO (2026-03-04), today, tomorrow, a weekday in full or in three letters
// (the next one, never today), Nd or Nw (days or weeks from today). Other ways of
// writing a date, such as 3/4, are refused, since the world does not agree on how
// to read them. A past date is given like any other.
func Date(l Line, now time.Time, zone *time.Location) (Civil, Line, error) {
	if zone == nil {
		zone = time.UTC
	}
	w, rest := l.Next()
	if w.Kind != Plain {
		return Civil{}, l, nil
	}
	word, today := strings.ToLower(bare(w.Text)), CivilOf(now, zone)
	if days, ok := daysAhead(word, today); ok {
		return today.plus(days), rest, nil
	}
	if c, ok := readISO(word); ok {
		return c, rest, nil
	}
	if isoForm.MatchString(word) {
		return Civil{}, l, &Problem{
			Code: NoSuchDay, Typed: word, Try: []string{today.plus(7).String()},
			Sentence: fmt.Sprintf("The calendar has no %s: write the date as year-month-day, for example `%s`.", word, today.plus(7)),
		}
	}
	if m := otherForm.FindStringSubmatch(word); m != nil {
		return Civil{}, l, dateForm(word, readings(m, today), today)
	}
	return Civil{}, l, nil
}

// daysAhead reads the forms that are counted from today.
func daysAhead(word string, today Civil) (int, bool) {
	switch word {
	case "today":
		return 0, true
	case "tomorrow":
		return 1, true
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		name := strings.ToLower(day.String())
		if word == name || word == name[:3] {
			return (int(day-today.weekday())+6)%7 + 1, true
		}
	}
	if m := aheadForm.FindStringSubmatch(word); m != nil {
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
func readings(m []string, today Civil) []Civil {
	first, second, third := number(m[1]), number(m[3]), number(m[4])
	var found []Civil
	add := func(c Civil) {
		if c.real() && !slices.Contains(found, c) {
			found = append(found, c)
		}
	}
	switch {
	case m[4] == "":
		for _, c := range []Civil{{0, time.Month(second), first}, {0, time.Month(first), second}} {
			add(c.nextYearly(today))
		}
	case len(m[1]) > 2:
		add(Civil{first, time.Month(second), third})
	default:
		if len(m[4]) <= 2 {
			third += 2000
		}
		add(Civil{third, time.Month(second), first})
		add(Civil{third, time.Month(first), second})
	}
	return found
}

// nextYearly is the first date from today on with the month and day of c. Eight
// years are the longest wait for a 29 February.
func (c Civil) nextYearly(today Civil) Civil {
	for year := today.Year; year <= today.Year+8; year++ {
		c.Year = year
		if c.real() && !c.before(today) {
			return c
		}
	}
	return Civil{}
}

func dateForm(word string, read []Civil, today Civil) *Problem {
	p := &Problem{Code: DateForm, Typed: word}
	for _, c := range read {
		p.Try = append(p.Try, c.String())
	}
	switch len(read) {
	case 0:
		p.Try = []string{today.plus(7).String()}
		p.Sentence = fmt.Sprintf("%s is not a date I can read: write it as year-month-day, for example `%s`.", word, p.Try[0])
	case 1:
		p.Sentence = fmt.Sprintf("%s is not a form everybody reads alike: write the date as `%s`.", word, p.Try[0])
	default:
		p.Sentence = fmt.Sprintf("%s can be read in two ways: write the date as `%s` or `%s`.", word, p.Try[0], p.Try[1])
	}
	return p
}
