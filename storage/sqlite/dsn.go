package sqlite

import (
	"errors"
	"net/url"
	"strings"
	"time"
)

// Scheme is what the URL of an SQLite file begins with.
const Scheme = "sqlite"

// Path is the file that "sqlite:PATH" names.
func Path(rawURL string) (string, error) {
	path, ok := strings.CutPrefix(rawURL, Scheme+":")
	if !ok {
		return "", errors.New("an SQLite database is named sqlite:PATH, such as sqlite:rollcall.db")
	}
	if rest, ok := strings.CutPrefix(path, "//"); ok && strings.HasPrefix(rest, "/") {
		path = rest // sqlite:///var/lib/rollcall.db, as other programs spell it
	}
	switch {
	case path == "":
		return "", errors.New("the SQLite database has no path: write sqlite:rollcall.db")
	case strings.Contains(path, ":memory:"):
		return "", errors.New("an SQLite database in memory would forget every incident: write sqlite:rollcall.db")
	}
	return path, nil
}

// writeDSN opens the file for the one connection that writes. Transactions take
// the write lock at their beginning: one that only finds out later that it has
// to wait cannot wait, and fails.
func writeDSN(path string, busy time.Duration) string {
	return dsn(path, url.Values{
		"_journal_mode":    {"WAL"},
		"_synchronous":     {"FULL"},
		"_foreign_keys":    {"1"},
		"_txlock":          {"immediate"},
		"_busy_timeout":    {milliseconds(busy)},
		"_stmt_cache_size": {"128"},
	})
}

// readDSN opens the file so that nothing can be written through it.
func readDSN(path string, busy time.Duration) string {
	return dsn(path, url.Values{
		"mode":             {"ro"},
		"_busy_timeout":    {milliseconds(busy)},
		"_stmt_cache_size": {"64"},
	})
}

// dsn spells a path as a URI, in which ?, # and % would mean something else.
func dsn(path string, params url.Values) string {
	return "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path) + "?" + params.Encode()
}
