package slackin

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// readsLikeURL holds the reading of forms to net/url's.
func readsLikeURL(t interface{ Errorf(string, ...any) }, form string) {
	var text, user, spaced string
	err := readForm(form, []field{{"text", &text}, {"user_id", &user}, {"a b", &spaced}})
	want, wantErr := url.ParseQuery(form)
	if (err == nil) != (wantErr == nil) {
		t.Errorf("%q is read with %v, by net/url with %v", form, err, wantErr)
	}
	if err != nil {
		return
	}
	if got, as := []string{text, user, spaced}, []string{want.Get("text"), want.Get("user_id"), want.Get("a b")}; !slices.Equal(got, as) {
		t.Errorf("%q is read as %q, by net/url as %q", form, got, as)
	}
}

func TestAFormIsReadLikeNetURLReadsIt(t *testing.T) {
	for _, form := range []string{
		"", "&", "=", "&&", "=x&text=1", "text", "text=", "text=&text=2", "text=1&text=2", "text=1;user_id=2", "text=%zz&user_id=1",
		"te%78t=one+two%2bthree", "a+b=1", "a%20b=1&a b=2", "text=a=b=c", "%=1", "text=%e2%82%ac", "TEXT=1",
		strings.Repeat("x=1&", maxPairs-1), strings.Repeat("x=1&", maxPairs), strings.Repeat("&", maxPairs+1),
	} {
		readsLikeURL(t, form)
	}
	piece := rapid.SampledFrom([]string{"text", "user_id", "a", "b", "=", "&", ";", "+", "%", "%20", "%3d", "%26", "%74ext", "%zz", "é", "\x00", "\xff", ""})
	rapid.Check(t, func(t *rapid.T) {
		readsLikeURL(t, strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "form"), ""))
	})
}
