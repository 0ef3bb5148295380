package rfo_test

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	. "github.com/rollcall-bot/rollcall/incident/incidenttest"
	"github.com/rollcall-bot/rollcall/rfo"
)

// attacks are texts that try to be more than text. Each begins with a word that
// a test looks for.
var attacks = []string{
	"heading\n# Owned\n## Owned\nOwned\n=====",
	"script <script>alert(1)</script><img src=x onerror=alert(1)>",
	"link [click](javascript:alert(1)) and ![x](https://evil.example/x.png) and <https://evil.example>",
	"bare https://evil.example/a|b`c www.evil.example javascript:alert(1) mailto:a@evil.example a@evil.example",
	"mention @channel @octocat <!channel> <!here> #123 GH-12 !45 octo/repo#7 :tada:",
	"table | a | b |\n|---|---|\n| c | d |",
	"fence ```\ncode\n``` and `tick` and ~~~\n~~~",
	"html &lt;b&gt; &#60;b&#62; &amp; <!-- c --> <details open> </td></tr></table>",
	"emphasis *a* **b** _c_ __d__ ~e~ ~~f~~ snake_case $x$ \\*g\\* \\",
	"list\n- a\n* b\n1. c\n+ d\n> quote\n    code",
	"front\n---\ntitle: owned\n---",
	"control \x00\x07\x1b[31m\u202eevil\u2066\ufeff\u0085next\u2028line\u200f\r\nend",
	"template {{.Head.Title}} {{template \"x\"}} {% raw %}",
	"reference [x]: https://evil.example \"t\"",
	"footnote [^1] - [ ] task - [x] done",
}

// hostile puts each attack everywhere where a person can type.
func hostile(t testing.TB) scenario {
	w := Empty(t)
	quiet(w)
	every := func(f func(text string)) {
		for _, a := range attacks {
			f(a)
		}
	}
	w.Do(Ana, incident.OpenIncident{
		Title:    "title \"quoted\" | <script>alert(1)</script> @channel #1\n# Owned: [x](https://evil.example) \\",
		Severity: 1, Call: incident.Call{URL: "https://meet.example.org/inc-7?a=|`<b>", Provider: "jitsi|<b>"},
	})
	w.Do(Ana, incident.Lead{Who: Ana})
	every(func(text string) { w.Do(Bob, incident.AddNote{Text: text}) })
	every(func(text string) { w.Do(Ana, incident.MakeDecision{Text: text + " " + incident.PersonMark(Bob)}) })
	w.Do(Ana, incident.MakeDecision{Text: "to be edited"})
	w.Do(Ana, incident.EditEntry{Entry: w.Incident.Head, Text: "edited | <b>x</b> @channel " + incident.PersonMark(Cleo)})
	w.Do(Bob, incident.AddNote{Text: "secret password, to be hidden"})
	w.Do(Ana, incident.HideEntry{Entry: w.Incident.Head, Reason: "typed by mistake"})
	w.Do(Bob, incident.SetDetected{Source: "alert", At: mark("13:59:00"), Text: attacks[3]})
	w.Do(Bob, incident.SetFirstError{At: mark("13:58:00"), Text: attacks[5]})
	every(func(text string) { w.Do(Ana, incident.SetImpact{Text: text}) })
	w.Do(Ana, incident.SetImpact{Low: 3, High: 3, Unit: "users|<b>", HasNumber: true, Text: attacks[1]})
	w.Do(Ana, incident.RollBack{Service: "api", Result: "not-needed", Reason: attacks[5], Confirmed: true})
	at(w, 10*time.Minute)
	w.Do(Ana, incident.Mitigate{Text: attacks[0]})
	at(w, 20*time.Minute)
	w.Do(Ana, incident.Resolve{Text: attacks[2]})
	all := ""
	for _, a := range attacks {
		all += a + "\n\n"
	}
	for n, q := range incident.Questions {
		text := attacks[n%len(attacks)]
		if q.Name == "summary" {
			text = all
		}
		w.Do(Ana, incident.AnswerQuestion{Question: q.Name, Text: text})
	}
	due := incident.Civil{Year: 2026, Month: time.March, Day: 12}
	for _, a := range []int{5, 4, 2} {
		w.Do(Ana, incident.AddAction{Who: Bob, Due: due, Text: attacks[a], DoneWhen: attacks[a]})
	}
	w.Do(Ana, incident.DropAction{Number: 2, Reason: attacks[5]})
	w.Do(Ana, incident.MoveAction{Number: 1, Due: incident.Civil{Year: 2026, Month: time.March, Day: 13}, Reason: attacks[1]})
	crooks := names{Ana: "Ana | <b>Ruiz</b>\n# x", Bob: "@channel Bob", Cleo: "[Cleo](https://evil.example)"}
	return scenario{w, crooks, rfo.Options{
		BaseURL: "https://rollcall.example.org", ChannelURL: "javascript:alert(1)",
	}}
}
