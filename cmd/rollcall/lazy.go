package main

import (
	"regexp"
	"sync"
)

// lazily is a regular expression that is compiled when it is first needed. Most starts of the program need few of them.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
