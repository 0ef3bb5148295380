package grammar

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the tests must not depend on the machine's zones

	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func utc(t testing.TB, stamp string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// "`H:MM[:SS][Z|±hh:mm]`, RFC 3339, or `N(s|m|h|d) ago`", read at 15:00:30 in Berlin.
func TestWhen(t *testing.T) {
	berlin, now := zone(t, "Europe/Berlin"), utc(t, "2026-03-04T14:00:30Z")
	for _, c := range []struct{ raw, want, rest string }{
		{"14:05 users see errors", "2026-03-04T13:05:00Z", "users see errors"},
		{"9:05", "2026-03-04T08:05:00Z", ""},
		{"14:05:09", "2026-03-04T13:05:09Z", ""},
		{"14:05Z", "2026-03-03T14:05:00Z", ""},
		{"13:05z x", "2026-03-04T13:05:00Z", "x"},
		{"14:05+02:00", "2026-03-04T12:05:00Z", ""},
		{"14:05:30−05:00", "2026-03-03T19:05:30Z", ""},
		{"09:05+05:45", "2026-03-04T03:20:00Z", ""},
		{"16:00", "2026-03-03T15:00:00Z", ""},    // ahead of now: yesterday's
		{"15:01:30", "2026-03-04T14:01:30Z", ""}, // 60 s ahead: within the tolerance
		{"15:01:31", "2026-03-03T14:01:31Z", ""}, // 61 s ahead: yesterday's
		{"0:00", "2026-03-03T23:00:00Z", ""},     // midnight of today in Berlin
		{"14:05: the bar", "2026-03-04T13:05:00Z", "the bar"},
		{"14:05, <@U1> saw it", "2026-03-04T13:05:00Z", "<@U1> saw it"},
		{"14:05\nfirst line", "2026-03-04T13:05:00Z", "first line"},
		{"13:05 UTC x", "2026-03-04T13:05:00Z", "x"},
		{"13:05 GMT", "2026-03-04T13:05:00Z", ""},
		{"14:05 CET: x", "2026-03-04T13:05:00Z", "x"},
		{"14:05 CEST x", "2026-03-04T13:05:00Z", "CEST x"}, // no summer time in March
		{"14:05 API is down", "2026-03-04T13:05:00Z", "API is down"},
		{"14:05, UTC", "2026-03-04T13:05:00Z", "UTC"},
		{"2026-03-04T14:05:00+01:00 x", "2026-03-04T13:05:00Z", "x"},
		{"2026-03-04t13:05:00z", "2026-03-04T13:05:00Z", ""},
		{"2026-03-04T13:05:00.25Z", "2026-03-04T13:05:00.25Z", ""},
		{"2026-03-04T00:05:00-07:20", "2026-03-04T07:25:00Z", ""},
		{"2026-03-04T13:05Z,", "2026-03-04T13:05:00Z", ""},
		{"2026-03-04T14:05 x", "2026-03-04T13:05:00Z", "x"},
		{"2026-03-04 14:05 CET x", "2026-03-04T13:05:00Z", "x"},
		{"2026-03-04 13:05 UTC x", "2026-03-04T13:05:00Z", "x"},
		{"2026-03-04 14:05 API x", "2026-03-04T13:05:00Z", "API x"},
		{"2026-03-04 14:05: x", "2026-03-04T13:05:00Z", "x"},
		{"2026-03-04 13:05:00Z", "2026-03-04T13:05:00Z", ""},
		{"2025-07-01 14:05", "2025-07-01T12:05:00Z", ""},
		{"5m ago", "2026-03-04T13:55:30Z", ""},
		{"30s ago x", "2026-03-04T14:00:00Z", "x"},
		{"2H AGO, x", "2026-03-04T12:00:30Z", "x"},
		{"1d ago", "2026-03-03T14:00:30Z", ""},
		{"0m ago", "2026-03-04T14:00:30Z", ""},
		{"5 min ago x", "2026-03-04T13:55:30Z", "x"},
		{"5min ago", "2026-03-04T13:55:30Z", ""},
		{"1 hour ago: x", "2026-03-04T13:00:30Z", "x"},
		{"99999d ago", "1752-05-20T14:00:30Z", ""},
	} {
		at, rest, err := When(Normalise(c.raw), now, berlin)
		if err != nil || !at.Equal(utc(t, c.want)) || rest.Text() != c.rest || at.Location() != time.UTC {
			t.Errorf("When(%q) = %v, %q, %v, want %s, %q", c.raw, at, rest.Text(), err, c.want, c.rest)
		}
	}
}

func TestWhenIsText(t *testing.T) {
	berlin, now := zone(t, "Europe/Berlin"), utc(t, "2026-03-04T14:00:30Z")
	for _, raw := range []string{
		"", "the bar", "24:00", "14:60", "14:05:60", "14:5", "1405", "14.05", "2pm", "2:05pm", "-14:05", "14:05-14:10",
		"10:05-10:30 errors", "14:05+15:00", "14:05+01", "5m", "5m later", "5 ago", "m ago", "5x ago", "123456s ago", "5m. ago",
		"2026-03-04", "2026-03-04 errors", "2026-02-30T10:00:00Z", "2026-03-04T25:00:00Z", "2026-13-04 10:00", "0001-01-01T00:00:00Z",
		`"14:05"`, "<@U1> 14:05", "@14:05", "<https://x.test|14:05>", "5 <@U1> ago", "5m <!here> ago", "2026-03-04 <@U1>",
	} {
		l := Normalise(raw)
		if at, rest, err := When(l, now, berlin); err != nil || !at.IsZero() || rest.Text() != l.Text() {
			t.Errorf("When(%q) = %v, %q, %v, want text", raw, at, rest.Text(), err)
		}
	}
}

// "The future is refused beyond 60 s of tolerance".
func TestFutureIsRefused(t *testing.T) {
	now := utc(t, "2026-03-04T14:00:00Z")
	for raw, typed := range map[string]string{
		"2026-03-04T14:01:01Z x":   "2026-03-04T14:01:01Z",
		"2026-03-04 15:00 UTC: x":  "2026-03-04 15:00 UTC",
		"2027-01-01T00:00:00Z":     "2027-01-01T00:00:00Z",
		"2026-03-04T14:00+01:00":   "",
		"2026-03-04T14:01:00Z yes": "",
	} {
		l := Normalise(raw)
		at, rest, err := When(l, now, nil)
		if typed == "" {
			if err != nil || at.IsZero() {
				t.Errorf("When(%q) = %v, %v", raw, at, err)
			}
			continue
		}
		p, ok := ProblemOf(err)
		if !ok || p.Code != FutureRefused || p.Typed != typed || !at.IsZero() || rest.Text() != l.Text() {
			t.Errorf("When(%q) = %v, %q, %+v", raw, at, rest.Text(), p)
		}
		if ok && !strings.HasPrefix(p.Sentence, typed+" is in the future") {
			t.Errorf("sentence of %q: %s", raw, p.Sentence)
		}
		if _, _, err := AnyWhen(Normalise("at "+raw), now, nil); err == nil {
			t.Errorf("at %q is not refused", raw)
		}
	}
}

// "`at` counts only when what follows parses, so `note at the bar` is text".
func TestAtWhen(t *testing.T) {
	now, want := utc(t, "2026-03-04T14:00:00Z"), utc(t, "2026-03-04T13:05:00Z")
	for raw, rest := range map[string]string{"at 13:05 x": "x", "AT 13:05": "", "at 55m ago: x": "x", "at 2026-03-04T13:05:00Z": ""} {
		at, left, err := AtWhen(Normalise(raw), now, time.UTC)
		if err != nil || !at.Equal(want) || left.Text() != rest {
			t.Errorf("AtWhen(%q) = %v, %q, %v", raw, at, left.Text(), err)
		}
		again, left, err := AnyWhen(Normalise(raw), now, time.UTC)
		if err != nil || !again.Equal(want) || left.Text() != rest {
			t.Errorf("AnyWhen(%q) = %v, %q, %v", raw, again, left.Text(), err)
		}
	}
	for _, raw := range []string{"at the bar", "at", "at at 13:05", "13:05 x", `"at" 13:05`, ""} {
		l := Normalise(raw)
		if at, left, err := AtWhen(l, now, time.UTC); err != nil || !at.IsZero() || left.Text() != l.Text() {
			t.Errorf("AtWhen(%q) = %v, %q, %v, want text", raw, at, left.Text(), err)
		}
	}
	if at, left, err := AnyWhen(Normalise("13:05 x"), now, time.UTC); err != nil || !at.Equal(want) || left.Text() != "x" {
		t.Errorf("AnyWhen without at = %v, %q, %v", at, left.Text(), err)
	}
	if at, left, err := AnyWhen(Normalise("at the bar"), now, time.UTC); err != nil || !at.IsZero() || left.Text() != "at the bar" {
		t.Errorf("AnyWhen = %v, %q, %v, want text", at, left.Text(), err)
	}
}

func TestWhenTheClocksChange(t *testing.T) {
	for _, c := range []struct{ name, zone, now, raw, want string }{
		{"left out in spring: shown the day before", "Europe/Berlin", "2026-03-29T01:10:00Z", "2:30", "2026-03-28T01:30:00Z"},
		{"after the gap", "Europe/Berlin", "2026-03-29T01:10:00Z", "3:05", "2026-03-29T01:05:00Z"},
		{"before the gap", "Europe/Berlin", "2026-03-29T01:10:00Z", "1:59", "2026-03-29T00:59:00Z"},
		{"twice in autumn, both past: the second", "Europe/Berlin", "2026-10-25T05:00:00Z", "2:30", "2026-10-25T01:30:00Z"},
		{"twice in autumn, one past: the first", "Europe/Berlin", "2026-10-25T01:10:00Z", "2:30", "2026-10-25T00:30:00Z"},
		{"twice in autumn, told apart by name", "Europe/Berlin", "2026-10-25T05:00:00Z", "2:30 CEST", "2026-10-25T00:30:00Z"},
		{"the same, dated", "Europe/Berlin", "2026-10-26T05:00:00Z", "2026-10-25 2:30 CEST", "2026-10-25T00:30:00Z"},
		{"dated, the second", "Europe/Berlin", "2026-10-26T05:00:00Z", "2026-10-25 2:30", "2026-10-25T01:30:00Z"},
		{"dated in the gap: counted on", "Europe/Berlin", "2026-03-30T05:00:00Z", "2026-03-29 2:30", "2026-03-29T01:30:00Z"},
		{"half an hour of summer time", "Australia/Lord_Howe", "2026-04-04T15:40:00Z", "1:45", "2026-04-04T15:15:00Z"},
		{"a day that was left out", "Pacific/Apia", "2011-12-30T11:00:00Z", "2:00", "2011-12-29T12:00:00Z"},
		{"midnight 30 s ahead", "UTC", "2026-03-04T23:59:30Z", "0:00", "2026-03-05T00:00:00Z"},
		{"an offset's own day", "Pacific/Auckland", "2026-03-04T12:30:00Z", "23:00-05:00", "2026-03-04T04:00:00Z"},
	} {
		at, _, err := When(Normalise(c.raw), utc(t, c.now), zone(t, c.zone))
		if err != nil || !at.Equal(utc(t, c.want)) {
			t.Errorf("%s: When(%q) = %v, %v, want %s", c.name, c.raw, at, err, c.want)
		}
	}
}

// "echoed in local time and UTC".
func TestEcho(t *testing.T) {
	now := utc(t, "2026-03-04T14:00:00Z")
	for _, c := range []struct{ at, zone, want string }{
		{"2026-03-04T13:05:00Z", "Europe/Berlin", "14:05 CET (13:05 UTC)"},
		{"2026-03-04T13:05:09Z", "Europe/Berlin", "14:05:09 CET (13:05:09 UTC)"},
		{"2026-03-03T22:50:00Z", "Europe/Berlin", "2026-03-03 23:50 CET (22:50 UTC)"},
		{"2026-03-03T23:30:00Z", "Europe/Berlin", "00:30 CET (2026-03-03 23:30 UTC)"},
		{"2025-07-01T12:05:00Z", "Europe/Berlin", "2025-07-01 14:05 CEST (12:05 UTC)"},
		{"2026-03-04T13:05:00Z", "America/Sao_Paulo", "10:05 -03:00 (13:05 UTC)"},
		{"2026-03-04T13:05:00Z", "Asia/Kathmandu", "18:50 +05:45 (13:05 UTC)"},
		{"2026-03-04T13:05:00Z", "Europe/London", "13:05 UTC"},
		{"2026-03-03T13:05:00Z", "UTC", "2026-03-03 13:05 UTC"},
	} {
		if got := Echo(utc(t, c.at), now, zone(t, c.zone)); got != c.want {
			t.Errorf("Echo(%s in %s) = %q, want %q", c.at, c.zone, got, c.want)
		}
	}
	if got := Echo(now, now, nil); got != "14:00 UTC" {
		t.Errorf("Echo without a zone = %q", got)
	}
}

func TestBareTimeProperties(t *testing.T) {
	zones := []*time.Location{
		time.UTC, zone(t, "Europe/Berlin"), zone(t, "America/New_York"), zone(t, "Australia/Lord_Howe"),
		zone(t, "Asia/Kathmandu"), zone(t, "Pacific/Apia"), zone(t, "Africa/Casablanca"),
	}
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.SampledFrom(zones).Draw(t, "zone")
		now := time.Unix(rapid.Int64Range(1_200_000_000, 1_900_000_000).Draw(t, "now"), 0)
		typed := now.Add(-time.Duration(rapid.IntRange(0, 86_400).Draw(t, "before")) * time.Second).In(z).Format("15:04:05")
		at, rest, err := When(Normalise(typed), now, z)
		if err != nil || !rest.Empty() || at.In(z).Format("15:04:05") != typed || at.After(now.Add(Tolerance)) {
			t.Fatalf("When(%q) at %v in %v = %v, %v", typed, now, z, at, err)
		}
		for later := at.Add(time.Second); !later.After(now.Add(Tolerance)); later = later.Add(time.Second) {
			if later.In(z).Format("15:04:05") == typed {
				t.Fatalf("When(%q) at %v in %v = %v, yet %v is later", typed, now, z, at, later)
			}
		}
		echo := Echo(at, now, z)
		shown, _, err := When(Normalise(echo), now, z)
		if err != nil || !shown.Equal(at) {
			t.Fatalf("%v is echoed as %q, which reads as %v, %v", at, echo, shown, err)
		}
	})
}

func FuzzWhen(f *testing.F) {
	for _, seed := range []string{"14:05 x", "14:05:09+02:00", "2026-03-04T13:05:00Z", "2026-03-04 14:05 CET", "5m ago", "5 min ago", "at 2:30Z"} {
		f.Add(seed, int64(1_772_632_830))
	}
	berlin := zone(f, "Europe/Berlin")
	f.Fuzz(func(t *testing.T, raw string, seconds int64) {
		l, now := Normalise(raw), time.Unix(seconds%4_000_000_000, 0)
		at, rest, err := AnyWhen(l, now, berlin)
		checkPlainText(t, rest)
		switch {
		case !strings.HasSuffix(l.Text(), rest.Text()):
			t.Fatalf("after %q comes %q", l.Text(), rest.Text())
		case (at.IsZero() || err != nil) != (rest.Text() == l.Text()):
			t.Fatalf("%q is %v, %v and leaves %q", l.Text(), at, err, rest.Text())
		case at.After(now.Add(Tolerance)):
			t.Fatalf("%q is %v, later than %v", l.Text(), at, now)
		}
		if p, ok := ProblemOf(err); ok != (err != nil) || ok && (p.Code != FutureRefused || p.Typed == "" || !at.IsZero()) {
			t.Fatalf("%q is refused with %v", l.Text(), err)
		}
	})
}

// TestNoTimeBeginsOtherwise holds the quick look for a digit to all ways of reading a time.
func TestNoTimeBeginsOtherwise(t *testing.T) {
	now := time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC)
	pieces := rapid.SampledFrom([]string{"5", "m", " ", "ago", "14:05", "2026-03-04", "T", "Z", ":", "-", "+", "a", "٥", "５", "\"", "@", "<@U1>", ".", "UTC", "0"})
	rapid.Check(t, func(t *rapid.T) {
		l := Normalise(strings.Join(rapid.SliceOfN(pieces, 0, 6).Draw(t, "line"), ""))
		for n, read := range []func(Line, time.Time, *time.Location) (time.Time, Line, bool){readAgo, readDated, readBare} {
			if _, _, ok := read(l, now, time.UTC); ok && !timely(l) {
				t.Fatalf("%q holds a time for way %d", l.Text(), n)
			}
		}
	})
}
