package bot_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// saysFor is what somebody of some workspace says, anywhere, asked for confirmation
// already: nobody is asked about what they may not see.
func (w *world) saysFor(team, user, channel, text string) bot.Answer {
	w.t.Helper()
	return w.bot.Handle(w.t.Context(), bot.Request{
		Delivery: bot.Delivery{Source: "test", ID: fmt.Sprint(w.last.Add(1))}, Confirmed: true,
		From: bot.From{Team: team, User: user, Channel: channel}, Surface: "slash", Text: text,
	})
}

// read is all that somebody reads of an answer, with the keys made equal.
func read(a bot.Answer) string {
	all := []string{string(a.Kind), a.Text, fmt.Sprint(a.Fields)}
	if a.About != nil {
		all = append(all, a.About.Key, a.About.Call)
	}
	for _, b := range a.Buttons {
		all = append(all, b.Label, b.URL)
	}
	return strings.ReplaceAll(strings.Join(all, "\n"), "INC-99", "INC-1")
}

// ofNoIncident are commands that change something of no incident, so that the second
// answer differs from the first whatever stands in front.
var ofNoIncident = []string{"open", "drill", "follow_service", "unfollow_service"}

// TestEveryCommandHidesAPrivateIncident types every form of every row of the table
// at a private incident and at none, as everybody who may not see it: the answers
// are the same, to the byte. The member's answers differ, or the test sees nothing.
func TestEveryCommandHidesAPrivateIncident(t *testing.T) {
	t.Parallel()
	const title = "Kanarienvogel"
	w := newLinkWorld(t)
	w.write(func(tx *storage.Tx) error {
		_, err := tx.UpsertPerson(storage.Person{SlackID: "U7", TeamID: "T2", Name: "alien"})
		return err
	})
	hidden := w.open("U1", "open private service checkout "+title, "C1")
	w.open("U3", "open Something that all see", "C2")
	for _, line := range []string{
		"invite <@U2> <@U4>", "task <@U2> feed the " + title, "action <@U2> by 2w " + title, "decide " + title, "update " + title,
		"deadlock " + title, "customer " + title, "alarm", "note " + title,
	} {
		w.says("U1", "C1", line)
	}
	w.write(func(tx *storage.Tx) error { // bea was in it, and has left
		p, err := tx.PersonBySlack("U2")
		if err == nil {
			err = tx.RemoveMember(hidden.ID, p.ID)
		}
		return err
	})
	people := []struct{ who, team, user string }{
		{"outsider", "T1", "U3"},
		{"ex-member", "T1", "U2"},
		{"ex-member who was guest", "T1", "U4"},
		{"deactivated", "T1", "U5"},
		{"other workspace", "T2", "U7"},
		{"other workspace, member's id", "T2", "U3"},
		{"unknown", "T1", "U404"},
	}
	w.write(func(tx *storage.Tx) error {
		p, err := tx.PersonBySlack("U4")
		if err == nil {
			err = tx.RemoveMember(hidden.ID, p.ID)
		}
		return err
	})
	head, lines := w.incident(hidden.ID).Head, 0
	for n, form := range bot.Ways() {
		line := form.Typed("words")
		for m, p := range people {
			lines++
			at, none := read(w.saysFor(p.team, p.user, "C-general", "INC-1 "+line)), read(w.saysFor(p.team, p.user, "C-general", "INC-99 "+line))
			if at != none && !slices.Contains(ofNoIncident, form.Stem) {
				t.Errorf("%s, %q: hidden is\n%s\nunknown is\n%s", p.who, line, at, none)
			}
			if strings.Contains(at+none, title) {
				t.Errorf("%s reads of it by %q: %s", p.who, line, at)
			}
			if os.Getenv("ROLLCALL_THREAT") != "full" && (n+m)%len(people) != 0 {
				continue // each form by one of them, each of them by many forms
			}
			// As the object of a command on one that they see, and without any key.
			for _, other := range []string{line + " INC-1", "INC-2 " + line + " INC-1", line} {
				if a := read(w.saysFor(p.team, p.user, "", other)); strings.Contains(a, title) {
					t.Errorf("%s reads of it by %q: %s", p.who, other, a)
				}
			}
		}
	}
	if now := w.incident(hidden.ID); now.Head != head {
		t.Errorf("somebody outside changed it: %d events, then %d", head, now.Head)
	}
	if own := read(w.saysFor("T1", "U1", "", "INC-1 status")); !strings.Contains(own, title) {
		t.Errorf("its member reads %s", own)
	}
	if len(bot.Ways()) < 100 {
		t.Errorf("only %d forms: the test does not see the table", len(bot.Ways()))
	}
	t.Logf("%d forms x %d people, %d lines", len(bot.Ways()), len(people), lines)
}

// literals are what Slack would act on, and what hides what is read.
var literals = []string{
	"<!channel>", "<!here|x>", "<@U1>", "<http://x|y>", "<#C1|one>", "&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;", "<mailto:a@b.c|d>",
	"\u202e!channel\u202c", "<\u200b!channel>", "`````<!channel>`````", "*_~`<!everyone>`~_*", "<<!channel>>", "<!subteam^S1|@all>", "<!date^1^{date}^http://x|y>",
}

// TestEveryCommandKeepsTextText types every form that takes words, with each literal
// as its words, as Slack escapes what people type and as it never would.
func TestEveryCommandKeepsTextText(t *testing.T) {
	t.Parallel()
	kinds, forms, lines := map[bot.Kind]int{}, 0, 0
	for n, literal := range literals {
		w := newWorld(t)
		w.open("U1", "open One", "C1")
		w.open("U2", "open Two", "C2")
		for _, first := range []string{"deadlock what now", "lead me", "task <@U2> look", "action <@U2> by 2w alert; done when it rings"} {
			w.does("U1", "C1", first)
		}
		for _, form := range bot.Ways() {
			if !form.TakesText() {
				continue
			}
			forms++
			w.clock.Advance(time.Second)
			for m, text := range []string{literal, "so " + literal + " it is", incident.PersonMark("x") + literal} {
				if os.Getenv("ROLLCALL_THREAT") != "full" && (n+forms)%3 != m {
					continue
				}
				lines++
				line := form.Typed(text)
				a := w.saysFor("T1", "U1", "C1", line)
				kinds[a.Kind]++
				checkAnswer(t, line, a, true)
				for _, b := range a.Buttons {
					if len(b.Label) > 0 && alive.MatchString(b.URL) {
						t.Errorf("%q offers %q", line, b.URL)
					}
				}
			}
			w.says("U1", "C1", "INC-1 reopen again")
		}
		for _, show := range []string{"timeline", "tasks", "actions", "status", "services", "customers", "rfo", "rfo check", "rfo diff", "brief", "list", "overdue"} {
			checkAnswer(t, show, w.says("U1", "C1", show), true)
		}
	}
	for kind, least := range map[bot.Kind]int{bot.Done: 200, bot.Refused: 20} {
		if kinds[kind] < least {
			t.Errorf("%d lines were answered as %s: the test does not reach what it tests", kinds[kind], kind)
		}
	}
	t.Logf("%d literals, %d lines: %v", len(literals), lines, kinds)
}
