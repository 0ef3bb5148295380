package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/bot/slackin"
	"github.com/rollcall-bot/rollcall/bot/slackio"
	"github.com/rollcall-bot/rollcall/templates"
)

const (
	// doctorTimeout bounds each question to Slack.
	doctorTimeout = 10 * time.Second
	// skewNoted and skewFails are differences to Slack's clock: requests whose time
	// is more than 5 min off are refused, and Slack's Date has whole seconds.
	skewNoted = 10 * time.Second
	skewFails = 4 * time.Minute
)

// slack checks tokens, scopes, clock and the announcement channel.
func (d *doctor) slack(ctx context.Context) {
	if !d.c.Slack.BotToken.IsSet() {
		d.tell(finding{what: "bot token", said: "not set", fix: "Set SLACK_BOT_TOKEN to the token that begins with xoxb-, from OAuth & Permissions"})
		return
	}
	reply, err := d.ask(ctx, "auth.test", d.c.Slack.BotToken)
	if err != nil {
		d.tell(finding{what: "Slack", said: "cannot be reached: " + err.Error(), fix: "Look at the network and at SLACK_API_URL; commands are taken in and kept all the same"})
		return
	}
	if reply.Error != "" {
		d.tell(finding{what: "bot token", said: "Slack refuses it: " + reply.Error, fix: "Install the app again and set SLACK_BOT_TOKEN to the new token"})
		return
	}
	d.tell(finding{what: "bot token", said: fmt.Sprintf("%s in the workspace %s", reply.User, reply.Team)})
	d.tell(scopesFinding(reply.scopes, d.c.Practice))
	d.tell(d.skew(reply.date))
	d.tell(d.appToken(ctx))
	d.tell(d.announcements(ctx))
	if d.c.Practice.CallBlock {
		d.tell(d.callBlock(ctx))
	}
}

// slackReply is what is looked at of an answer of Slack's.
type slackReply struct {
	Error  string `json:"error"`
	Team   string `json:"team"`
	User   string `json:"user"`
	scopes string
	date   time.Time
}

// ask calls a method of Slack's by hand: the client of the bot keeps neither the
// scopes nor the date of an answer.
func (d *doctor) ask(ctx context.Context, method string, token Secret) (slackReply, error) {
	ctx, cancel := context.WithTimeout(ctx, doctorTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.c.Slack.APIURL+method, http.NoBody)
	if err != nil {
		return slackReply{}, err
	}
	req.Header.Set("Authorization", "Bearer "+token.Reveal())
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		return slackReply{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	var reply slackReply
	if err := json.NewDecoder(http.MaxBytesReader(nil, resp.Body, 1<<20)).Decode(&reply); err != nil {
		return slackReply{}, fmt.Errorf("it answered %s, and not as Slack does", resp.Status)
	}
	reply.scopes = resp.Header.Get("X-OAuth-Scopes")
	reply.date, _ = http.ParseTime(resp.Header.Get("Date")) // zero when there is none
	return reply, nil
}

func scopesFinding(granted string, practice Practice) finding {
	f := finding{what: "scopes", said: "all there"}
	if granted == "" {
		f.said, f.warn, f.fix = "Slack did not say which the token has", true, "Nothing to do, unless commands are answered and nothing appears in Slack"
		return f
	}
	have := strings.FieldsFunc(granted, func(r rune) bool { return r == ',' || r == ' ' })
	var missing []string
	for _, s := range scopesFor(slackin.Events(), practice) {
		if !slices.Contains(have, s.name) {
			missing = append(missing, s.name+" ("+s.why+")")
		}
	}
	if len(missing) > 0 {
		f.said = "missing: " + strings.Join(missing, "; ")
		f.fix = "Give the app the manifest that `rollcall manifest` prints, and install it again"
	}
	return f
}

func (d *doctor) skew(slacks time.Time) finding {
	f := finding{what: "clock"}
	if slacks.IsZero() {
		f.said, f.warn, f.fix = "Slack did not say what time it is", true, "Make sure that this machine's clock is synchronised"
		return f
	}
	skew := d.p.wall().Sub(slacks).Round(time.Second)
	f.said = fmt.Sprintf("%s off Slack's", skew.Abs())
	switch {
	case skew.Abs() >= skewFails:
		f.fix = "Synchronise this machine's clock (NTP): Slack's requests are refused when they seem more than 5 minutes old"
	case skew.Abs() >= skewNoted:
		f.warn, f.fix = true, "Synchronise this machine's clock (NTP): the timeline is wrong by as much"
	}
	return f
}

func (d *doctor) appToken(ctx context.Context) finding {
	f := finding{what: "app token"}
	if !d.c.Slack.AppToken.IsSet() {
		f.said = "not set; Socket Mode is off"
		return f
	}
	reply, err := d.ask(ctx, "apps.connections.open", d.c.Slack.AppToken)
	switch {
	case err != nil:
		f.said, f.fix = "Slack cannot be asked: "+err.Error(), "Try again"
	case reply.Error == "ratelimited":
		f.said, f.warn, f.fix = "Slack asks for patience", true, "Try again in a minute"
	case reply.Error != "":
		f.said = "Slack refuses it: " + reply.Error
		f.fix = "Make an app-level token with connections:write under Basic Information, switch Socket Mode on, and set SLACK_APP_TOKEN"
	default:
		f.said = "Slack takes it"
	}
	return f
}

// slackClient calls Slack as the server does.
func (d *doctor) slackClient() (*slackio.Client, error) {
	book, err := say.Open(templates.Files, nil)
	if err != nil {
		return nil, err
	}
	return slackio.New(slackio.Options{
		Token: d.c.Slack.BotToken.Reveal(), APIURL: d.c.Slack.APIURL, Now: d.p.clock.Now, Sleep: d.p.clock.Sleep, Wall: d.p.wall,
		Book: book, Log: d.p.quiet(),
	})
}

// callBlock registers a call that no message shows, and ends it. Without it calls
// are links, as they are anyway.
func (d *doctor) callBlock(ctx context.Context) finding {
	f := finding{what: "Slack's call block", said: "Slack takes calls"}
	client, err := d.slackClient()
	if err == nil {
		err = client.TryCall(ctx, "doctor/"+d.p.newID())
	}
	var failure *outbound.Failure
	switch {
	case err == nil:
	case errors.As(err, &failure) && failure.Fix != "":
		f.said, f.warn, f.fix = "calls are shown as links only: "+failure.Error(), true, failure.Fix
	default:
		f.said, f.warn, f.fix = "calls are shown as links only: "+err.Error(), true, "Try again"
	}
	return f
}

// announcements checks that the announcement channel can be found.
func (d *doctor) announcements(ctx context.Context) finding {
	name := d.c.Slack.IncidentsChannel
	f := finding{what: "announcement channel"}
	client, err := d.slackClient()
	if err != nil {
		f.said, f.fix = err.Error(), "Look at SLACK_API_URL"
		return f
	}
	ch, ok, err := client.ChannelByName(ctx, name)
	var failure *outbound.Failure
	switch {
	case errors.As(err, &failure) && failure.Fix != "":
		f.said, f.fix = failure.Error(), failure.Fix
	case err != nil:
		f.said, f.fix = err.Error(), "Try again"
	case !ok:
		f.said = fmt.Sprintf("%s cannot be seen", name)
		f.fix = "Create the channel, invite @Rollcall when it is private, or set ROLLCALL_INCIDENTS_CHANNEL; until then nothing is announced"
	default:
		f.said = "#" + ch.Name
	}
	return f
}
