package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
)

// home is what somebody's App Home says.
func (w *world) home(user string) (text string, h bot.Home) {
	w.t.Helper()
	h, err := w.bot.Home(w.t.Context(), user)
	if err != nil {
		w.t.Fatal(err)
	}
	var out strings.Builder
	for _, p := range h.Parts {
		fmt.Fprintln(&out, p.Title, p.More)
		for _, l := range p.Lines {
			fmt.Fprintf(&out, "%s [%s] %s\n", l.Text, l.Button, l.Line)
		}
	}
	if strings.Contains(out.String(), "[home.") {
		w.t.Errorf("a text is missing: %s", out.String())
	}
	return out.String(), h
}

func TestHomeShowsWhatOneMaySeeAndWhatIsOnesOwn(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open checkout is &lt;b&gt; down", "C-7")
	w.does("U1", "C-7", "task <@U2> look at the queue")
	w.does("U1", "C-7", "action <@U2> by 2026-03-20 alert on the age")
	w.open("U1", "open private layoffs", "C-8")
	text, _ := w.home("U2")
	for _, want := range []string{"*INC-1*", "&lt;b&gt;", "look at the queue [Done] task done T4", "alert on the age", "[Open an incident] open"} {
		if !strings.Contains(text, want) {
			t.Errorf("bea's home lacks %q: %s", want, text)
		}
	}
	if strings.Contains(text, "layoffs") {
		t.Errorf("bea's home shows what is hidden: %s", text)
	}
	for _, user := range []string{"U4", "U5", "U99"} { // a guest, somebody who left, somebody unknown
		if text, _ := w.home(user); strings.Contains(text, "INC-") {
			t.Errorf("%s sees %s", user, text)
		}
	}
	w.clock.Advance(30 * 24 * time.Hour)
	if text, _ := w.home("U2"); !strings.Contains(text, "overdue") {
		t.Errorf("an action that is overdue reads %s", text)
	}
	w.does("U1", "C-7", "cancel a test")
	if text, _ := w.home("U2"); strings.Contains(text, "look at the queue") || !strings.Contains(text, "alert on the age") {
		t.Errorf("of an incident that is over remains %s", text)
	}
}

func TestALongHomeSaysWhatIsLeftOut(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open checkout is down", "C-7")
	for n := range 30 {
		w.does("U1", "C-7", fmt.Sprintf("task <@U2> thing%d with number%d of kind%d", n, n, n))
	}
	text, h := w.home("U2")
	if n := len(h.Parts[1].Lines); n != 20 || !strings.Contains(h.Parts[1].More, "10 more") {
		t.Errorf("%d tasks and %q are shown: %s", n, h.Parts[1].More, text)
	}
}

func TestWhoLooksAtTheirHome(t *testing.T) {
	w := newWorld(t)
	see := func(user string) {
		t.Helper()
		err := w.bot.Observe(t.Context(), bot.Happening{
			Delivery: bot.Delivery{Source: "slack.event", ID: fmt.Sprint(w.last.Add(1))}, Type: "app_home_opened", User: user,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	see("U1")
	see("U2")
	w.clock.Advance(20 * time.Hour)
	see("U2")
	if users, err := w.bot.Viewers(t.Context()); err != nil || len(users) != 2 {
		t.Errorf("%v %v", users, err)
	}
	w.clock.Advance(5 * time.Hour)
	if users, err := w.bot.Viewers(t.Context()); err != nil || len(users) != 1 || users[0] != "U2" {
		t.Errorf("%v %v", users, err)
	}
	before := w.bot.Changes()
	w.says("U1", "C-general", "list")
	if w.bot.Changes() != before {
		t.Error("looking counts as a change")
	}
	w.does("U1", "C-general", "open checkout is down")
	if w.bot.Changes() == before {
		t.Error("a change does not count")
	}
}
