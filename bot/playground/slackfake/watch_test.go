package slackfake

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

func TestSnapshotIsACopy(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	_, ts, err := w.api.PostMessageContext(ctx, w.ops, slack.MsgOptionText("one", false))
	ok(t, err)
	ok(t, w.api.AddPinContext(ctx, w.ops, slack.NewRefToMessage(w.ops, ts)))
	ok(t, w.Actor("ana").React(ctx, "ops", ts, "eyes"))
	before := w.Snapshot()
	ok(t, w.Actor("ben.b").React(ctx, "ops", ts, "eyes"))
	_, _, _, err = w.api.UpdateMessageContext(ctx, w.ops, ts, slack.MsgOptionText("two", false))
	ok(t, err)
	old := before.Channels[1]
	if old.Name != "ops" || old.Messages[0].Text != "one" || len(old.Messages[0].Reactions[0].Users) != 1 || len(old.Pins) != 1 {
		t.Errorf("the snapshot changed: %+v", old)
	}
	if m := w.Messages("ops")[0]; m.Text != "two" || len(m.Reactions[0].Users) != 2 {
		t.Errorf("now %+v", m)
	}
	if len(before.Users) != 3 || before.BotUserID != "U0BOT" {
		t.Errorf("users %+v", before.Users)
	}
}

func TestSubscribe(t *testing.T) {
	w := newWorld(t)
	changes, end := w.Subscribe()
	_, err := w.api.AuthTestContext(t.Context())
	ok(t, err)
	if c := <-changes; c.What != "auth.test" || c.Number == 0 {
		t.Errorf("change %+v", c)
	}
	end()
	end()
	if _, open := <-changes; open {
		t.Error("changes after the end")
	}
	_, err = w.api.AuthTestContext(t.Context())
	ok(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := w.WaitFor(ctx, func() bool { return false }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waited in vain: %v", err)
	}
}
