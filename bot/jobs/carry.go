package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/toggle"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// createChannel makes the incident's channel and has the domain learn which it
// is. When Slack refuses, the incident goes on without one.
func (c *carried) createChannel(ctx context.Context) (string, error) {
	if c.inc.Channel.ID != "" {
		return c.inc.Channel.ID, nil
	}
	ch, err := c.Slack.OpenChannel(ctx, outbound.Channel{
		Name: c.inc.Identity.ChannelName, Spare: spareName(c.inc), Private: c.inc.Identity.Private,
		Since: c.inc.Identity.OpenedAt, Proof: string(c.inc.ID), Again: c.again,
	})
	if f, refused := outbound.Refusal(err); refused {
		if err := c.decide(ctx, incident.LoseChannel{Reason: f.Code}); err != nil {
			return "", err
		}
		return "", f
	}
	if err != nil {
		return "", err
	}
	// First the way from the channel to the incident: a command that is typed into
	// the channel the moment it is announced has to be understood.
	err = c.Store.Write(context.WithoutCancel(ctx), func(tx *storage.Tx) error { return tx.BindChannel(ch.ID, c.id) })
	if err != nil {
		return "", &outbound.Failure{End: outbound.NotDone, Step: "bind the channel", Code: "database", Err: err}
	}
	return ch.ID, c.decide(ctx, incident.BindChannel{ID: ch.ID, Name: ch.Name})
}

// spareName is the name for when the incident's own is somebody else's: always
// the same for an incident, so that it is found again.
func spareName(i *incident.Incident) string {
	id := strings.ToLower(strings.ReplaceAll(string(i.ID), "-", ""))
	return "inc-" + strconv.Itoa(i.Identity.Number) + "-" + id[max(0, len(id)-4):]
}

// invite brings people into the channel. Who could not be invited is kept as the
// result, with Slack's word for it.
func (c *carried) invite(ctx context.Context) (string, error) {
	users := c.slackIDs(c.e.Step.People)
	if c.inc.Channel.ID == "" || len(users) == 0 {
		return "", nil // nowhere to invite to, or nobody that Slack knows
	}
	left, err := c.Slack.Invite(ctx, c.inc.Channel.ID, users)
	reasons := make(map[string]string, len(left))
	for user, f := range left {
		reasons[user] = f.Code
		c.report(ctx, f, "user", user)
	}
	if len(reasons) == 0 {
		return "", err
	}
	for reason, who := range c.refusedBy(left) {
		if told := c.decide(ctx, incident.RefuseInvitations{Who: who, Reason: reason}); told != nil {
			return "", told // inviting again changes nothing
		}
	}
	return encode(reasons), err
}

// refusedBy are the people who could not be invited, by Slack's word for it.
func (c *carried) refusedBy(left map[string]*outbound.Failure) map[string][]incident.PersonID {
	by := map[string][]incident.PersonID{}
	for _, p := range c.e.Step.People {
		if f := left[c.crew.SlackID(p)]; f != nil {
			by[f.Code] = append(by[f.Code], p)
		}
	}
	return by
}

// tell sends a direct message to each person. Who has been told is the result,
// so that a next attempt goes on where this one ended.
func (c *carried) tell(ctx context.Context) (string, error) {
	var told []incident.PersonID
	if c.e.Result != "" {
		if err := json.Unmarshal([]byte(c.e.Result), &told); err != nil {
			told = nil // then each is looked up before it is told
		}
	}
	var refused error
	for _, p := range c.e.Step.People {
		user := c.crew.SlackID(p)
		if user == "" || slices.Contains(told, p) {
			continue
		}
		m, send, err := c.remindable(ctx, c.message("/"+string(p), outbound.Place{User: user}), p)
		if send {
			_, err = c.Slack.Post(ctx, m)
		}
		if f, no := outbound.Refusal(err); no {
			c.report(ctx, f, "user", user)
			refused = f
			continue
		}
		if err != nil {
			return encode(told), err
		}
		told = append(told, p)
	}
	if len(told) == 0 && refused != nil {
		return "", refused
	}
	return encode(told), nil
}

// post sends one message into the channel, or to where the incident is talked
// about without one.
func (c *carried) post(ctx context.Context) (string, error) {
	to, ok := c.home()
	if !ok {
		return "", nowhere()
	}
	sent, err := c.Slack.Post(ctx, c.message("", to))
	return sent.TS, err
}

// message is the step as a message. Its identity is the step's own, with what
// tells it from the step's other messages.
func (c *carried) message(part string, to outbound.Place) outbound.Post {
	return outbound.Post{
		Op: c.e.ID + part, To: to, Incident: c.id, Say: c.e.Step.Say, Choices: c.e.Step.Choices, View: c.view,
		Since: c.e.At, Again: c.again,
	}
}

// publish writes the RFO's file, which repeating does not change, and shares it.
func (c *carried) publish(ctx context.Context) (fileID string, err error) {
	if c.Publish == nil {
		return "", nowhere()
	}
	f, err := c.Publish(ctx, c.id, c.e.Step.Number)
	if err != nil {
		return c.e.Result, &outbound.Failure{End: outbound.NotDone, Step: "write the RFO", Code: "file", Err: err}
	}
	to, ok := c.home()
	if !ok {
		return c.e.Result, nowhere()
	}
	f.To = to
	if c.e.Result == "" && !c.On(ctx, toggle.Uploads) {
		return "", c.leftOnDisk(ctx, f)
	}
	fileID = c.e.Result
	err = c.Slack.Upload(ctx, f, fileID, func(id string) error {
		fileID = id
		return c.note(ctx, id)
	})
	return fileID, err
}

func (c *carried) archive(ctx context.Context) (string, error) {
	if c.inc.Channel.ID == "" {
		return "", nil
	}
	return "", c.Slack.Archive(ctx, c.inc.Channel.ID)
}

func (c *carried) slackIDs(people []incident.PersonID) []string {
	var users []string
	for _, p := range people {
		if id := c.crew.SlackID(p); id != "" && !slices.Contains(users, id) {
			users = append(users, id)
		}
	}
	return users
}

// nowhere is the end of a step for which there is no place left.
func nowhere() error {
	return &outbound.Failure{
		End: outbound.Refused, Step: "place", Code: "no_place",
		Fix: "`rollcall doctor` says why there is neither a channel, nor an announcement channel, nor anybody to write to.",
	}
}

// encode is a result as text; it is made of maps and lists of text only.
func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}
