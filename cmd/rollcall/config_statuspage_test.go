package main

import (
	"strings"
	"testing"
)

func TestAStatusPageNeedsAllOfIt(t *testing.T) {
	for name, test := range map[string]struct {
		file, key, want string
	}{
		"without a key":            {file: "statuspage: {page: abc123def456}\n", want: "needs STATUSPAGE_API_KEY; set it"},
		"a component of no page":   {file: "services:\n  - {name: a, statuspage_component: abcdef}\n", want: "belongs to no page"},
		"an odd id":                {file: "statuspage: {page: 'https://x'}\n", key: "k", want: "an id of Statuspage"},
		"everything":               {file: "statuspage: {page: abc123def456}\nservices:\n  - {name: a, statuspage_component: abcdef}\n", key: "k"},
		"a key alone does nothing": {key: "k"},
	} {
		t.Run(name, func(t *testing.T) {
			env := map[string]string{}
			if test.key != "" {
				env["STATUSPAGE_API_KEY"] = test.key
			}
			c, err := loadConfig(t, env, test.file)
			if test.want != "" {
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Fatalf("it says %v; it should be about %q", err, test.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if p := publicPolicy(c); p.On != (test.file != "") || p.On && p.Resolved != resolvedText {
				t.Errorf("the policy is %+v", p)
			}
		})
	}
}
