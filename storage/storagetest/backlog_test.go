package storagetest_test

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/storage/storagetest"
)

func TestTheBacklogIsCountedWithoutReadingTheLog(t *testing.T) {
	fx := storagetest.SQLite(t)
	db, err := sql.Open("sqlite3", "file:"+strings.TrimPrefix(fx.URL, "sqlite:")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	explain := func(query string) {
		rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var id, parent, none int
			var step string
			if err := rows.Scan(&id, &parent, &none, &step); err != nil {
				t.Fatal(err)
			}
			// Walking an index that holds only what is not done is what is wanted; the
			// tables themselves are not walked.
			if strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "INDEX") && !strings.HasPrefix(step, "SCAN f") {
				t.Errorf("%s\nwalks a table: %s", query, step)
			}
			t.Log(step)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	for _, query := range storage.Counts {
		explain(query)
	}
}
