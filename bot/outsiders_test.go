package bot_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// outsiders are the people who are no full members of the workspace.
func (w *world) outsiders() {
	w.t.Helper()
	w.write(func(tx *storage.Tx) error {
		for _, p := range []storage.Person{
			{SlackID: "U20", TeamID: "T1", Name: "guest", Guest: true},
			{SlackID: "U21", TeamID: "T2", Name: "connected"},
			{SlackID: "U22", TeamID: "T2", Name: "elsewhere", Guest: true},
		} {
			if _, err := tx.UpsertPerson(p); err != nil {
				return err
			}
		}
		return nil
	})
}

// comesIn is Slack's word that somebody came into a channel.
func (w *world) comesIn(user, channel string) {
	w.t.Helper()
	if err := w.bot.Observe(w.t.Context(), bot.Happening{Type: "member_joined_channel", Team: "T1", User: user, Channel: channel}); err != nil {
		w.t.Fatal(err)
	}
}

// Guests, people of another workspace (who are here through Slack Connect), people
// who left and people whom nobody knows: what each sees and may do, in a channel
// that they were let into and beside it.
func TestWhoIsNoFullMember(t *testing.T) {
	const (
		inside = iota // may do what insiders may
		beside        // sees nothing
		nobody        // is refused everything
	)
	for name, c := range map[string]struct {
		user string
		in   bool
		may  int
	}{
		"a guest in the channel":                       {"U20", true, inside},
		"a guest beside it":                            {"U20", false, beside},
		"somebody of another workspace in the channel": {"U21", true, inside},
		"somebody of another workspace beside it":      {"U21", false, beside},
		"another workspace's guest in the channel":     {"U22", true, inside},
		"another workspace's guest beside it":          {"U22", false, beside},
		"somebody who left, once in the channel":       {"U5", true, nobody},
		"somebody who left":                            {"U5", false, nobody},
		"somebody unknown":                             {"U99", false, nobody},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.outsiders()
			inc := w.open("U1", "open Vault is open", "C1")
			w.does("U1", "C1", "service vault bleeding")
			hidden := w.open("U1", "open private Payroll leak", "C2")
			if c.in {
				w.comesIn(c.user, "C1")
			}
			before := w.incident(inc.ID).Head
			for _, line := range []string{
				"open Two", "open private Two", "drill Two", "page <@U2>", "page vault", "rollback vault", "rollback vault done", "list", "list all",
				"overdue", "rfo publish", "rfo approve", "rfo waive L12 it is a quotation", "private", "follow cart",
			} {
				if a := w.says(c.user, "C1", line); a.Kind != bot.Refused || len(a.Buttons) > 0 || strings.Contains(a.Text, "Vault") || strings.Contains(a.Text, "Payroll") {
					t.Errorf("%q is answered (%s): %s", line, a.Kind, a.Text)
				}
			}
			if after := w.incident(inc.ID).Head; after != before {
				t.Errorf("the log went from %d to %d", before, after)
			}
			sees := c.may == inside
			for _, line := range []string{"status", "INC-1 status", "timeline", "tasks", "services"} {
				a := w.says(c.user, "C1", line)
				if (a.Kind == bot.Shown) != sees || !sees && strings.Contains(a.Text, "Vault") {
					t.Errorf("%q is answered (%s): %s", line, a.Kind, a.Text)
				}
			}
			for _, line := range []string{"note the vault answers", "task look again", "lead me"} {
				if a := w.says(c.user, "C1", line); (a.Kind == bot.Done) != sees {
					t.Errorf("%q is answered (%s): %s", line, a.Kind, a.Text)
				}
			}
			unknown := w.says(c.user, "C-general", "INC-77 status")
			if a := w.says(c.user, "C-general", "INC-2 status"); a.Kind != bot.Refused || strings.ReplaceAll(a.Text, "INC-2", "INC-77") != unknown.Text {
				t.Errorf("of the private one they read %q, of none %q", a.Text, unknown.Text)
			}
			if head := w.incident(hidden.ID).Head; head != hidden.Head {
				t.Errorf("the private one went from %d to %d", hidden.Head, head)
			}
		})
	}
}

// What a channel shows ends with being in it.
func TestAGuestWhoLeavesTheChannelSeesNothingMore(t *testing.T) {
	w := newWorld(t)
	w.outsiders()
	w.open("U1", "open Vault is open", "C1")
	w.comesIn("U21", "C1")
	mustSay(t, w.says("U21", "C1", "status"), bot.Shown, "Vault")
	if err := w.bot.Observe(t.Context(), bot.Happening{Type: "member_left_channel", Team: "T2", User: "U21", Channel: "C1"}); err != nil {
		t.Fatal(err)
	}
	if a := w.says("U21", "C1", "status"); a.Kind != bot.Refused || strings.Contains(a.Text, "Vault") {
		t.Errorf("answered (%s): %s", a.Kind, a.Text)
	}
}

// Nobody is given work who cannot do it.
func TestWhoIsGivenNoWork(t *testing.T) {
	w := newWorld(t)
	inc := w.open("U1", "open One", "C1")
	w.does("U1", "C1", "resolve")
	w.does("U1", "C1", "reopen it is back")
	before := w.incident(inc.ID).Head
	for _, verb := range []string{"lead %", "handover %", "task % look at the queue", "task assign T1 %", "invite %", "action % by friday alert; done when it rings", "rfo owner %", "customer Acme told by %"} {
		for who, says := range map[string]string{"<@U5>": "deactivated", "<@U99>": "does not know this person"} {
			line := strings.Replace(verb, "%", who, 1)
			mustSay(t, w.says("U1", "C1", line), bot.Refused, says)
		}
	}
	if after := w.incident(inc.ID).Head; after != before {
		t.Errorf("the log went from %d to %d", before, after)
	}
	if got := w.incident(inc.ID).Leadership.Named; got != incident.System {
		t.Errorf("%s is asked to lead", got)
	}
}
