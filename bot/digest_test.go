package bot

import "testing"

func TestADigestNamesTheFirstOfALongList(t *testing.T) {
	long := []string{"INC-1", "INC-2", "INC-3", "INC-4", "INC-5", "INC-6", "INC-7", "INC-8", "INC-9", "INC-10", "INC-11"}
	for _, one := range []struct {
		keys []string
		want string
	}{
		{nil, ""},
		{long[:2], "INC-1, INC-2"},
		{long[:10], "INC-1, INC-2, INC-3, INC-4, INC-5, INC-6, INC-7, INC-8, INC-9, INC-10"},
		{long, "INC-1, INC-2, INC-3, INC-4, INC-5, INC-6, INC-7, INC-8, INC-9, INC-10, …"},
	} {
		if got := someOf(one.keys); got != one.want {
			t.Errorf("%q, want %q", got, one.want)
		}
	}
}
