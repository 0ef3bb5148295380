package slackio

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
)

const (
	// clockSkew is how much earlier than our stamp Slack's may be for the same moment.
	clockSkew = time.Minute
	// settle is how long Slack may take to show what it has just done.
	settle = 2 * time.Second
	// channelPage is how many channels are asked for at once: "less than 1000".
	channelPage = 999
	// channelPages bounds a search that finds nothing: half a million channels.
	channelPages = 500
)

// OpenChannel makes sure that an incident has a channel of its own and returns
// it.
//
// Class: detectable. Slack keeps names unique, so that after a lost reply the
// name is taken; the channel is then adopted when it is provably ours (ours),
// and otherwise left alone for one named Spare.
func (c *Client) OpenChannel(ctx context.Context, want outbound.Channel) (incident.Channel, error) {
	ch, foreign, err := c.openNamed(ctx, want.Name, want)
	if err != nil || !foreign {
		return ch, err
	}
	ch, foreign, err = c.openNamed(ctx, want.Spare, want)
	if err == nil && foreign {
		return ch, &outbound.Failure{
			End: outbound.Refused, Step: "conversations.create", Code: "name_taken", Fix: fix("name_taken"),
		}
	}
	return ch, err
}

// openNamed creates the channel, or finds that it was created before. foreign
// says that the name belongs to a channel that is not provably ours.
func (c *Client) openNamed(ctx context.Context, name string, want outbound.Channel) (ch incident.Channel, foreign bool, err error) {
	created, err := c.create(ctx, name, want.Private)
	if err == nil {
		c.prove(ctx, created.ID, want.Proof)
		return created, false, nil
	}
	if !is(err, "name_taken") {
		return incident.Channel{}, false, err
	}
	found, err := c.findChannel(ctx, name)
	if err == nil && found == nil && want.Again {
		// It may be our own, so young that the list does not have it yet.
		if err := c.opts.Sleep(ctx, settle); err != nil {
			return incident.Channel{}, false, &outbound.Failure{End: outbound.Unclear, Step: "conversations.list", Err: err}
		}
		found, err = c.findChannel(ctx, name)
	}
	if err != nil {
		return incident.Channel{}, false, err
	}
	mine, err := c.ours(ctx, found, want)
	if err != nil || !mine {
		return incident.Channel{}, !mine, err
	}
	if found.Purpose.Value == "" {
		c.prove(ctx, found.ID, want.Proof)
	}
	return incident.Channel{ID: found.ID, Name: found.Name}, false, nil
}

func (c *Client) create(ctx context.Context, name string, private bool) (incident.Channel, error) {
	var ch incident.Channel
	err := c.call(ctx, "conversations.create", "", func(ctx context.Context) error {
		made, err := c.api.CreateConversationContext(ctx, slack.CreateConversationParams{ChannelName: name, IsPrivate: private})
		if err == nil {
			ch = incident.Channel{ID: made.ID, Name: made.Name}
		}
		return err
	})
	return ch, err
}

// prove writes the proof into the channel's purpose. Without it creator and time
// still prove the channel, so its failure is only noted.
func (c *Client) prove(ctx context.Context, channel, proof string) {
	err := c.patient(ctx, "conversations.setPurpose", "", func(ctx context.Context) error {
		_, err := c.api.SetPurposeOfConversationContext(ctx, channel, purpose(proof))
		return err
	})
	if err != nil {
		c.opts.Log.WarnContext(ctx, "the channel's purpose could not be set", "channel", channel, "error", err)
	}
}

// purpose is what people read in a channel's details. The proof is opaque: it
// tells strangers nothing.
func purpose(proof string) string { return "Incident response by Rollcall. Reference " + proof }

// ours says whether a channel is provably the one that an earlier attempt made:
// created by us, no earlier than the incident, and carrying the incident's proof
// or, when the attempt ended before that, no purpose at all.
func (c *Client) ours(ctx context.Context, ch *slack.Channel, want outbound.Channel) (bool, error) {
	if ch == nil || ch.IsArchived || ch.IsPrivate != want.Private {
		return false, nil
	}
	self, err := c.whoAmI(ctx)
	if err != nil {
		return false, err
	}
	young := !ch.Created.Time().Before(want.Since.Add(-clockSkew))
	marked := ch.Purpose.Value == "" || strings.Contains(ch.Purpose.Value, want.Proof)
	return ch.Creator == self.UserID && young && marked, nil
}

// findChannel looks a channel up by its exact name, archived ones too; nil when
// there is none that we can see.
func (c *Client) findChannel(ctx context.Context, name string) (found *slack.Channel, err error) {
	leave, err := c.looks.channels.take("conversations.list")
	if err != nil {
		return nil, err
	}
	defer leave()
	err = c.eachChannel(ctx, func(ch *slack.Channel) (enough bool) {
		if ch.Name == name || ch.NameNormalized == name {
			found = ch
		}
		return found != nil
	})
	return found, err
}

// eachChannel shows every channel that we can see, archived ones too, until it is enough.
func (c *Client) eachChannel(ctx context.Context, show func(*slack.Channel) (enough bool)) error {
	cursor := ""
	for range channelPages {
		var page []slack.Channel
		var next string
		err := c.patient(ctx, "conversations.list", "", func(ctx context.Context) (err error) {
			page, next, err = c.api.GetConversationsContext(ctx, &slack.GetConversationsParameters{
				Cursor: cursor, Limit: channelPage, Types: []string{"public_channel", "private_channel"},
			})
			return err
		})
		if err != nil {
			return err
		}
		for n := range page {
			if show(&page[n]) {
				return nil
			}
		}
		if next == "" {
			return nil
		}
		cursor = next
	}
	return nil
}

// numbered is the name of an incident's channel.
var numbered = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^inc-([1-9][0-9]{0,8})(?:-|$)`) })

// LastNumber is the highest number of an incident that has a channel which we made; 0
// for none.
func (c *Client) LastNumber(ctx context.Context) (last int, err error) {
	self, err := c.whoAmI(ctx)
	if err != nil {
		return 0, err
	}
	err = c.eachChannel(ctx, func(ch *slack.Channel) bool {
		if m := numbered().FindStringSubmatch(ch.Name); m != nil && ch.Creator == self.UserID {
			n, _ := strconv.Atoi(m[1]) // nine digits
			last = max(last, n)
		}
		return false
	})
	return last, err
}

// ChannelByName finds a channel that exists, by name or id, such as the
// announcement channel. ok is false when Rollcall can see none.
func (c *Client) ChannelByName(ctx context.Context, name string) (ch incident.Channel, ok bool, err error) {
	name = strings.TrimPrefix(name, "#")
	if channelID(name) {
		var info *slack.Channel
		err := c.call(ctx, "conversations.info", "", func(ctx context.Context) (err error) {
			info, err = c.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: name})
			return err
		})
		switch {
		case is(err, "channel_not_found"):
			return incident.Channel{}, false, nil
		case err != nil:
			return incident.Channel{}, false, err
		}
		return incident.Channel{ID: info.ID, Name: info.Name}, !info.IsArchived, nil
	}
	found, err := c.findChannel(ctx, name)
	if err != nil || found == nil || found.IsArchived {
		return incident.Channel{}, false, err
	}
	return incident.Channel{ID: found.ID, Name: found.Name}, true, nil
}

// channelID says whether a setting is an id rather than a name: names have no capitals.
func channelID(s string) bool {
	return len(s) > 1 && (s[0] == 'C' || s[0] == 'G') && strings.ToUpper(s) == s
}

// Archive archives a channel. Class: idempotent.
func (c *Client) Archive(ctx context.Context, channel string) error {
	err := c.call(ctx, "conversations.archive", "", func(ctx context.Context) error {
		return c.api.ArchiveConversationContext(ctx, channel)
	})
	if is(err, "already_archived") {
		return nil
	}
	return err
}
