package main

import (
	"strings"
	"testing"
)

func TestBotsAreListedWithWhatTheyMay(t *testing.T) {
	for name, test := range map[string]struct{ file, want string }{
		"good":           {file: "bots:\n  - {id: B012ABCDEF, may: [open, note]}\n  - {id: A012ABCDEF, may: [detected]}\n"},
		"twice":          {file: "bots:\n  - {id: B012, may: [open]}\n  - {id: B012, may: [note]}\n", want: "stands there twice"},
		"to lead":        {file: "bots:\n  - {id: B012, may: [lead]}\n", want: "one of open, note, detected"},
		"a person's id":  {file: "bots:\n  - {id: U012, may: [note]}\n", want: "id of a bot or an app"},
		"nothing it may": {file: "bots:\n  - {id: B012}\n", want: "may"},
		"nobody's name":  {file: "bots:\n  - {may: [note]}\n", want: "id"},
		"none, as usual": {},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := loadConfig(t, map[string]string{}, test.file)
			if test.want != "" {
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Fatalf("it says %v; it should be about %q", err, test.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := c.robots(); len(got) != strings.Count(test.file, "id:") {
				t.Errorf("the bots are %v", got)
			}
		})
	}
}
