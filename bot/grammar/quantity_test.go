package grammar

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func decimal(n int) string { return strconv.Itoa(n) }

// "a number counts only with a unit from a closed list (users, customers, accounts,
// requests, orders, %, …; `1,200`, `1.2k`, `2-5k`, `12%`)".
func TestImpact(t *testing.T) {
	for raw, want := range map[string]struct {
		Quantity
		rest string
	}{
		"300 users":                    {Quantity{300, 300, "users", false}, ""},
		"about 300 users in the EU":    {Quantity{300, 300, "users", true}, "in the EU"},
		"~300 users":                   {Quantity{300, 300, "users", true}, ""},
		"1,200 customers, mostly EU":   {Quantity{1200, 1200, "customers", false}, "mostly EU"},
		"1.2k accounts":                {Quantity{1200, 1200, "accounts", false}, ""},
		"1.001k orders":                {Quantity{1001, 1001, "orders", false}, ""},
		"2-5k requests":                {Quantity{2000, 5000, "requests", false}, ""},
		"2–5k requests":                {Quantity{2000, 5000, "requests", false}, ""},
		"1.5-2K sessions":              {Quantity{1500, 2000, "sessions", false}, ""},
		"2k-5k payments":               {Quantity{2000, 5000, "payments", false}, ""},
		"500k-1m messages":             {Quantity{500_000, 1_000_000, "messages", false}, ""},
		"3.4M tenants":                 {Quantity{3_400_000, 3_400_000, "tenants", false}, ""},
		"1,200-1,500 orders":           {Quantity{1200, 1500, "orders", false}, ""},
		"12%":                          {Quantity{12, 12, "%", false}, ""},
		"12% of requests":              {Quantity{12, 12, "%", false}, "of requests"},
		"12%, mostly EU":               {Quantity{12, 12, "%", false}, "mostly EU"},
		"12 % of users":                {Quantity{12, 12, "%", false}, "of users"},
		"about 12.5 percent":           {Quantity{12.5, 12.5, "%", true}, ""},
		"12-15%":                       {Quantity{12, 15, "%", false}, ""},
		"0.5%-1% of <@U1>":             {Quantity{0.5, 1, "%", false}, "of <@U1>"},
		"1 user. Only ana":             {Quantity{1, 1, "users", false}, "Only ana"},
		"0 orders":                     {Quantity{0, 0, "orders", false}, ""},
		"3 Customers: a, b, c":         {Quantity{3, 3, "customers", false}, "a, b, c"},
		"5-5 users":                    {Quantity{5, 5, "users", false}, ""},
		"ABOUT 2m users\nand counting": {Quantity{2_000_000, 2_000_000, "users", true}, "and counting"},
	} {
		got, rest, err := Impact(Normalise(raw))
		if err != nil || got != want.Quantity || rest.Text() != want.rest {
			t.Errorf("Impact(%q) = %+v, %q, %v, want %+v", raw, got, rest.Text(), err, want)
		}
	}
}

// "else it is text and the number stays \"not given\"".
func TestImpactIsText(t *testing.T) {
	for _, raw := range []string{
		"", "checkout fails for everybody", "about", "about half of the users", "300", "300 people", "about 300", "300, users",
		"300 of 900 users", "5m", "5m ago users left", "500users", "-5 users", "1e3 users", "users 300", "300 <@U1>", "300 users' carts",
		"300. users are angry", "a12%", "12%x", "% users", "2 - 5k users", "three users", "2-5-7 users", `"300" users`, "300 @users", "٣ users",
	} {
		l := Normalise(raw)
		if got, rest, err := Impact(l); err != nil || got != (Quantity{}) || rest.Text() != l.Text() {
			t.Errorf("Impact(%q) = %+v, %q, %v, want text", raw, got, rest.Text(), err)
		}
	}
}

func TestImpactIsRefused(t *testing.T) {
	for raw, want := range map[string]Code{
		"5-2 users":               RangeOrder,
		"800-1.2k users":          RangeOrder,
		"2k-5 users":              RangeOrder,
		"15-12%":                  RangeOrder,
		"1.200 users":             NotWhole,
		"1.5-2 users":             NotWhole,
		"1,2 users":               NumberForm,
		"1,2k users":              NumberForm,
		"1,20,000 users":          NumberForm,
		"1.2.3 users":             NumberForm,
		"12,5%":                   NumberForm,
		"12k%":                    NumberForm,
		"12%-15 users":            NumberForm,
		"9999999999999999m users": NumberForm,
		"about 5-2 users":         RangeOrder,
	} {
		l := Normalise(raw)
		got, rest, err := Impact(l)
		p, ok := ProblemOf(err)
		if !ok || p.Code != want || got != (Quantity{}) || rest.Text() != l.Text() {
			t.Errorf("Impact(%q) = %+v, %q, %+v, want %s", raw, got, rest.Text(), p, want)
			continue
		}
		if !strings.Contains(p.Sentence, p.Typed) || !strings.Contains(p.Sentence, "`") || len(p.Try) == 0 {
			t.Errorf("the sentence for %q does not help: %s", raw, p.Sentence)
		}
	}
}

func TestImpactProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.IntRange(0, 999_999).Draw(t, "low")
		high := rapid.IntRange(low, 1_000_000).Draw(t, "high")
		unit := rapid.SampledFrom(Units).Draw(t, "unit")
		for _, typed := range []string{
			fmt.Sprintf("%d-%d %s x", low, high, unit),
			fmt.Sprintf("%d.%03d-%d.%03dk %s x", low/1000, low%1000, high/1000, high%1000, unit),
		} {
			got, rest, err := Impact(Typed(typed))
			if unit == percent && strings.Contains(typed, "k") {
				if _, ok := ProblemOf(err); !ok {
					t.Fatalf("Impact(%q) = %+v, %v", typed, got, err)
				}
				continue
			}
			if want := (Quantity{float64(low), float64(high), unit, false}); err != nil || got != want || rest.Text() != "x" {
				t.Fatalf("Impact(%q) = %+v, %q, %v", typed, got, rest.Text(), err)
			}
		}
	})
}

func FuzzImpact(f *testing.F) {
	for _, seed := range []string{"about 2-5k users x", "12%", "1,200 orders", "3.4m users", "1.200 users", "5-2 users", "~1 %"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		l := Normalise(raw)
		q, rest, err := Impact(l)
		p, refused := ProblemOf(err)
		switch {
		case !strings.HasSuffix(l.Text(), rest.Text()):
			t.Fatalf("after %q comes %q", l.Text(), rest.Text())
		case (q == Quantity{}) != (rest.Text() == l.Text()):
			t.Fatalf("%q is %+v and leaves %q", l.Text(), q, rest.Text())
		case refused && (q != Quantity{} || p.Sentence == ""):
			t.Fatalf("%q is %+v and refused: %+v", l.Text(), q, p)
		case q != Quantity{} && (!slices.Contains(Units, q.Unit) || q.Low > q.High || q.Low < 0 || q.High > largest):
			t.Fatalf("%q is %+v", l.Text(), q)
		case q.Unit != percent && (q.Low != math.Trunc(q.Low) || q.High != math.Trunc(q.High)):
			t.Fatalf("%q is %+v", l.Text(), q)
		}
	})
}
