package playground

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

func TestAStoryFitsThePage(t *testing.T) {
	var out strings.Builder
	told := newTeller(&out, false)
	told.heading("A part")
	told.line("14:02", "ana", "/incident "+strings.Repeat("long words ", 40))
	told.reads("#inc-1", strings.Repeat("an answer of many words ", 60))
	told.line("14:02", "bea", "in the same minute")
	for l := range strings.SplitSeq(out.String(), "\n") {
		if n := utf8.RuneCountInString(l); n > pageWidth+2 { // and a space with the mark that something was left out
			t.Errorf("%d columns: %s", n, l)
		}
	}
	if n := strings.Count(out.String(), "14:02"); n != 1 {
		t.Errorf("the minute stands there %d times:\n%s", n, out.String())
	}
	if n := strings.Count(out.String(), "long words"); n > 15 {
		t.Errorf("a long command was told whole")
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Error("colours without a terminal")
	}
}

func TestColoursOnATerminal(t *testing.T) {
	var out strings.Builder
	newTeller(&out, true).heading("A part")
	if want := "\n\x1b[1mA part\x1b[0m\n"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

func TestTheLineAboutUndoIsToldOnce(t *testing.T) {
	var out strings.Builder
	told := newTeller(&out, false)
	for range 3 {
		told.reads("", "Done.\nundo takes it back within 10 minutes.")
	}
	if n := strings.Count(out.String(), "undo"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

func TestReadable(t *testing.T) {
	s := &stage{
		slack: slackfake.New(slackfake.Options{Now: curtain.UTC}),
		cast:  cast{names: map[string]string{"U7": "ana"}},
	}
	general, _ := s.slack.Channel("general")
	for mrkdwn, want := range map[string]string{
		"<@U7> leads *INC-1* now":                        "@ana leads INC-1 now",
		"in <#" + general.ID + ">":                       "in #general",
		"Join the call: https://meet.example.org/x":      "Join the call: https://meet.example.org/x",
		"<https://meet.example.org/x|Join the call>":     "Join the call",
		"<!date^1773151200^{time}|2026-03-10 14:00 UTC>": "14:00",
		"<!date^1773251200^{time}|2026-03-11 17:46 UTC>": "2026-03-11 17:46 UTC",
		":red_circle: *open* · a &lt;b&gt; &amp;amp; c":  "open · a <b> &amp; c",
		"`rollback cart done`, at 14:02:10":              "rollback cart done, at 14:02:10",
		"2 * 3 * 4 stays":                                "2 * 3 * 4 stays",
	} {
		if got := s.readable(mrkdwn); got != want {
			t.Errorf("%q reads %q, want %q", mrkdwn, got, want)
		}
	}
}

func TestShownHasTextsAndButtons(t *testing.T) {
	m := slackfake.Message{Content: slackfake.Content{Text: "fallback", Blocks: []byte(`[
		{"type":"section","text":{"type":"mrkdwn","text":"head"}},
		{"type":"actions","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Press"},"value":"v"}]},
		{"type":"context","elements":[{"type":"mrkdwn","text":"small"}]}]`)}}
	if got, want := shown(m), "head\nsmall\n[Press]"; got != want {
		t.Errorf("shown %q, want %q", got, want)
	}
	m.Blocks = nil
	if got := shown(m); got != "fallback" {
		t.Errorf("without blocks: %q", got)
	}
}

func TestReadBacklog(t *testing.T) {
	b, err := readBacklog(strings.NewReader(`# HELP rollcall_cards_stale Cards.
rollcall_backlog_readable 1
rollcall_cards_stale 2
rollcall_due_lag_seconds 0.5
rollcall_effects{state="failed"} 9
rollcall_effects{state="pending"} 3
rollcall_effects{state="sending"} 1
rollcall_jobs{state="available"} 4
rollcall_jobs{state="retryable"} 7
rollcall_jobs{state="running"} 5
`))
	want := backlog{readable: true, effects: 4, cards: 2, queued: 4, running: 5, dueLag: 0.5}
	if err != nil || b != want {
		t.Errorf("%+v, %v; want %+v", b, err, want)
	}
	if (backlog{}).empty() || !(backlog{readable: true, running: 1}).empty() || (backlog{readable: true, running: 1}).idle() {
		t.Error("what is not known is not empty, and what is at work is not idle")
	}
}

func TestATallyThatIsNotHonest(t *testing.T) {
	for name, bad := range map[string]Tally{
		"violations": {Violations: 1}, "doubled": {Doubled: 1}, "refused": {Refused: 1}, "limited": {Limited: 1},
	} {
		if bad.honest() == nil {
			t.Errorf("%s is passed over", name)
		}
	}
	if err := (Tally{SlackCalls: 100, Again: 7, Looked: 2}).honest(); err != nil {
		t.Errorf("a Slack that was down is no fault of the bot's: %v", err)
	}
}
