package engine

import (
	"context"
	"database/sql"
	"errors"
)

// Code says what kind of failure an Error is.
type Code string

// The codes. Each edge maps them once: an answer to a person, an HTTP status, a
// retry.
const (
	NotFound    Code = "not_found"   // no such row, or none that the actor may see
	Conflict    Code = "conflict"    // somebody else changed it first
	Fenced      Code = "fenced"      // the stream has another holder by now
	Unavailable Code = "unavailable" // nothing was saved: too late, closed, or no database
	Locked      Code = "locked"      // nothing was saved: another process holds the database
	Full        Code = "full"        // nothing was saved: no space left
	ReadOnly    Code = "read_only"   // nothing was saved: the database may only be read
	Unknown     Code = "unknown"     // nobody can tell whether it was saved
	Internal    Code = "internal"    // a defect of the program; nothing was saved
)

// Error is a failure of the store. Drivers' errors are translated into it once,
// by their codes and never by their texts.
type Error struct {
	Code Code
	Err  error
}

// Error says what failed, for logs.
func (e *Error) Error() string {
	if e.Err == nil {
		return "storage: " + string(e.Code)
	}
	return "storage: " + string(e.Code) + ": " + e.Err.Error()
}

// Unwrap is the driver's error.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf is the code inside err; Internal when there is none, "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// Translate turns err into an *Error with the code that classify finds, unless
// it already is one. What database/sql and context say means the same everywhere.
func Translate(err error, classify func(error) Code) error {
	if err == nil {
		return nil
	}
	var e *Error
	switch {
	case errors.As(err, &e):
		return err
	case errors.Is(err, sql.ErrNoRows):
		return &Error{NotFound, err}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled),
		errors.Is(err, sql.ErrConnDone), errors.Is(err, sql.ErrTxDone):
		return &Error{Unavailable, err}
	}
	return &Error{classify(err), err}
}
