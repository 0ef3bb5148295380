package incident

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSlug(t *testing.T) {
	for title, want := range map[string]string{
		"checkout is down":           "checkout-is-down",
		"  Checkout IS down!! ":      "checkout-is-down",
		"Café: déjà vu":              "cafe-deja-vu",
		"cafe\u0301 closed":          "cafe-closed",
		"Größe überschritten":        "grosse-uberschritten",
		"Łódź is ÅNGSTRÖM Œuvre":     "lodz-is-angstrom-oeuvre",
		"İstanbul Đà Nẵng ưu":        "istanbul-da-nang-uu",
		"can't pay, won't pay":       "cant-pay-wont-pay",
		"can’t pay":                  "cant-pay",
		"checkout_api v2.1 — 50%":    "checkout-api-v2-1-50",
		"--- a --- b ---":            "a-b",
		"сбой checkout 決済":           "checkout",
		"決済が落ちた":                     "",
		"🔥🔥":                         "",
		"":                           "",
		"ask <@0190-ab> about it":    "ask-about-it",
		"<@unclosed mark":            "unclosed-mark",
		"https://example.com/a?b=c":  "https-example-com-a-b-c",
		"<script>alert(1)</script>":  "script-alert-1-script",
		"\u0132SSELMEER":             "ijsselmeer",
		"../../etc/passwd\x00\n.png": "etc-passwd-png",
	} {
		if got := Slug(title); got != want {
			t.Errorf("Slug(%q) = %q, want %q", title, got, want)
		}
	}
}

func TestChannelName(t *testing.T) {
	long := strings.Repeat("a", 100)
	for _, c := range []struct {
		number  int
		title   string
		private bool
		want    string
	}{
		{7, "Checkout is down", false, "inc-7-checkout-is-down"},
		{8, "Somebody has our keys", true, "inc-8"},
		{9, "決済が落ちた", false, "inc-9"},
		{1, long, false, "inc-1-" + long[:74]},
		{1, long[:74], false, "inc-1-" + long[:74]},
		{1, long[:70] + " bcd", false, "inc-1-" + long[:70] + "-bcd"},
		{1, long[:70] + " bcde", false, "inc-1-" + long[:70]},
		{1, long[:74] + " b", false, "inc-1-" + long[:74]},
		{1, long[:73] + " b", false, "inc-1-" + long[:73]},
	} {
		if got := ChannelName(c.number, c.title, c.private); got != c.want {
			t.Errorf("ChannelName(%d, %q, %v) = %q, want %q", c.number, c.title, c.private, got, c.want)
		}
	}
}

var (
	slugForm    = regexp.MustCompile(`^([a-z0-9]+(-[a-z0-9]+)*)?$`)
	channelForm = regexp.MustCompile(`^inc-[0-9]+(-[a-z0-9]+)*$`)
)

func TestSlugProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		title := rapid.String().Draw(t, "title")
		number := rapid.IntRange(1, 1_000_000).Draw(t, "number")
		checkSlug(t, number, title)
	})
}

func FuzzSlug(f *testing.F) {
	f.Add(7, "Checkout is down")
	f.Add(1, strings.Repeat("ab ", 40))
	f.Fuzz(func(t *testing.T, number int, title string) {
		if number > 0 {
			checkSlug(t, number, title)
		}
	})
}

func checkSlug(t interface{ Fatalf(string, ...any) }, number int, title string) {
	slug := Slug(title)
	if !slugForm.MatchString(slug) || Slug(slug) != slug {
		t.Fatalf("Slug(%q) = %q is not a stable slug", title, slug)
	}
	name := ChannelName(number, title, false)
	if !channelForm.MatchString(name) || len(name) > channelLimit {
		t.Fatalf("ChannelName(%d, %q) = %q is no channel name", number, title, name)
	}
}
