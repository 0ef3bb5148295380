package rfo

import (
	"bytes"
	"encoding/json"
)

// JSON is the document for programs: fields of Schema, times as RFC 3339 in UTC,
// lengths of time in seconds. Fields are never renamed without a new Schema.
func JSON(d Document) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	out := struct {
		Schema string `json:"schema"`
		Document
	}{Schema, d}
	if err := e.Encode(out); err != nil {
		// Only a channel, a function or a cycle could fail, and there is none.
		return []byte(`{"schema":"` + Schema + `"}` + "\n")
	}
	return b.Bytes()
}
