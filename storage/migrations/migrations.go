// Package migrations holds the steps that bring a database's tables up to date.
//
// One set serves both databases, so it keeps to what both understand: TEXT for
// ids and JSON, BIGINT for numbers, yes/no (0, 1) and times (microseconds since
// 1970 UTC, 0 = none). A step that has been released is never edited; steps only
// go forward, and add columns with a default, so that the release before can
// still run beside them.
package migrations

import (
	"embed"
	"strconv"
	"strings"
)

// FS holds the steps, NNNNN_name.sql.
//
//go:embed *.sql
var FS embed.FS

// Latest is the number of the newest step.
var Latest = latest()

func latest() int64 {
	entries, err := FS.ReadDir(".")
	if err != nil || len(entries) == 0 {
		return 0
	}
	// ReadDir sorts by name and the numbers are zero-padded.
	number, _, _ := strings.Cut(entries[len(entries)-1].Name(), "_")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
