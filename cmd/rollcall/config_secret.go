package main

import (
	"fmt"
	"io"
	"log/slog"
)

// redactedSecret is what a secret reads as wherever it is printed.
const redactedSecret = "[secret]"

// Secret is a value that is never printed: every way of formatting, encoding or logging it gives "[secret]", or nothing
// when it is not set. Only Reveal gives it away. It holds a pointer, because fmt prints the unexported fields of
// other structs without asking their methods.
type Secret struct{ value *string }

// NewSecret hides a value; the empty one counts as not set.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{value: &value}
}

// Reveal returns the value itself, for the one place that sends it to its owner.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsSet says whether there is a value.
func (s Secret) IsSet() bool { return s.value != nil }

// String hides the value.
func (s Secret) String() string {
	if s.value == nil {
		return ""
	}
	return redactedSecret
}

// GoString hides the value from %#v.
func (s Secret) GoString() string { return fmt.Sprintf("Secret(%q)", s.String()) }

// Format hides the value from every verb; without it %d would show the inside.
func (s Secret) Format(f fmt.State, verb rune) {
	text := s.String()
	if verb == 'v' && f.Flag('#') {
		text = s.GoString()
	}
	_, _ = io.WriteString(f, text) // fmt.State cannot fail
}

// MarshalText hides the value from encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalJSON hides the value from JSON.
func (s Secret) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, "%q", s.String()), nil }

// LogValue hides the value from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
