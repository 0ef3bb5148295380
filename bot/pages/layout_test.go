package pages

import "testing"

// A layout is read when its page is first shown, which is no time to find out that it cannot be.
func TestEveryLayoutCanBeRead(t *testing.T) {
	for name, read := range newLayouts() {
		if one, err := read(); err != nil || one.Lookup("body") == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
