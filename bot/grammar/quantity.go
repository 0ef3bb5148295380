package grammar

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Quantity is how much was hit: from Low to High of Unit.
type Quantity struct {
	Low, High float64 // the same for a single number; whole unless Unit is "%"
	Unit      string  // one of Units, or "" when no number was given
	About     bool    // an estimate
}

// Units are what impact is counted in, as Quantity.Unit has them.
var Units = []string{
	"users", "customers", "accounts", "requests", "orders", "sessions", "payments", "messages", "tenants", percent,
}

const percent = "%"

// largest is the largest number that is believed; it is far below where a float64
// stops holding every whole number.
const largest = 1e12

var (
	// quantityForm is what looks like a number or a range; whether it can be read
	// for sure is checked afterwards.
	quantityForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(~?)(\d(?:[\d.,]*\d)?[km]?%?)(?:-(\d(?:[\d.,]*\d)?[km]?%?))?$`)
	})
	numberForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?([km]?)$`) })
	exponents  = map[string]string{"": "", "k": "e3", "m": "e6"}
)

// Impact reads [about] N[-M] UNIT at the beginning of a line; a Quantity without a
// Unit means that no number was given and all of it is text.
//
// Numbers are 300, 1,200, 1.2k, 3m (million, since a unit of people or things
// follows), 12% and ranges of them. A k or m on the second number counts for a
// first one that has none (2-5k). "~300" is "about 300". A number counts only with
// a unit from the list, in singular or plural, right after it.
//
// What has a unit but is not read alike by everybody is refused: 1.200 users (a
// thousand where the point groups), 5-2 users, 800-1.2k users.
func Impact(l Line) (Quantity, Line, error) {
	w, rest := l.Next()
	about := w.Is("about")
	if about {
		w, rest = rest.Next()
	}
	word := strings.ToLower(bare(w.Text))
	m := quantityForm().FindStringSubmatch(word)
	if w.Kind != Plain || m == nil {
		return Quantity{}, l, nil
	}
	unit := percent
	if !strings.HasSuffix(word, percent) {
		var next Word
		next, rest = rest.Next()
		unit = unitOf(next)
		if unit == "" || bare(w.Text) != w.Text {
			return Quantity{}, l, nil
		}
	}
	q := Quantity{Unit: unit, About: about || m[1] != ""}
	var problem *Problem
	if q.Low, q.High, problem = readRange(m[2], m[3], unit); problem != nil {
		return Quantity{}, l, problem
	}
	return q, rest, nil
}

// unitOf is the unit that a word names, or "".
func unitOf(w Word) string {
	word := strings.ToLower(strings.TrimRight(w.Text, ",.:;"))
	if w.Kind != Plain {
		return ""
	}
	if word == "percent" {
		return percent
	}
	for _, unit := range Units {
		if word == unit || word == strings.TrimSuffix(unit, "s") {
			return unit
		}
	}
	return ""
}

// readRange reads the two ends of a range; high is "" for a single number.
func readRange(low, high, unit string) (float64, float64, *Problem) {
	typed := low
	if high != "" {
		typed += "-" + high
	} else {
		high = low
	}
	from, _, ok := readNumber(low, unit)
	to, suffix, okTo := readNumber(high, unit)
	if shared, _, good := readNumber(low+suffix, unit); good && suffix != "" {
		from, ok = shared, true
	}
	switch {
	case !ok || !okTo:
		return 0, 0, &Problem{
			Code: NumberForm, Typed: typed, Try: []string{"1,200", "1.2k", "2-5k", "12%"},
			Sentence: fmt.Sprintf("%s is not a number I can read: write it like `300`, `1,200`, `1.2k`, `2-5k` or `12%%`.", typed),
		}
	case from > to:
		return 0, 0, &Problem{
			Code: RangeOrder, Typed: typed, Try: []string{"2-5k", "800-1,200"},
			Sentence: fmt.Sprintf("In %s the second number is the smaller one (a k or m at the end counts for both): write the smaller one first, such as `2-5k` or `800-1,200`.", typed),
		}
	case unit != percent && (from != math.Trunc(from) || to != math.Trunc(to)):
		return 0, 0, &Problem{
			Code: NotWhole, Typed: typed, Try: []string{"1,200", "1.2k"},
			Sentence: fmt.Sprintf("%s %s is not a whole number: thousands are written `1,200` or `1.2k`.", typed, unit),
		}
	}
	return from, to, nil
}

// readNumber reads one number. A percentage takes no k or m.
func readNumber(typed, unit string) (value float64, suffix string, ok bool) {
	if unit == percent {
		typed = strings.TrimSuffix(typed, percent)
	}
	m := numberForm().FindStringSubmatch(typed)
	if m == nil || unit == percent && m[3] != "" {
		return 0, "", false
	}
	// The exponent is read with the digits: 1.001 times 1000 is not 1001 in a float64.
	value, err := strconv.ParseFloat(strings.ReplaceAll(m[1], ",", "")+m[2]+exponents[m[3]], 64)
	return value, m[3], err == nil && value <= largest
}
