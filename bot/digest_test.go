package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// digest is what the weekly digest says; "" for nothing.
func (w *world) digest() string {
	w.t.Helper()
	text, ok, err := w.bot.Digest(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	if !ok {
		return ""
	}
	var out string
	err = w.store.Read(w.t.Context(), func(r *storage.Reader) error {
		out = w.bot.Book.Text(text, say.Plain{Who: bot.Names(r)})
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.ReplaceAll(out, "*", "")
}

// owed is a policy by which an RFO is owed.
func owed(p *incident.Policy) {
	p.Severities[2] = incident.SeverityPolicy{RFOWithin: 5 * 24 * time.Hour}
}

func TestTheDigestCountsAndSaysWhoOwesWhat(t *testing.T) {
	w := newWorld(t, owed)
	if got := w.digest(); got != "" {
		t.Errorf("with nothing open it says %q", got)
	}
	w.open("U1", "open checkout is down", "C-7")
	for _, line := range []string{
		"action <@U2> by 2026-03-10 alert on the age", "action <@U2> by 2026-06-01 limit the queue", "action <@U1> by 2026-03-11 test the rollback",
		"action escalate A2 <@U1> 2026-06-02", "action escalate A3 <@U2> 2026-03-12", "resolve",
	} {
		w.does("U1", "C-7", line)
	}
	w.open("U1", "open private layoffs", "C-8")
	w.does("U1", "C-8", "action <@U2> by 2026-03-10 say nothing")
	w.open("U1", "drill fire", "C-9")
	w.does("U1", "C-9", "action <@U2> by 2026-03-10 buy an extinguisher")
	w.clock.Advance(30 * 24 * time.Hour)
	got := w.digest()
	for _, want := range []string{
		"3 actions, 2 overdue, 2 escalated; 1 RFO is owed.", "INC-1 A1: Bea, overdue since 2026-03-10", "INC-1 A3: Bea, overdue since 2026-03-12, escalated",
		"INC-1 A2: Ana, by 2026-06-02, escalated", "RFO of INC-1: Ana",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in:\n%s", want, got)
		}
	}
	for _, hidden := range []string{"INC-2", "INC-3", "alert on the age", "layoffs"} {
		if strings.Contains(got, hidden) {
			t.Errorf("it tells of %s:\n%s", hidden, got)
		}
	}
}

func TestADigestNamesTheFirstOfALongList(t *testing.T) {
	w := newWorld(t)
	for n := range 6 {
		channel := fmt.Sprint("C-", n+7)
		w.open("U1", fmt.Sprint("open outage of shop ", n), channel)
		for range 3 {
			w.does("U1", channel, "action <@U2> by 2026-03-10 do it")
		}
	}
	w.clock.Advance(30 * 24 * time.Hour)
	if got := w.digest(); strings.Count(got, "INC-") != 15+1 || !strings.Contains(got, "… and 3 more") {
		t.Errorf("it says\n%s", got)
	}
}
