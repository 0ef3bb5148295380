package main

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/bot/slackin"
)

// slack starts a workspace in which these people are: a full member, guest:NAME, or
// stranger:NAME of another workspace. There are #general and #incidents. With
// -socket the app uses Socket Mode, with -both both ways. A word of events instead
// of names says what Slack does next.
func (s *stage) slack(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) > 0, "slack [-socket|-both] PERSON… | slack "+strings.Join(slices.Sorted(maps.Keys(events)), "|"))
	if event, ok := events[strings.Join(args, " ")]; ok {
		usage(ts, s.ws != nil, "slack PERSON… first")
		ts.Check(event(s))
		return
	}
	way := "-http"
	if strings.HasPrefix(args[0], "-") {
		way, args = args[0], args[1:]
	}
	s.ws = slackfake.New(slackfake.Options{
		Now: s.clock.Now, Scopes: scopeNames(Practice{}), Events: slackin.Events(), StrictRates: true,
		BotToken: "xoxb-" + canary("bot"), AppToken: "xapp-" + canary("app"), SigningSecret: canary("signing"),
	})
	api, err := s.ws.Start(s.ctx)
	ts.Check(err)
	s.people = map[string]string{"rollcall": s.ws.Identity().BotUserID}
	for _, arg := range args {
		s.person(ts, false, []string{arg})
	}
	s.ws.AddChannel("incidents", false, s.people[args[0]])
	ts.Setenv("SLACK_BOT_TOKEN", s.ws.BotToken())
	ts.Setenv("SLACK_API_URL", api)
	if way != "-socket" {
		ts.Setenv("SLACK_SIGNING_SECRET", s.ws.SigningSecret())
	}
	if way != "-http" {
		ts.Setenv("SLACK_APP_TOKEN", s.ws.AppToken())
	}
}

// heard is how many calls the server has made.
func (s *stage) heard() int { return len(s.ws.Calls("")) - len(s.ws.Calls("answer")) }

// events are what Slack does by itself.
var events = map[string]func(*stage) error{
	"is down": func(s *stage) error {
		s.ws.Inject(slackfake.Fault{Kind: slackfake.Reset})
		s.ws.DisconnectAll()
		return nil
	},
	"is hanging": func(s *stage) error {
		s.ws.Inject(slackfake.Fault{Kind: slackfake.Hang, Delay: 2 * time.Second})
		return nil
	},
	"is back": func(s *stage) error { s.ws.Heal(); return nil },
	"gives calls:write": func(s *stage) error {
		s.ws.SetScopes(scopeNames(Practice{CallBlock: true})...)
		return nil
	},
	"gives canvases:write": func(s *stage) error {
		s.ws.SetScopes(scopeNames(Practice{RFOCanvas: true})...)
		return nil
	},
	"has no canvases": func(s *stage) error {
		s.ws.RefuseCanvases("team_tier_cannot_create_channel_canvases")
		return nil
	},
	"loses a canvas": func(s *stage) error {
		s.ws.Inject(slackfake.Fault{Method: "conversations.canvases.create", Kind: slackfake.LostReply, Times: 1})
		return nil
	},
	"loses a call": func(s *stage) error {
		s.ws.Inject(slackfake.Fault{Method: "calls.add", Kind: slackfake.LostReply, Times: 1})
		return nil
	},
	// hears waits for a call of the server that was started last.
	"hears": func(s *stage) error {
		return s.ws.WaitFor(s.ctx, func() bool { return s.heard() > s.server.quiet })
	},
	"redelivers": func(s *stage) error {
		if s.ws.RedeliverEvents(s.ctx) == 0 {
			return errors.New("no event was taken")
		}
		return nil
	},
	"asks to reconnect": (*stage).reconnect,
}

// reconnect is what Slack asks for regularly. It gives out about one address a
// minute, so the clock moves before and after.
func (s *stage) reconnect() error {
	opened := func() bool { return len(s.ws.Calls("apps.connections.open")) >= 2 }
	both := func() bool { return s.ws.Sockets() == 2 }
	for _, holds := range []func() bool{opened, both} {
		if err := errors.Join(s.ws.WaitFor(s.ctx, holds), s.move(time.Minute)); err != nil {
			return err
		}
	}
	s.ws.AskToReconnect("refresh_requested")
	return s.ws.WaitFor(s.ctx, func() bool { return s.ws.Sockets() > 0 })
}
