package bot_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
)

func mustSay(t *testing.T, a bot.Answer, kind bot.Kind, parts ...string) {
	t.Helper()
	if a.Kind != kind {
		t.Errorf("kind %s, not %s: %s", a.Kind, kind, a.Text)
	}
	for _, p := range parts {
		if !strings.Contains(a.Text, p) {
			t.Errorf("%q does not say %q", a.Text, p)
		}
	}
	if strings.Contains(a.Text, "<no value>") || strings.Contains(a.Text, "[") && strings.Contains(a.Text, ".]") {
		t.Errorf("a text is broken: %q", a.Text)
	}
}

func TestTheAnswerToOpenHasKeyAndCallLink(t *testing.T) {
	w := newWorld(t)
	a := w.does("U1", "C-general", "open sev1 Checkout is down")
	mustSay(t, a, bot.Done, "INC-1", "https://meet.example.org/all", "cancel")
}

func TestOptionsOnlyInFront(t *testing.T) {
	for line, want := range map[string]struct {
		title    string
		severity int
		private  bool
	}{
		"open sev1 Checkout is down":          {"Checkout is down", 1, false},
		"open Checkout is sev1":               {"Checkout is sev1", 2, false},
		"open private sev3 Payroll leak":      {"Payroll leak", 3, true},
		"open -- private bank is down":        {"private bank is down", 2, false},
		`open "sev1 is a bad name"`:           {"sev1 is a bad name", 2, false},
		"declare SEV2 Mail":                   {"Mail", 2, false},
		"open sev1 service checkout-api Slow": {"Slow", 1, false},
		"opened Search is slow":               {"Search is slow", 2, false},
	} {
		t.Run(line, func(t *testing.T) {
			w := newWorld(t)
			inc := w.open("U1", line, "C1")
			if inc.Identity.Title != want.title || inc.Life.Severity != want.severity || inc.Identity.Private != want.private {
				t.Fatalf("opened %q sev%d private %v", inc.Identity.Title, inc.Life.Severity, inc.Identity.Private)
			}
		})
	}
}

func TestAPrivateIncidentGetsNoSharedRoomAndIsHiddenFromOthers(t *testing.T) {
	w := newWorld(t)
	inc := w.open("U1", "open private Payroll leak", "C1")
	if url := inc.Call().URL; strings.Contains(url, "/all") || url == "" {
		t.Fatalf("the call is %q", url)
	}
	hidden, none := w.says("U2", "C-general", "INC-1 status"), w.says("U2", "C-general", "INC-2 status")
	if strings.ReplaceAll(hidden.Text, "INC-1", "INC-2") != none.Text || hidden.Kind != none.Kind {
		t.Fatalf("hidden: %q; none: %q", hidden.Text, none.Text)
	}
	if a := w.says("U2", "C-general", "list all"); strings.Contains(a.Text, "Payroll") {
		t.Fatalf("a list shows it: %s", a.Text)
	}
	mustSay(t, w.says("U1", "C-general", "status"), bot.Shown, "Payroll leak")
}

func TestTheSameDeliveryTwiceGetsTheFirstAnswer(t *testing.T) {
	w := newWorld(t)
	req := bot.Request{
		Delivery: bot.Delivery{Source: "slack.command", ID: "trigger.1"},
		From:     bot.From{Team: "T1", User: "U1", Channel: "C-general"}, Surface: "slash", Text: "open Mail is slow",
	}
	first, second := w.bot.Handle(t.Context(), req), w.bot.Handle(t.Context(), req)
	if first.Text != second.Text || first.Kind != bot.Done {
		t.Fatalf("first %+v, then %+v", first, second)
	}
	mustSay(t, w.says("U1", "C-general", "INC-2 status"), bot.Refused, "INC-2")
}

func TestSeveralOpenAsksWhich(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open One", "C1")
	w.open("U1", "open Two", "C2")
	a := w.says("U1", "C-general", "note hello")
	mustSay(t, a, bot.Asked, "2 incidents")
	if len(a.Buttons) != 2 {
		t.Fatalf("%d buttons", len(a.Buttons))
	}
	mustSay(t, w.press("U1", "C-general", a.Buttons[1]), bot.Done, "INC-1")
	mustSay(t, w.says("U1", "C2", "timeline"), bot.Shown, "INC-2")
	mustSay(t, w.says("U1", "C1", "timeline"), bot.Shown, "hello")
}

func TestOutsideTheChannelTheLoudVerbsAskFirst(t *testing.T) {
	for _, verb := range []string{"resolve", "mitigated", "update all is well", "rollback checkout", "title New", "reopen it is back", "cancel nothing there"} {
		t.Run(verb, func(t *testing.T) {
			w := newWorld(t)
			w.open("U1", "open One", "C1")
			a := w.says("U1", "C-general", verb)
			mustSay(t, a, bot.Asked)
			if len(a.Buttons) == 0 || !strings.Contains(a.Buttons[0].Label, "INC-1") {
				t.Fatalf("buttons %+v", a.Buttons)
			}
		})
	}
}

func TestOpenInsideAnIncidentAsksFirst(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open One", "C1")
	a := w.says("U1", "C1", "open the valve")
	mustSay(t, a, bot.Asked, "INC-1")
	mustSay(t, w.press("U1", "C1", a.Buttons[0]), bot.Done, "INC-2")
}

func TestNothingFuzzyRunsByItself(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open One", "C1")
	a := w.says("U1", "C1", "taks look at the queue")
	mustSay(t, a, bot.Asked)
	if len(a.Buttons) < 2 || !strings.Contains(a.Buttons[0].Label, "task look at") {
		t.Fatalf("buttons %+v", a.Buttons)
	}
	mustSay(t, w.press("U1", "C1", a.Buttons[0]), bot.Done, "T4")
	far := w.says("U1", "C1", "zzzzzz everything burns")
	mustSay(t, far, bot.Asked)
	for _, b := range far.Buttons {
		if strings.HasPrefix(b.Label, "Run") {
			t.Fatalf("offers %q", b.Label)
		}
	}
}

func TestWordsThatDoNotFitOfferBothReadings(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open One", "C1")
	for _, line := range []string{"page load slow", "status page down"} {
		a := w.says("U1", "C1", line)
		mustSay(t, a, bot.Asked)
		if len(a.Buttons) == 0 {
			t.Errorf("%q offers nothing", line)
		}
	}
}

func TestSubVerbsCountOnlyBeforeAnID(t *testing.T) {
	w := newWorld(t)
	inc := w.open("U1", "open One", "C1")
	w.does("U1", "C1", "task done with the migration, verify")
	if got := w.incident(inc.ID).Board.Tasks; got[len(got)-1].Text != "done with the migration, verify" {
		t.Fatalf("the task is %q", got[len(got)-1].Text)
	}
	w.does("U1", "C1", "task done T2")
	if task, _ := w.incident(inc.ID).Board.Task(2); task.State != incident.TaskDone {
		t.Fatalf("T2 is %s", task.State)
	}
}

func TestAtTheBarIsText(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open One", "C1")
	w.does("U1", "C1", "note at the bar")
	w.does("U1", "C1", "note at 14:05 the queue grew") // Ana's zone: Berlin, an hour ahead of UTC
	mustSay(t, w.says("U1", "C1", "timeline"), bot.Shown, "at the bar", "the queue grew", "14:05 CET (13:05 UTC)")
}

func TestPastTenses(t *testing.T) {
	w := newWorld(t)
	inc := w.open("U1", "open One", "C1")
	w.does("U1", "C1", "noted the queue grew")
	w.does("U1", "C1", "rolled back checkout")
	if s, _ := w.incident(inc.ID).Board.Service("checkout"); s.State != incident.RolledBack {
		t.Fatalf("checkout is %s", s.State)
	}
	for _, line := range []string{"paged bea", "called the bank"} {
		a := w.says("U1", "C1", line)
		mustSay(t, a, bot.Asked)
		if len(a.Buttons) == 0 || !strings.HasPrefix(a.Buttons[0].Label, "Note") {
			t.Fatalf("%q offers %+v", line, a.Buttons)
		}
		mustSay(t, w.press("U1", "C1", a.Buttons[0]), bot.Done)
	}
	w.does("U1", "C1", "mitigated")
	w.does("U1", "C1", "resolved")
}

func TestPeople(t *testing.T) {
	w := newWorld(t)
	inc := w.open("U1", "open One", "C1")
	w.does("U1", "C1", "task <@U2|bea> look at the queue")
	tasks := w.incident(inc.ID).Board.Tasks
	if got := tasks[len(tasks)-1]; got.Owner == incident.System || got.Text != "look at the queue" {
		t.Fatalf("task %+v", got)
	}
	for line, part := range map[string]string{
		"lead <@U5|eve>":           "", // deactivated
		"lead <@U99|nobody>":       "", // unknown
		"lead @bea":                "",
		"lead <!subteam^S1|@team>": "",
	} {
		mustSay(t, w.says("U1", "C1", line), bot.Refused, part)
	}
}

func TestStrangersAreRefused(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open One", "C1")
	mustSay(t, w.says("U99", "C-general", "open Two"), bot.Refused)
	mustSay(t, w.says("U5", "C-general", "open Two"), bot.Refused)
	mustSay(t, w.says("U4", "C-general", "open Two"), bot.Refused)
	mustSay(t, w.says("U4", "C1", "status"), bot.Refused) // a guest who is not in the channel
}

func TestHostileWordsStayText(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open One", "C1")
	a := w.does("U1", "C1", "note &lt;!channel&gt; &lt;@U2&gt; &amp;lt; &lt;http://x|y&gt;")
	if strings.Contains(a.Text, "<!channel>") || strings.Contains(a.Text, "<http") {
		t.Fatalf("it came alive: %s", a.Text)
	}
	mustSay(t, w.says("U1", "C1", "timeline"), bot.Shown, "&lt;!channel&gt;")
}

func TestOddWordsAreAnswered(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open One", "C1")
	long := strings.Repeat("x", 3001)
	for _, line := range []string{
		"", " ", "😀", "\u202etxet", "\x00\x01", long, "note " + long, "task done T99", "action <@U2> by 2026-02-30 x", "timeline edit E999 x",
		"action done A9", "INC-999 status", "sev 9", "impact", "note", "decide", "help nonsense", "rollback Ü", "call javascript:alert(1)",
		"first-error", "detected aliens", "first-error 25:61", "mitigated at 2030-01-01T00:00:00Z", "merge INC-1", "rfo answer", "undo undo",
	} {
		a := w.says("U1", "C1", line)
		if a.Text == "" || a.Kind == bot.NotSaved || strings.Contains(a.Text, "<no value>") {
			t.Errorf("%.40q was answered (%s) %.200q", line, a.Kind, a.Text)
		}
	}
}

func TestTheRFOIsReadForWhatIsMissing(t *testing.T) {
	w := newWorld(t)
	w.open("U1", "open One", "C1")
	w.does("U1", "C1", "resolve")
	a := w.says("U1", "C1", "rfo check")
	mustSay(t, a, bot.Shown, "*L01*", "*L03*", "checks are met")
	w.does("U1", "C1", "detected customer")
	if a := w.says("U1", "C1", "rfo check"); strings.Contains(a.Text, "L01") {
		t.Errorf("who found it first is known, and still: %s", a.Text)
	}
}
