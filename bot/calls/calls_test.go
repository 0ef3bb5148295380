package calls_test

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot/calls"
)

func random() func() string {
	n := 0
	return func() string { n++; return "room" + strconv.Itoa(n) }
}

func chain(t *testing.T, settings ...string) calls.Chain {
	t.Helper()
	c, err := calls.New(settings, random())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryIncidentGetsARoomOfItsOwn(t *testing.T) {
	c := chain(t, "jitsi:https://meet.example.org/")
	one, err1 := c.Link(calls.Ask{})
	two, err2 := c.Link(calls.Ask{})
	if err1 != nil || err2 != nil || one.URL != "https://meet.example.org/rollcall-room1" || two.URL == one.URL {
		t.Fatalf("got %q and %q (%v, %v)", one.URL, two.URL, err1, err2)
	}
}

func TestAPrivateIncidentNeverGetsTheSharedRoom(t *testing.T) {
	c := chain(t, "static:https://meet.example.org/war-room", "jitsi:https://meet.example.org")
	open, err := c.Link(calls.Ask{})
	if err != nil || open.Provider != "static" {
		t.Fatalf("an open incident got %+v, %v", open, err)
	}
	private, err := c.Link(calls.Ask{Private: true})
	if err != nil || private.Provider != "jitsi" || len(private.Skipped) != 1 {
		t.Fatalf("a private incident got %+v, %v", private, err)
	}
	if _, err := chain(t, "static:https://meet.example.org/x").Link(calls.Ask{Private: true}); !errors.Is(err, calls.ErrNone) {
		t.Fatalf("without another provider: %v", err)
	}
}

func TestThePublicServerComesWithAWord(t *testing.T) {
	l, err := chain(t, "jitsi:https://meet.jit.si").Link(calls.Ask{})
	if err != nil || !strings.Contains(l.Hint, "sign in") {
		t.Fatalf("got %+v, %v", l, err)
	}
}

func TestOneProviderByName(t *testing.T) {
	c := chain(t, "static:https://a.example/x", "jitsi:https://b.example")
	if l, err := c.Named("Jitsi", calls.Ask{}); err != nil || !strings.HasPrefix(l.URL, "https://b.example/") {
		t.Fatalf("got %+v, %v", l, err)
	}
	if _, err := c.Named("zoom", calls.Ask{}); !errors.Is(err, calls.ErrNone) {
		t.Fatalf("got %v", err)
	}
}

func TestBadSettingsAreRefusedWithWhatToWrite(t *testing.T) {
	for _, s := range []string{"jitzi:https://x", "jitsi:", "jitsi:http://example.org", "static:javascript:alert(1)", "jitsi:https://u:p@x/"} {
		if _, err := calls.New([]string{s}, random()); err == nil || !strings.Contains(err.Error(), "https://") {
			t.Errorf("%s: %v", s, err)
		}
	}
	if _, err := calls.New([]string{"jitsi:http://127.0.0.1:8080"}, random()); err != nil {
		t.Errorf("the machine itself is refused: %v", err)
	}
}

func TestEveryKindIsMadeAsItsFormSays(t *testing.T) {
	doc, err := os.ReadFile("../../docs/calls.md")
	if err != nil {
		t.Fatal(err)
	}
	address := map[calls.Argument]string{calls.NoArgument: "", calls.BaseURL: ":https://meet.example.org", calls.URL: ":https://meet.example.org/room"}
	for _, k := range calls.Kinds() {
		c := chain(t, k.Name+address[k.Argument])
		if len(c) != 1 || c[0].Name() != k.Name || !strings.HasPrefix(k.Form(), k.Name) {
			t.Errorf("%+v makes %v", k, c.Names())
		}
		if !strings.Contains(string(doc), "| `"+k.Form()+"` |") {
			t.Errorf("docs/calls.md does not list %s", k.Form())
		}
		l, err := c.Link(calls.Ask{})
		if ahead := len(c.Ahead()) == 1; ahead == (err == nil) || ahead != (k.Host != "") || !ahead && !strings.HasPrefix(l.URL, "https://meet.example.org/") {
			t.Errorf("%s has the link %q and %v", k.Name, l.URL, err)
		}
	}
}
