package rfo

import (
	"regexp"
	"sync"
)

// lazily is a regular expression that is compiled when it is first needed. There are many here, and the program starts
// more often than a document is checked.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
