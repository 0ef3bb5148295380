package bot_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// button finds a button by the beginning of its label.
func button(t *testing.T, a bot.Answer, label string) bot.Button {
	t.Helper()
	for _, b := range a.Buttons {
		if strings.HasPrefix(b.Label, label) {
			return b
		}
	}
	t.Fatalf("no button %q among %+v of %q", label, a.Buttons, a.Text)
	return bot.Button{}
}

func TestPeopleSurviveBeingAskedAbout(t *testing.T) {
	w := newWorld(t)
	one := w.open("U1", "open One", "C1")
	w.open("U1", "open Two", "C2")
	asked := w.says("U1", "C-general", "task <@U2|bea> look at the queue")
	mustSay(t, asked, bot.Asked, "@Bea")
	mustSay(t, w.press("U1", "C-general", button(t, asked, "INC-1")), bot.Done, "<@U2>")
	if task, _ := w.incident(one.ID).Board.Task(4); task.Text != "look at the queue" || task.Owner == incident.System {
		t.Fatalf("task %+v", task)
	}
	asked = w.says("U1", "C1", "taks <@U2|bea> read the log")
	mustSay(t, w.press("U1", "C1", button(t, asked, "Run")), bot.Done, "<@U2>")
	asked = w.says("U1", "C1", "status is with <@U2|bea>")
	mustSay(t, w.press("U1", "C1", button(t, asked, "Note")), bot.Done, "@Bea")
	asked = w.says("U1", "C1", "<@U2|bea> looks at it")
	mustSay(t, asked, bot.Asked, "does not begin with a command")
	mustSay(t, w.press("U1", "C1", button(t, asked, "Note")), bot.Done, "@Bea looks at it")
}

func TestADrillStaysADrillWhenAskedAbout(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open One", "C1")
	asked := w.says("U1", "C1", "drill the pager rotation")
	mustSay(t, w.press("U1", "C1", button(t, asked, "Open a drill")), bot.Done, "INC-2", "Drill, nothing is broken")
}

func TestAKeyBehindTheVerbIsAskedAbout(t *testing.T) {
	w := newWorld(t)
	one := w.open("U1", "open One", "C1")
	two := w.open("U1", "open Two", "C2")
	for _, line := range []string{"resolve INC-2", "mitigated inc-2", "cancel INC-2", "status INC-2", "note INC-2"} {
		a := w.says("U1", "C1", line)
		mustSay(t, a, bot.Asked, "INC-2")
	}
	if s := w.incident(one.ID).Life.Status; s != incident.Open {
		t.Fatalf("INC-1 is %s", s)
	}
	mustSay(t, w.press("U1", "C1", button(t, w.says("U1", "C1", "resolve INC-2"), "Run")), bot.Done, "INC-2")
	if s := w.incident(two.ID).Life.Status; s != incident.Resolved {
		t.Fatalf("INC-2 is %s", s)
	}
	asked := w.says("U1", "C1", "note INC-2")
	mustSay(t, w.press("U1", "C1", button(t, asked, "“INC-2”")), bot.Done, "Noted on INC-1")
	mustSay(t, w.press("U1", "C-general", button(t, w.says("U1", "C-general", "open INC-2"), "Run")), bot.Shown, "Two")
	w.does("U1", "C1", "note INC-2 is the same")
}

func TestMergeIsRefusedBeforeItIsAskedAbout(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open One", "C1")
	w.open("U1", "open Two", "C2")
	w.open("U1", "drill Three", "C3")
	mustSay(t, w.says("U1", "C1", "merge INC-1"), bot.Refused, "itself")
	mustSay(t, w.says("U1", "C1", "merge INC-3"), bot.Refused, "drill")
	asked := w.says("U1", "C1", "merge INC-2")
	mustSay(t, asked, bot.Asked, "INC-2")
	mustSay(t, w.press("U1", "C1", asked.Buttons[0]), bot.Done, "INC-2")
	mustSay(t, w.says("U1", "C2", "merge INC-1"), bot.Refused, "INC-1 is merged")
	mustSay(t, w.says("U1", "C1", "task look there"), bot.Refused, "goes on in INC-2")
}

func TestASecondOpeningOffersToMerge(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open One", "C1")
	a := w.does("U2", "C-general", "open Two")
	mustSay(t, a, bot.Done, "INC-2", "https://", "nobody paged")
	asked := w.press("U2", "C-general", button(t, a, "Same as INC-1? Merge"))
	mustSay(t, asked, bot.Asked, "INC-2 into INC-1")
	mustSay(t, w.press("U2", "C-general", asked.Buttons[0]), bot.Done, "INC-2 goes on in INC-1")
	mustSay(t, w.press("U2", "C-general", button(t, a, "Whom")), bot.Shown)
}

func TestAPastTenseElsewhereOffersANote(t *testing.T) {
	w := newWorld(t)
	mustSay(t, w.says("U1", "C-general", "paged bea"), bot.Asked)
	w.open("U1", "open One", "C1")
	a := w.says("U1", "C-general", "called the bank")
	mustSay(t, w.press("U1", "C-general", button(t, a, "Note")), bot.Done, "Noted on INC-1")
}

func TestAnActionHasOnePerson(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open One", "C1")
	mustSay(t, w.says("U1", "C1", "action <@U2> <@U3> by friday alert"), bot.Refused, "exactly one person")
}

func TestGuestsListAndPageNothing(t *testing.T) {
	w := newWorld(t)
	inc := w.open("U1", "open One", "C1")
	w.does("U1", "C1", "invite <@U4>")
	mustSay(t, w.says("U4", "C1", "status"), bot.Shown, "One")
	for _, line := range []string{"list", "list all", "overdue", "page <@U2>", "open Two", "rollback checkout", "rfo publish"} {
		mustSay(t, w.says("U4", "C1", line), bot.Refused, "full members")
	}
	w.does("U4", "C1", "note the shop answers again")
	if got := len(w.incident(inc.ID).Board.Services); got != 0 {
		t.Fatalf("%d services", got)
	}
}

// Whoever types in an incident's channel without being known to be in it must not
// reach another incident with it.
func TestWordsInAHiddenChannelReachNoOtherIncident(t *testing.T) {
	w := newWorld(t)
	public := w.open("U2", "open Public", "C1")
	w.open("U1", "open private Payroll leak", "C2")
	before := w.incident(public.ID).Head
	for _, line := range []string{"note the salaries are on the share", "task rotate the key", "resolve", "status"} {
		a := w.says("U2", "C2", line)
		mustSay(t, a, bot.Refused)
		if strings.Contains(a.Text, "Payroll") || strings.Contains(a.Text, "INC-") {
			t.Errorf("%q was answered %q", line, a.Text)
		}
	}
	if after := w.incident(public.ID).Head; after != before {
		t.Fatalf("the public incident went from %d to %d", before, after)
	}
}

func TestSomebodyUnknownWhoJoinsIsAGuestUntilSlackSaysMore(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open One", "C1")
	if err := w.bot.Observe(t.Context(), bot.Happening{
		Delivery: bot.Delivery{Source: "slack.event", ID: "Ev1"}, Type: "member_joined_channel", Team: "T1", User: "U77", Channel: "C1",
	}); err != nil {
		t.Fatal(err)
	}
	mustSay(t, w.says("U77", "C1", "status"), bot.Shown, "One")
	mustSay(t, w.says("U77", "C1", "open Two"), bot.Refused, "full members")
	w.write(func(tx *storage.Tx) error {
		_, err := tx.UpsertPerson(storage.Person{SlackID: "U77", TeamID: "T1", Name: "finn"})
		return err
	})
	w.does("U77", "C-general", "open Two")
}

func TestAnUndoLosesNobodyElsesWords(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open One", "C1")
	w.does("U1", "C1", "note the queue grew")
	w.does("U2", "C1", "timeline edit E6 the queue grew to 10,000")
	mustSay(t, w.says("U1", "C1", "undo"), bot.Refused, "<@U2>")
	w.does("U2", "C1", "undo")
	w.does("U1", "C1", "undo")
}

func TestATaskCalledLikeASubVerbIsAskedAbout(t *testing.T) {
	w := newWorld(t)
	inc := w.open("U1", "open One", "C1")
	asked := w.says("U1", "C1", "task t2 done")
	mustSay(t, asked, bot.Asked, "task done T2")
	mustSay(t, w.press("U1", "C1", button(t, asked, "Run")), bot.Done, "T2")
	if task, _ := w.incident(inc.ID).Board.Task(2); task.State != incident.TaskDone {
		t.Fatalf("T2 is %s", task.State)
	}
	mustSay(t, w.press("U1", "C1", button(t, asked, "“t2 done”")), bot.Done, "T4")
	w.does("U1", "C1", "task T9 done is a label of the rack")
}

func TestAHeldUpdateIsEdited(t *testing.T) {
	w := newWorld(t)
	inc := w.open("U1", "open One", "C1")
	held := w.does("U1", "C1", "update All is wel")
	mustSay(t, w.press("U1", "C1", button(t, held, "Edit")), bot.Done, "All is wel", "`update edit E6 TEXT`")
	if got := len(w.incident(inc.ID).Log.Held()); got != 0 {
		t.Fatalf("%d updates are held", got)
	}
	mustSay(t, w.says("U1", "C1", "update edit E6 All is well"), bot.Done, "goes out in", "All is well")
	mustSay(t, w.says("U1", "C1", "update edit E6"), bot.Refused, "was stopped")
}

func TestAServiceNamedTwiceAtOpeningIsOneService(t *testing.T) {
	w := newWorld(t)
	inc := w.open("U1", "open service cart service CART Slow", "C1")
	if got := len(inc.Board.Services); got != 1 || inc.Identity.Title != "Slow" {
		t.Fatalf("%d services, title %q", got, inc.Identity.Title)
	}
	mustSay(t, w.says("U1", "C-general", "open service "+strings.Repeat("x", 101)+" Slow"), bot.Refused, "one word")
}
