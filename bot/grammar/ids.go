package grammar

import (
	"strconv"
	"strings"
)

// keyPrefix begins the name of every incident.
const keyPrefix = "INC-"

// Key reads the name of an incident, INC-7 in any case, and answers with its
// number. "INC-07", "inc7" and "INC-0" are no keys.
func Key(w Word) (number int, ok bool) {
	text := bare(w.Text)
	if w.Kind != Plain || len(text) <= len(keyPrefix) || !strings.EqualFold(text[:len(keyPrefix)], keyPrefix) {
		return 0, false
	}
	n, ok := ordinal(text[len(keyPrefix):])
	return int(n), ok
}

// Task reads the id of a task, T2 in any case, and answers with its number.
func Task(w Word) (number int, ok bool) {
	n, ok := shortID(w, "T")
	return int(n), ok
}

// Action reads the id of an action, A1 in any case, and answers with its number.
func Action(w Word) (number int, ok bool) {
	n, ok := shortID(w, "A")
	return int(n), ok
}

// Entry reads the id of a timeline entry, E5 in any case, and answers with its
// sequence number.
func Entry(w Word) (seq int64, ok bool) { return shortID(w, "E") }

func shortID(w Word, letter string) (int64, bool) {
	text := bare(w.Text)
	if w.Kind != Plain || len(text) < 2 || !strings.EqualFold(text[:1], letter) {
		return 0, false
	}
	return ordinal(text[1:])
}

// ordinal reads a number from 1 to 999999999 as we print it, so without zeros in
// front: an id has one spelling, apart from its case.
func ordinal(digits string) (int64, bool) {
	if len(digits) > 9 || digits[0] == '0' || strings.ContainsFunc(digits, func(r rune) bool { return !asciiDigit(r) }) {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil
}

// ServiceName reads the name of a service: one token of [a-z0-9._-] with a letter
// or digit in it, typed in any case. A name with a dot in it that Slack took for an
// address ("api.example.com") is read as it was typed.
func ServiceName(w Word) (name string, ok bool) {
	text := w.Text
	switch w.Kind {
	case Plain:
	case URL:
		if text != "http://"+w.Label {
			return "", false
		}
		text = w.Label
	default:
		return "", false
	}
	name = strings.ToLower(bare(text))
	known := false
	for _, r := range name {
		known = known || asciiDigit(r) || asciiLetter(r)
		if !asciiDigit(r) && !asciiLetter(r) && !strings.ContainsRune("._-", r) {
			return "", false
		}
	}
	if !known {
		return "", false
	}
	return name, true
}
