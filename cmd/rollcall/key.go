package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// incidentKey is an argument such as INC-7, in any case; 7 is enough.
type incidentKey int

// UnmarshalText reads the argument.
func (k *incidentKey) UnmarshalText(text []byte) error {
	number, ok := keyNumber(string(text))
	if !ok {
		return fmt.Errorf("%q is not the key of an incident, such as INC-7", text)
	}
	*k = incidentKey(number)
	return nil
}

// keyNumber reads INC-7 or 7.
func keyNumber(text string) (int, bool) {
	digits := text
	if len(text) > 4 && strings.EqualFold(text[:4], "inc-") {
		digits = text[4:]
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil && n > 0 && digits[0] != '+'
}

// errPrivate is the answer to a call that would print a private incident.
func errPrivate(k incidentKey) error {
	return fmt.Errorf("%s is private: add --private if what is printed may leave its members' circle", incident.Key(int(k)))
}

// read is one incident for a call that prints it. Whoever can read the database
// can read everything in it; --private only keeps that from happening unmeant.
func (k incidentKey) read(r *storage.Reader, private bool) (*incident.Incident, error) {
	id, err := r.RawByNumber(int(k))
	if storage.IsNotFound(err) {
		return nil, fmt.Errorf("there is no %s: `rollcall incidents` lists what there is", incident.Key(int(k)))
	}
	if err != nil {
		return nil, err
	}
	inc, err := r.RawIncident(id)
	if err != nil {
		return nil, err
	}
	if inc.Identity.Private && !private {
		return nil, errPrivate(k)
	}
	return inc, nil
}
