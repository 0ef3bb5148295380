package main

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ConfigError is a setting that stops the start: which, where, why, and what to write instead. It reads as one line.
type ConfigError struct {
	File string // the file it stands in; empty for an environment variable
	Line int    // in that file; 0 when it is nowhere in particular
	Key  string // SLACK_BOT_TOKEN, severities[].update_every
	What string // the value, quoted, or what stands for it; empty when the key itself is wrong
	Why  string // "is not a duration"
	Try  string // an example of a good one, or advice; may be empty
}

// Error says it in one line.
func (e *ConfigError) Error() string {
	at := e.File
	if e.Line > 0 {
		at = fmt.Sprintf("%s:%d", e.File, e.Line)
	}
	if at != "" && e.Key != "" {
		at += ": "
	}
	text := at + strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?' // a key may be any text, and the message is one line
	}, e.Key)
	if e.What != "" {
		text += ": " + e.What
	}
	text += " " + e.Why
	if e.Try != "" {
		text += "; " + e.Try
	}
	return text
}

// errNotOne is a parser's answer to a value that is nothing of its kind; the message is made from the kind's name.
var errNotOne = errors.New("not one of its kind")

// refuseValue makes the error for a value that its kind does not take.
func refuseValue(key, value string, secret bool, k anyKind, example string, err error) *ConfigError {
	e := &ConfigError{Key: key, What: quoteValue(value), Why: "is not " + k.noun, Try: "try " + example}
	if secret {
		e.What = "the value (not shown)"
	}
	if !errors.Is(err, errNotOne) {
		e.Why = err.Error()
	}
	return e
}

// quoteValue shows a value on one line, shortened where it is long.
func quoteValue(value string) string {
	const most = 100
	if utf8.RuneCountInString(value) > most {
		value = string([]rune(value)[:most]) + "…"
	}
	return fmt.Sprintf("%q", value)
}
