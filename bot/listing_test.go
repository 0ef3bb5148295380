package bot

import (
	"slices"
	"strings"
	"testing"
)

func TestUsagesListWhatHelpLists(t *testing.T) {
	all := Usages()
	for _, r := range rows {
		for _, form := range r.Usage {
			listed := slices.Contains(all, Usage{r.Words, form, r.Help})
			if listed != (r.Group != "") {
				t.Errorf("%q in group %q: listed %v", form, r.Group, listed)
			}
		}
	}
	if !strings.HasPrefix(all[0].Form, "open ") {
		t.Errorf("the first form is %q", all[0].Form)
	}
}
