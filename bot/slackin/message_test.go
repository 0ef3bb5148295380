package slackin_test

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
)

func TestOfMessagesOnlyWhatIsUsedIsTakenIn(t *testing.T) {
	event := func(inside string) string {
		return fmt.Sprintf(`{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":%s}`, inside)
	}
	reaction := func(kind, emoji string) string {
		return fmt.Sprintf(`{"type":%q,"user":"U1","reaction":%q,"item":{"type":"message","channel":"C1","ts":"1.2"}}`, kind, emoji)
	}
	for name, c := range map[string]struct {
		inside string
		want   bot.Happening // without delivery and team; the zero Happening for one that is dropped
	}{
		"a pin":        {reaction("reaction_added", "pushpin"), bot.Happening{Type: "reaction_added", User: "U1", Channel: "C1", TS: "1.2", Emoji: "pushpin"}},
		"a pin off":    {reaction("reaction_removed", "pushpin"), bot.Happening{Type: "reaction_removed", User: "U1", Channel: "C1", TS: "1.2", Emoji: "pushpin"}},
		"a box":        {reaction("reaction_added", "ballot_box_with_check"), bot.Happening{Type: "reaction_added", User: "U1", Channel: "C1", TS: "1.2", Emoji: "ballot_box_with_check"}},
		"another":      {reaction("reaction_added", "eyes"), bot.Happening{Type: bot.Present, User: "U1", Channel: "C1"}},
		"another off":  {reaction("reaction_removed", "eyes"), bot.Happening{}},
		"on a file":    {`{"type":"reaction_added","user":"U1","reaction":"pushpin","item":{"type":"file","file":"F1"}}`, bot.Happening{}},
		"an edit":      {`{"type":"message","subtype":"message_changed","channel":"C1","ts":"9.9","message":{"ts":"1.2","text":"x"}}`, bot.Happening{Type: "message_changed", Channel: "C1", TS: "1.2"}},
		"a deletion":   {`{"type":"message","subtype":"message_deleted","channel":"C1","ts":"9.9","deleted_ts":"1.2"}`, bot.Happening{Type: "message_deleted", Channel: "C1", TS: "1.2"}},
		"a message":    {`{"type":"message","channel":"C1","user":"U1","ts":"1.2","text":"secret"}`, bot.Happening{Type: bot.Present, User: "U1", Channel: "C1"}},
		"an app":       {`{"type":"message","channel":"C1","user":"U1","bot_id":"B1","ts":"1.2","text":"secret"}`, bot.Happening{}},
		"a join":       {`{"type":"message","subtype":"channel_join","channel":"C1","user":"U1","ts":"1.2"}`, bot.Happening{}},
		"a home":       {`{"type":"app_home_opened","user":"U1","channel":"D1","tab":"home"}`, bot.Happening{Type: "app_home_opened", User: "U1", Channel: "D1"}},
		"its messages": {`{"type":"app_home_opened","user":"U1","channel":"D1","tab":"messages"}`, bot.Happening{}},
		"half an edit": {`{"type":"message","subtype":"message_changed","channel":"C1"}`, bot.Happening{}},
	} {
		t.Run(name, func(t *testing.T) {
			d, log := &door{}, &bytes.Buffer{}
			if w := post(serve(d, log), "/slack/events", "application/json", event(c.inside), nil); w.Code != http.StatusOK {
				t.Fatalf("answered %d", w.Code)
			}
			if len(d.requests) > 0 || len(d.happenings) > 1 {
				t.Fatalf("took in %+v %+v", d.requests, d.happenings)
			}
			var got bot.Happening
			if len(d.happenings) == 1 {
				got = d.happenings[0]
				got.Delivery, got.Team = bot.Delivery{}, ""
			}
			if got != c.want {
				t.Errorf("took in %+v and not %+v", got, c.want)
			}
		})
	}
}
