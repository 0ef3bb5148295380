package bot

import (
	"encoding/json"
	"reflect"
	"testing"
)

// TestAnAnswerIsStoredAsItIs fills each field of an answer in turn, so that a new one
// is not forgotten.
func TestAnAnswerIsStoredAsItIs(t *testing.T) {
	filled := Answer{
		Kind: Done, Text: "Noted: <a> & \"b\"\n\u2028\xff", Buttons: []Button{{Label: "Undo", Offer: "o"}}, Fields: map[string]string{"text": "Say what."},
		About: &About{Key: "INC-7"}, Reused: true, why: "w", field: "f",
	}
	from := reflect.ValueOf(filled)
	for n := range from.NumField() {
		field := from.Type().Field(n)
		if from.Field(n).IsZero() {
			t.Errorf("this test does not know Answer.%s", field.Name)
		}
		if !field.IsExported() {
			continue
		}
		for _, a := range []Answer{{}, {Kind: Shown, Text: filled.Text}} {
			reflect.ValueOf(&a).Elem().Field(n).Set(from.Field(n))
			want, err := json.Marshal(a)
			if got, e := a.stored(); err != nil || e != nil || got != string(want) {
				t.Errorf("with %s it is stored as %s, %v; want %s, %v", field.Name, got, e, want, err)
			}
		}
	}
}
