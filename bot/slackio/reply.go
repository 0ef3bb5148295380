package slackio

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// Reply brings an answer to whoever asked: to the response URL while that is
// taken, else as a message that only they see in the channel they asked in, else
// as a direct message.
//
// Class: ambiguous. Only its reader sees it, and seeing it twice does no harm.
func (c *Client) Reply(ctx context.Context, r outbound.Reply) error {
	m := answered(r)
	to := r.To
	if r.URL != "" {
		err := c.respond(ctx, r, m)
		if _, refused := outbound.Refusal(err); !refused || to.User == "" {
			return err
		}
	}
	if to.User == "" {
		return &outbound.Failure{End: outbound.Refused, Step: "reply", Code: "no_reader", Fix: "Report this: an answer had nobody to go to."}
	}
	if to.Channel != "" {
		err := c.ephemeral(ctx, to, m)
		if _, refused := outbound.Refusal(err); !refused {
			return err
		}
	}
	channel, err := c.conversation(ctx, outbound.Place{User: to.User})
	if err != nil {
		return err
	}
	_, err = c.post(ctx, channel, "", m)
	return err
}

// answered is an answer as a message.
func answered(a outbound.Reply) Message {
	m := Message{Text: a.Text, Blocks: []slack.Block{section(a.Text)}}
	var row []*slack.ButtonBlockElement
	for n, b := range a.Buttons {
		if b.URL != "" {
			row = append(row, visit(strconv.Itoa(n), b.Label, b.URL))
		} else {
			row = append(row, sure(offer(strconv.Itoa(n), b.Label, b.Offer), b))
		}
	}
	m.Blocks = append(m.Blocks, actions(row...))
	return m
}

// body is a message as a response URL takes it.
func body(m Message, replace bool) ([]byte, error) {
	return json.Marshal(struct {
		ResponseType string        `json:"response_type"`
		Replace      bool          `json:"replace_original"`
		Unfurl       bool          `json:"unfurl_links"`
		UnfurlMedia  bool          `json:"unfurl_media"`
		Text         string        `json:"text"`
		Blocks       []slack.Block `json:"blocks"`
	}{ResponseType: "ephemeral", Replace: replace, Text: m.Text, Blocks: m.Blocks})
}

func (c *Client) ephemeral(ctx context.Context, to outbound.Place, m Message) error {
	var more []slack.MsgOption
	if to.Thread != "" {
		more = append(more, slack.MsgOptionTS(to.Thread))
	}
	options, err := c.outgoing(m, more...)
	if err != nil {
		return err
	}
	return c.call(ctx, "chat.postEphemeral", "", func(ctx context.Context) error {
		_, err := c.api.PostEphemeralContext(ctx, to.Channel, to.User, options...)
		return err
	})
}

// respond posts to a response URL, which takes five messages within 30 minutes.
func (c *Client) respond(ctx context.Context, to outbound.Reply, m Message) error {
	if err := c.mayReceive(to.URL); err != nil {
		return err
	}
	m = Fit(m)
	if err := Check(m); err != nil {
		return &outbound.Failure{End: outbound.Refused, Step: "response_url", Code: "too_long", Err: err}
	}
	content, err := body(m, to.Replace)
	if err != nil {
		return &outbound.Failure{End: outbound.Refused, Step: "response_url", Code: "not_encodable", Err: err}
	}
	return c.call(ctx, "response_url", "", func(ctx context.Context) error { return c.deliver(ctx, to.URL, content) })
}

// mayReceive refuses every address that is not Slack's own, or the stand-in's:
// an answer must not be led elsewhere by a forged request.
func (c *Client) mayReceive(address string) error {
	u, err := url.Parse(address)
	own := err == nil && strings.HasPrefix(c.opts.APIURL, u.Scheme+"://"+u.Host+"/")
	if err == nil && (u.Scheme == "https" || own) && c.hosts[u.Host] {
		return nil
	}
	return &outbound.Failure{
		End: outbound.Refused, Step: "response_url", Code: "foreign_host", Fix: "Nothing to do: the address was not Slack's, so nothing was sent.",
	}
}

func (c *Client) deliver(ctx context.Context, address string, content []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(content))
	if err != nil {
		return errors.New("the address cannot be used")
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	said, err := io.ReadAll(io.LimitReader(resp.Body, 4096))
	switch {
	case err != nil:
		return err
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= http.StatusInternalServerError:
		return slack.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
	case resp.StatusCode != http.StatusOK:
		return slack.SlackErrorResponse{Err: "used_or_expired_url"}
	}
	// Slack says "ok" or {"ok":false,"error":…}.
	var refused struct {
		OK    *bool  `json:"ok"`
		Error string `json:"error"`
	}
	if json.Unmarshal(said, &refused) == nil && refused.OK != nil && !*refused.OK {
		return slack.SlackErrorResponse{Err: refused.Error}
	}
	return nil
}
