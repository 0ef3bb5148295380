package slackin_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/slackin"
)

func TestABotThatIsListedIsObeyedAndNeverOurselves(t *testing.T) {
	const body = `{"type":"event_callback","team_id":"T1","api_app_id":"AOURS","event_id":"Ev1","authorizations":[{"user_id":"UBOT"}],
		"event":{"type":"app_mention","user":"U1","bot_id":"B9","app_id":"A9","text":"<@UBOT> note step 3","channel":"C7","ts":"5.5"}}`
	for name, test := range map[string]struct {
		change func(string) string
		robots map[string]bot.Robot
		heard  bool
	}{
		"by its id":      {robots: map[string]bot.Robot{"B9": {May: []string{"note"}}}, heard: true},
		"by its app":     {robots: map[string]bot.Robot{"A9": {May: []string{"note"}}}, heard: true},
		"another":        {robots: map[string]bot.Robot{"B8": {May: []string{"note"}}}},
		"nobody listed":  {},
		"our app":        {robots: map[string]bot.Robot{"AOURS": {}, "B9": {}}, change: func(s string) string { return strings.Replace(s, `"A9"`, `"AOURS"`, 1) }},
		"our own user":   {robots: map[string]bot.Robot{"B9": {}}, change: func(s string) string { return strings.Replace(s, `"user":"U1"`, `"user":"UBOT"`, 1) }},
		"a person still": {change: func(s string) string { return strings.Replace(s, `"bot_id":"B9","app_id":"A9",`, "", 1) }, heard: true},
	} {
		t.Run(name, func(t *testing.T) {
			d := door{answer: bot.Answer{Kind: bot.Shown}}
			mux := http.NewServeMux()
			slackin.New(slackin.Options{
				Secret: secret, Door: &d, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler), Robots: test.robots,
			}).Register(mux)
			sent := body
			if test.change != nil {
				sent = test.change(body)
			}
			post(mux, "/slack/events", "application/json", sent, nil)
			if heard := len(d.requests) == 1; heard != test.heard {
				t.Fatalf("heard: %t", heard)
			}
			if person := name == "a person still"; test.heard && ((d.requests[0].From.Robot == nil) != person || (d.requests[0].ReplyTo == nil) == person) {
				t.Errorf("request %+v", d.requests[0])
			}
		})
	}
}
