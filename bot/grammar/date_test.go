package grammar

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"pgregory.net/rapid"
)

// "ISO, today, tomorrow, a weekday (the next), `Nd`, `Nw`", read on Wednesday
// 2026-03-04, ten to midnight in Berlin.
func TestDate(t *testing.T) {
	berlin, now := zone(t, "Europe/Berlin"), utc(t, "2026-03-04T22:50:00Z")
	for _, c := range []struct{ raw, want, rest string }{
		{"2026-03-04 add an alert", "2026-03-04", "add an alert"},
		{"2026–03–09, add", "2026-03-09", "add"},
		{"2024-02-29: x", "2024-02-29", "x"},
		{"2019-01-01", "2019-01-01", ""},
		{"today x", "2026-03-04", "x"},
		{"Tomorrow", "2026-03-05", ""},
		{"thursday x", "2026-03-05", "x"},
		{"THU", "2026-03-05", ""},
		{"fri,", "2026-03-06", ""},
		{"Sunday", "2026-03-08", ""},
		{"mon", "2026-03-09", ""},
		{"tue", "2026-03-10", ""},
		{"Wednesday", "2026-03-11", ""}, // the next one, never today
		{"wed", "2026-03-11", ""},
		{"0d", "2026-03-04", ""},
		{"1d x", "2026-03-05", "x"},
		{"30D", "2026-04-03", ""},
		{"2w x", "2026-03-18", "x"},
		{"2w\nx", "2026-03-18", "x"},
	} {
		got, rest, err := Date(Normalise(c.raw), now, berlin)
		if err != nil || got.String() != c.want || rest.Text() != c.rest {
			t.Errorf("Date(%q) = %v, %q, %v, want %s, %q", c.raw, got, rest.Text(), err, c.want, c.rest)
		}
	}
	if got, _, _ := Date(Normalise("today"), now, zone(t, "Asia/Tokyo")); got.String() != "2026-03-05" {
		t.Errorf("today in Tokyo is %v", got)
	}
	if got, _, _ := Date(Normalise("today"), now, nil); got.String() != "2026-03-04" {
		t.Errorf("today without a zone is %v", got)
	}
}

func TestDateIsText(t *testing.T) {
	now := utc(t, "2026-03-04T12:00:00Z")
	for _, raw := range []string{
		"", "next friday", "in 3 days", "th", "thurs", "frid", "weds", "1", "d", "2m", "1000d", "-1d", "2.5d", "2026", "20260304",
		"2026-03-04T10:00:00Z", `"today"`, "<@U1>", "@today", "1/2/3/4", "a/b", "1,200", "3/4x",
	} {
		l := Normalise(raw)
		if got, rest, err := Date(l, now, time.UTC); err != nil || got != (incident.Civil{}) || rest.Text() != l.Text() {
			t.Errorf("Date(%q) = %v, %q, %v, want text", raw, got, rest.Text(), err)
		}
	}
}

// "`3/4` is refused".
func TestDateIsRefused(t *testing.T) {
	now := utc(t, "2026-03-04T12:00:00Z")
	for raw, want := range map[string][]string{
		"3/4":         {"2026-04-03", "2026-03-04"},
		"3/4, x":      {"2026-04-03", "2026-03-04"},
		"1/2":         {"2027-02-01", "2027-01-02"},
		"4/4":         {"2026-04-04"},
		"13/4":        {"2026-04-13"},
		"12/25":       {"2026-12-25"},
		"29.2.":       {"2028-02-29"},
		"3.4.2026":    {"2026-04-03", "2026-03-04"},
		"03-04-26":    {"2026-04-03", "2026-03-04"},
		"2026/03/04":  {"2026-03-04"},
		"2026-3-4":    {"2026-03-04"},
		"40/50":       {"2026-03-11"},
		"99.99.99":    {"2026-03-11"},
		"2026-02-30":  {"2026-03-11"},
		"2026-00-10":  {"2026-03-11"},
		"2025-02-29,": {"2026-03-11"},
	} {
		l := Normalise(raw)
		got, rest, err := Date(l, now, time.UTC)
		p, ok := ProblemOf(err)
		if !ok || got != (incident.Civil{}) || rest.Text() != l.Text() || !slices.Equal(p.Try, want) {
			t.Errorf("Date(%q) = %v, %+v, want a refusal that offers %v", raw, got, p, want)
			continue
		}
		for _, iso := range want {
			if !strings.Contains(p.Sentence, "`"+iso+"`") || !strings.Contains(p.Sentence, p.Typed) {
				t.Errorf("the sentence for %q does not offer %s: %s", raw, iso, p.Sentence)
			}
		}
		if wrong := strings.HasPrefix(raw, "202") && len(bare(raw)) == 10 && raw[4] == '-'; wrong != (p.Code == NoSuchDay) {
			t.Errorf("the code for %q is %s", raw, p.Code)
		}
	}
}

func TestDateProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, "now"), 0)
		today := incident.CivilOf(now, time.UTC)
		n := rapid.IntRange(0, 999).Draw(t, "n")
		ahead, _, err := Date(Typed(decimal(n)+"d"), now, time.UTC)
		if err != nil || ahead != today.Plus(n) {
			t.Fatalf("%dd after %v is %v, %v", n, today, ahead, err)
		}
		back, _, err := Date(Typed(ahead.String()), now, time.UTC)
		if err != nil || back != ahead {
			t.Fatalf("%v is printed as %s and read as %v, %v", ahead, ahead, back, err)
		}
		day := time.Weekday(n % 7)
		next, _, err := Date(Typed(day.String()[:3]), now, time.UTC)
		if err != nil || next.Weekday() != day || !today.Before(next) || today.Plus(7).Before(next) {
			t.Fatalf("the next %v after %v is %v, %v", day, today, next, err)
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, seed := range []string{"2026-03-04 x", "today", "fri,", "2w", "3/4", "3.4.26", "2026-02-30", "0/0"} {
		f.Add(seed, int64(1_772_632_830))
	}
	f.Fuzz(func(t *testing.T, raw string, seconds int64) {
		l, now := Normalise(raw), time.Unix(seconds%4_000_000_000, 0)
		got, rest, err := Date(l, now, time.UTC)
		p, refused := ProblemOf(err)
		switch {
		case !strings.HasSuffix(l.Text(), rest.Text()):
			t.Fatalf("after %q comes %q", l.Text(), rest.Text())
		case (got == incident.Civil{}) != (rest.Text() == l.Text()):
			t.Fatalf("%q is %v and leaves %q", l.Text(), got, rest.Text())
		case got != incident.Civil{} && (!got.Real() || refused):
			t.Fatalf("%q is %v, which the calendar has not, or %v", l.Text(), got, err)
		case refused && (len(p.Try) == 0 || p.Sentence == ""):
			t.Fatalf("%q is refused without help: %+v", l.Text(), p)
		}
		if refused {
			for _, iso := range p.Try {
				if c, ok := readISO(iso); !ok || c.String() != iso {
					t.Fatalf("%q is offered %q", l.Text(), iso)
				}
			}
		}
	})
}
