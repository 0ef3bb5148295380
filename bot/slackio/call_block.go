package slackio

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
)

// showCall shows the call as Slack's own block, in a message of the incident's
// channel. The link is in the answer, on the summary and in the bookmark anyway, so
// what Slack refuses here is logged and left.
//
// Class: registering a call is ambiguous. Slack's documentation does not say what
// becomes of a second call with the external_unique_id of a first, and gives no way to look
// one up by it, so each attempt has an id of its own. One whose reply was lost is seen by nobody, since only
// messages show calls; the message is detectable, as for Post.
func (c *Client) showCall(ctx context.Context, card outbound.Card, d drawing) (outbound.Sent, error) {
	address := link(d.i.Call().URL)
	if d.i.Life.Status.Over() {
		address = ""
	}
	former, shown, _ := strings.Cut(card.Sent.Extra, " ")
	if shown == address {
		return card.Sent, nil
	}
	if former != "" {
		if err := c.endCall(ctx, former); c.serious(ctx, "ended", err) {
			return card.Sent, err
		}
		card.Sent.Extra = ""
	}
	if address == "" {
		return card.Sent, nil
	}
	id, err := c.addCall(ctx, slack.AddCallParameters{
		JoinURL: address, ExternalUniqueID: fmt.Sprintf("%s/%d/%s", d.i.ID, d.i.Head, strconv.FormatInt(c.opts.Now().UnixMicro(), 36)),
		// The key alone: the title of a private incident is for nobody else, and nothing typed can come alive.
		Title: d.book.Text(incident.Say{ID: "card_call.title", Args: incident.Args{"key": d.i.Key()}}, say.Plain{Who: d.v.Who}), DateStart: slack.JSONTime(d.i.Call().At.Unix()),
	}, d.v.Who.SlackID(d.i.Call().By))
	if err != nil {
		if c.serious(ctx, "registered", err) {
			return card.Sent, err
		}
		return card.Sent, nil
	}
	m := Message{
		Text: d.text("card_call", incident.Args{"key": d.i.Key(), "url": address}), Blocks: []slack.Block{slack.NewCallBlock(id)},
		Op: string(d.i.ID) + "/" + string(card.Card),
	}
	sent, err := c.show(ctx, card, m)
	if err == nil && card.Again { // what was found shows a call that nobody here knows
		err = c.update(ctx, sent, m)
	}
	if err != nil {
		if c.serious(ctx, "shown", err) {
			return sent, err
		}
		return card.Sent, nil
	}
	sent.Extra = id + " " + address
	return sent, nil
}

// serious says of an error that the step is to be tried again; a refusal is only noted.
func (c *Client) serious(ctx context.Context, done string, err error) bool {
	f, refused := outbound.Refusal(err)
	if refused {
		c.opts.Log.WarnContext(ctx, "Slack does not take a call as its own block; its link stands as ever", "not", done, "code", f.Code, "fix", f.Fix)
	}
	return err != nil && !refused
}

// addCall registers a call in the name of somebody; of Rollcall's own, where Slack
// does not take them.
func (c *Client) addCall(ctx context.Context, p slack.AddCallParameters, by string) (id string, err error) {
	if p.CreatedBy = by; by != "" {
		id, err = c.registerCall(ctx, p)
		if !is(err, "invalid_created_by", "user_not_found", "not_authorized") {
			return id, err
		}
	}
	self, err := c.whoAmI(ctx)
	if err != nil {
		return "", err
	}
	p.CreatedBy = self.UserID
	return c.registerCall(ctx, p)
}

func (c *Client) registerCall(ctx context.Context, p slack.AddCallParameters) (id string, err error) {
	err = c.call(ctx, "calls.add", "", func(ctx context.Context) error {
		made, err := c.api.AddCallContext(ctx, p)
		if err == nil && made.ID == "" {
			err = errNoStamp
		}
		id = made.ID
		return err
	})
	return id, err
}

// endCall ends a call. Class: idempotent; one that is over stays so.
func (c *Client) endCall(ctx context.Context, id string) error {
	return c.call(ctx, "calls.end", "", func(ctx context.Context) error {
		return c.api.EndCallContext(ctx, id, slack.EndCallParameters{})
	})
}

// TryCall registers a call that no message shows, and ends it: to find out whether
// Slack takes calls of this installation. unique must not have been used before.
func (c *Client) TryCall(ctx context.Context, unique string) error {
	id, err := c.addCall(ctx, slack.AddCallParameters{JoinURL: "https://example.org/", ExternalUniqueID: unique, Title: "Rollcall doctor"}, "")
	if err != nil {
		return err
	}
	return c.endCall(ctx, id)
}
