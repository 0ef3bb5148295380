package incident_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
)

func TestTermsAreWhatATextIsFoundBy(t *testing.T) {
	for text, want := range map[string]string{
		"The payments API is down!":        "payment api down",
		"checkout-api: 5xx, AGAIN (api)":   "checkout api 5xx",
		"Zahlung für Überweisungen stockt": "zahlung für überweisungen stockt",
		"status of the bus, less glass":    "status bus less glass",
		"is it not":                        "",
		strings.Repeat("x", 90) + " word":  "word",
	} {
		got := incident.Terms(text)
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
		if again := incident.Terms(strings.Join(got, " ")); !slices.Equal(again, got) {
			t.Errorf("%q: the terms of terms are %q", text, again)
		}
	}
	if n := len(incident.Terms(strings.Join(many(500), " "))); n != 200 {
		t.Errorf("%d terms are kept", n)
	}
}

func many(n int) []string {
	words := make([]string, n)
	for i := range words {
		words[i] = "w" + strings.Repeat("a", i%26+1) + string(rune('b'+i/26))
	}
	return words
}

func TestOnlyGoodMatchesCount(t *testing.T) {
	title := func(s string, services ...string) incident.Wording {
		return incident.Wording{Title: s, Services: services}
	}
	class := func(title, class string) incident.Wording { return incident.Wording{Title: title, Class: class} }
	for _, c := range []struct {
		a, b incident.Wording
		want bool
	}{
		{title("Checkout is down"), title("checkout is slow"), true},
		{title("Checkout is down"), title("Search is down"), false},
		{title("Everything is down"), title("Down"), false},
		{title("the cart is empty"), title("the cart is full"), false},
		{title("the cart is empty", "cart"), title("the cart is full", "cart"), true},
		{title("the cart is empty", "cart"), title("prices are wrong", "cart"), false},
		{title("Card payments fail at the till"), title("Card payment fails for tills"), true},
		{title(""), title(""), false},
		{class("Checkout is down", "A limit that is shared, and set in each of its users."), class("Mails are late", "shared limit"), true},
		{class("Checkout is down", "expired certificate"), class("Mails are late", "certificate without an owner"), false},
		{title("database connection pool is exhausted"), incident.Wording{Title: "Checkout is down", Cause: "The pool asked the database for more connections than its limit until it was exhausted."}, true},
		{title("database is read only"), incident.Wording{Title: "Checkout is down", Cause: "The pool asked the database for more connections than its limit."}, false},
	} {
		for _, pair := range [][2]incident.Wording{{c.a, c.b}, {c.b, c.a}} {
			if score := pair[0].Likeness(pair[1]); (score >= incident.AlikeFrom) != c.want || score < 0 || score > 1 {
				t.Errorf("%+v and %+v: %.2f, alike should be %v", pair[0], pair[1], score, c.want)
			}
		}
	}
}

func TestQueriesAreBounded(t *testing.T) {
	w := incident.Wording{Title: strings.Join(many(60), " "), Class: "down error"}
	if q := w.Query(); len(q) != incident.QueryLimit || slices.Contains(q, "down") {
		t.Errorf("%q", q)
	}
	if q := (incident.Wording{Title: "everything is down"}).Query(); !slices.Equal(q, []string{"everything"}) {
		t.Errorf("%q", q)
	}
}
