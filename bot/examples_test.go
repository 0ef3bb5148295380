package bot_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
)

// TestTheExamplesOfTheGrammar types every example by which the grammar of
// /incident is described, in the channel of INC-1, and reads the answer. It is
// 14:00 UTC, 15:00 in Berlin, where Ana is.
func TestTheExamplesOfTheGrammar(t *testing.T) {
	for _, one := range []struct {
		rule, line string
		kind       bot.Kind
		says       string
	}{
		{"links are unwrapped", "note see <https://status.example.org/x|status.example.org>", bot.Done, "https://status.example.org/x"},
		{"entities are decoded exactly once", "note a &amp;lt; b", bot.Done, "a &amp;lt; b"},
		{"smart quotes and dashes are folded", "note he said “it is — fine”", bot.Done, `he said "it is - fine"`},
		{"line breaks are kept", "note one\ntwo", bot.Done, "one\ntwo"},
		{"a person with a name", "lead <@U2|bea>", bot.Done, "<@U2>"},
		{"a person without one", "lead <@U2>", bot.Done, "<@U2>"},
		{"me", "lead me", bot.Done, "You lead INC-1"},
		{"a user group is refused", "lead <!subteam^S1|@ops>", bot.Refused, ""},
		{"a bare @name is refused", "lead @bea", bot.Refused, "@bea"},
		{"KEY in any case", "inc-1 status", bot.Shown, "INC-1"},
		{"KEY of nothing", "INC-7 status", bot.Refused, "INC-7"},
		{"a verb in any case", "NOTE loud", bot.Done, "loud"},
		{"an alias", "fixed", bot.Done, "mitigated"},
		{"opened", "INC-1 noted it grew", bot.Done, "it grew"},
		{"decided", "decided we wait", bot.Done, "we wait"},
		{"resolved", "resolved", bot.Done, "resolved"},
		{"mitigated", "mitigated", bot.Done, "mitigated"},
		{"rolled back X is rollback X done", "rolled back checkout", bot.Done, "`checkout` is *rolled back*"},
		{"paged offers a note", "paged bea", bot.Asked, "note"},
		{"called offers a note", "called the bank", bot.Asked, "note"},
		{"page load slow: both readings", "page load slow", bot.Asked, ""},
		{"status page down: both readings", "status page down", bot.Asked, ""},
		{"one edit up to six letters", "taks look", bot.Asked, "taks"},
		{"H:MM in the actor's zone, its latest past occurrence", "note at 14:05 x", bot.Done, "14:05 CET (13:05 UTC)"},
		{"H:MM ahead of now was yesterday", "note at 23:59 x", bot.Done, "2026-03-03"},
		{"H:MM:SS", "note at 14:05:30 x", bot.Done, "14:05:30"},
		{"with Z", "note at 13:05Z x", bot.Done, "13:05 UTC"},
		{"with an offset", "note at 14:05+01:00 x", bot.Done, "13:05 UTC"},
		{"RFC 3339", "note at 2026-03-04T13:05:00Z x", bot.Done, "13:05 UTC"},
		{"N ago", "note 55m ago x", bot.Done, "13:05 UTC"},
		{"the future is refused", "note at 2026-03-04T15:00:00Z x", bot.Refused, ""},
		{"60 seconds of tolerance", "note at 2026-03-04T14:00:59Z x", bot.Done, ""},
		{"note at the bar is text", "note at the bar", bot.Done, "at the bar"},
		{"DATE: ISO", "action <@U2> by 2026-03-11 x", bot.Done, "2026-03-11"},
		{"today", "action <@U2> by today x", bot.Done, "2026-03-04"},
		{"tomorrow", "action <@U2> by tomorrow x", bot.Done, "2026-03-05"},
		{"a weekday is the next one", "action <@U2> by wednesday x", bot.Done, "2026-03-11"},
		{"Nd", "action <@U2> by 3d x", bot.Done, "2026-03-07"},
		{"Nw", "action <@U2> by 2w x", bot.Done, "2026-03-18"},
		{"3/4 is refused", "action <@U2> by 3/4 x", bot.Refused, "2026-03-04"},
		{"a sub-verb counts only before an id", "task done with the migration, verify", bot.Done, "done with the migration, verify"},
		{"and then it counts", "task done T2", bot.Done, "T2"},
		{"split at the last ; done when", "action <@U2> by friday x; done when y; done when z", bot.Done, "x; done when y; done when z"},
		{"1,200", "impact 1,200 users", bot.Done, "1200"},
		{"1.2k", "impact 1.2k users", bot.Done, "1200"},
		{"2-5k", "impact about 2-5k users cannot pay", bot.Done, "about 2000-5000 users"},
		{"12%", "impact 12% cannot pay", bot.Done, "12"},
		{"a number without a unit is text", "impact 1200 things", bot.Done, "number is not given"},
		{"open inside asks first", "open the valve", bot.Asked, "INC-1"},
		{"a service is one token", "service Checkout_API.v2 bleeding", bot.Done, "checkout_api.v2"},
	} {
		t.Run(one.rule, func(t *testing.T) {
			w := newWorld(t)
			w.open("U1", "open One", "C1")
			mustSay(t, w.says("U1", "C1", one.line), one.kind, one.says)
		})
	}
}
