package postgres

import "strings"

// Search asks the GIN index. The words are not stemmed: the store does what there
// is of it, alike for both databases.
func (d *DB) Search(placeholder string, words []string) (condition, value string) {
	return "w.words @@ to_tsquery('simple', " + placeholder + ")", "'" + strings.Join(words, "' | '") + "'"
}
