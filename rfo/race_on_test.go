//go:build race

package rfo_test

// raced says that the tests run under the race detector, some twenty times as slow.
const raced = true
