package slackin

import (
	"net/url"
	"strings"
)

// maxPairs bounds a form as net/url does; Slack sends a dozen.
const maxPairs = 10_000

// field is a key of a form, and where its value goes.
type field struct {
	key string
	to  *string
}

// readForm gives each of fields, at most 64, the first value of its key. It takes what
// url.ParseQuery takes and refuses what that refuses; it only keeps nothing of the keys
// that nobody asked for.
func readForm(form string, fields []field) error {
	if strings.Count(form, "&") >= maxPairs {
		return errShape
	}
	var found uint64
	for form != "" {
		var pair string
		pair, form, _ = strings.Cut(form, "&")
		if strings.Contains(pair, ";") {
			return errShape
		}
		key, value, _ := strings.Cut(pair, "=")
		key, err := url.QueryUnescape(key)
		if err != nil {
			return errShape
		}
		if value, err = url.QueryUnescape(value); err != nil {
			return errShape
		}
		for n, f := range fields {
			if key == f.key && found&(1<<n) == 0 {
				found |= 1 << n
				*f.to = value
			}
		}
	}
	return nil
}
