package bot_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/storage"
)

// aSecret is what a test's links end in.
const aSecret = "5ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2"

var linked = regexp.MustCompile(`https://rollcall\.example\.org/incidents/(INC-\d+)#([0-9a-f]{64})`)

func newLinkWorld(t *testing.T) *world {
	w := newWorld(t)
	w.bot.OfferLinks(bot.Links{Base: "https://rollcall.example.org", Secret: func() string { return aSecret }, Life: 24 * time.Hour})
	return w
}

// pass is the link that is stored for a secret.
func (w *world) pass(secret string) (p storage.Pass, ok bool) {
	w.t.Helper()
	err := w.store.Read(w.t.Context(), func(r *storage.Reader) (err error) {
		p, err = r.Pass(storage.LinkPass, storage.PassKey(secret))
		return err
	})
	if err != nil && !storage.IsNotFound(err) {
		w.t.Fatal(err)
	}
	return p, err == nil
}

func TestALinkIsForWhoeverAskedAndIsNoEvent(t *testing.T) {
	w := newLinkWorld(t)
	inc := w.open("U1", "open checkout is down", "C1")
	head := w.incident(inc.ID).Head
	a := w.says("U2", "C1", "link")
	if a.Kind != bot.Shown || !linked.MatchString(a.Text) || strings.Contains(a.Text, "checkout") {
		t.Fatalf("%s: %s", a.Kind, a.Text)
	}
	p, ok := w.pass(aSecret)
	if !ok || p.Incident != inc.ID || !p.Expires.Equal(start.Add(24*time.Hour)) {
		t.Fatalf("stored %+v, %v", p, ok)
	}
	_ = w.store.Read(t.Context(), func(r *storage.Reader) error {
		if who, err := r.Person(p.Person); err != nil || who.SlackID != "U2" {
			t.Errorf("it is %q's (%v)", who.SlackID, err)
		}
		return nil
	})
	if now := w.incident(inc.ID).Head; now != head {
		t.Errorf("the log grew from %d to %d", head, now)
	}
	w.does("U1", "C1", "resolve")
	if _, ok := w.pass(aSecret); ok {
		t.Error("the link outlives the incident")
	}
	w.does("U1", "C1", "reopen it is back")
	if _, ok := w.pass(aSecret); ok {
		t.Error("the link came back with the incident")
	}
}

func TestWhoGetsNoLink(t *testing.T) {
	w := newLinkWorld(t)
	w.open("U1", "open private Acme lost data", "C1")
	for who, want := range map[string]string{"U2": "INC-1", "U4": "INC-1"} {
		if a := w.says(who, "", "INC-1 link"); a.Kind != bot.Refused || linked.MatchString(a.Text) || strings.Contains(a.Text, "Acme") || !strings.Contains(a.Text, want) {
			t.Errorf("%s: %s: %s", who, a.Kind, a.Text)
		}
	}
	if a := w.says("U1", "C1", "link <@U2>"); a.Kind != bot.Refused || !strings.Contains(a.Text, "personal") {
		t.Errorf("somebody else's: %s", a.Text)
	}
	mention := bot.Request{
		Delivery: bot.Delivery{Source: "test", ID: "m1"}, From: bot.From{Team: "T1", User: "U1", Channel: "C1"}, Surface: "mention",
		Text: "link", ReplyTo: &bot.ReplyTo{Channel: "C1", User: "U1"},
	}
	if a := w.bot.Handle(t.Context(), mention); a.Kind != bot.Refused || !strings.Contains(a.Text, "/incident INC-1 link") {
		t.Errorf("an answer that is stored: %s", a.Text)
	}
	program := bot.Request{From: bot.From{Team: "T1", User: "U1"}, Surface: "api", Text: "INC-2 link"}
	w.open("U1", "open Checkout is down", "C2")
	if a := w.bot.Handle(t.Context(), program); a.Kind != bot.Refused || linked.MatchString(a.Text) {
		t.Errorf("to a program: %s", a.Text)
	}
	if a := w.says("U1", "C1", "link to the runbook is dead"); a.Kind != bot.Asked {
		t.Errorf("text: %s: %s", a.Kind, a.Text)
	}
	if _, ok := w.pass(aSecret); ok {
		t.Error("a link was stored all the same")
	}
	terminal := func(line string) bot.Answer {
		return w.bot.Handle(t.Context(), bot.Request{From: bot.From{User: "U1"}, Surface: "cli", Text: line})
	}
	if a := terminal("INC-1 link <@U2>"); a.Kind != bot.Refused || !strings.Contains(a.Text, "Bea may not see INC-1") {
		t.Errorf("for somebody who may not see it: %s", a.Text)
	}
	if a := terminal("INC-1 link <@U1>"); a.Kind != bot.Shown || !linked.MatchString(a.Text) {
		t.Errorf("from the terminal: %s: %s", a.Kind, a.Text)
	}
	w.does("U1", "C1", "resolve")
	if a := w.says("U1", "C1", "link"); a.Kind != bot.Refused || !strings.Contains(a.Text, "over") {
		t.Errorf("after the end: %s", a.Text)
	}
}

func TestTheLeaderHearsOfTheLink(t *testing.T) {
	w := newLinkWorld(t)
	w.open("U1", "open checkout is down", "C1")
	if a := w.does("U2", "C1", "lead me"); !strings.Contains(a.Text, "/incident INC-1 link") {
		t.Errorf("got %s", a.Text)
	}
	plain := newWorld(t)
	plain.open("U1", "open checkout is down", "C1")
	if a := plain.does("U2", "C1", "lead me"); strings.Contains(a.Text, "link") {
		t.Errorf("without pages: %s", a.Text)
	}
	if a := plain.says("U2", "C1", "link"); a.Kind != bot.Refused || !strings.Contains(a.Text, "ROLLCALL_PUBLIC_URL") {
		t.Errorf("without pages: %s", a.Text)
	}
}
