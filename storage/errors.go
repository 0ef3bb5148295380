package storage

import (
	"errors"

	"github.com/rollcall-bot/rollcall/storage/engine"
)

// Error is every failure of the store; a driver's error is inside it.
type Error = engine.Error

// Code says what kind of failure an Error is.
type Code = engine.Code

// The codes; engine says what each means. After all but Unknown it is certain
// that nothing was saved.
const (
	NotFound    = engine.NotFound
	Conflict    = engine.Conflict
	Fenced      = engine.Fenced
	Unavailable = engine.Unavailable
	Locked      = engine.Locked
	Full        = engine.Full
	ReadOnly    = engine.ReadOnly
	Unknown     = engine.Unknown
	Internal    = engine.Internal
)

// CodeOf is the code of an error of this package, Internal for any other error
// and "" for nil.
func CodeOf(err error) Code { return engine.CodeOf(err) }

// IsNotFound reports whether a look-up found nothing.
func IsNotFound(err error) bool { return CodeOf(err) == NotFound }

// is reports whether err is an Error of this package with the given code.
func is(err error, code Code) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}

// refused is an error of ours that no driver raised.
func refused(code Code, text string) error { return &Error{Code: code, Err: errors.New(text)} }
