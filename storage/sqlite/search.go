package sqlite

import "strings"

// Search asks the full-text index, in the query syntax of FTS4 with parentheses,
// in which quoted words are only words.
func (d *DB) Search(placeholder string, words []string) (condition, value string) {
	return "w.wording MATCH " + placeholder, `"` + strings.Join(words, `" OR "`) + `"`
}
