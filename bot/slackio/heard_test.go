package slackio

import (
	"slices"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

func TestAMessageIsReadAsItIs(t *testing.T) {
	b := newBench(t)
	ana := b.AddUser(slackfake.User{Name: "ana"})
	room := b.AddChannel("room", false, ana, b.Identity().BotUserID)
	actor := b.Actor(ana)
	root, err := actor.Post(t.Context(), room, "", "the queue is <full> & stuck")
	if err != nil {
		t.Fatal(err)
	}
	reply, err := actor.Post(t.Context(), room, root.TS, "since noon")
	if err != nil {
		t.Fatal(err)
	}
	if err := actor.React(t.Context(), room, reply.TS, "pushpin"); err != nil {
		t.Fatal(err)
	}
	m, ok, err := b.Message(t.Context(), room, root.TS)
	if err != nil || !ok || m.User != ana || m.Ours || m.App != "" || m.Thread != "" || m.Text != "the queue is &lt;full&gt; &amp; stuck" || len(m.Reactions) != 0 {
		t.Errorf("the root is %+v %v %v", m, ok, err)
	}
	m, ok, err = b.Message(t.Context(), room, reply.TS)
	if err != nil || !ok || m.Thread != root.TS || !slices.Equal(m.Reactions["pushpin"], []string{ana}) {
		t.Errorf("the reply is %+v %v %v", m, ok, err)
	}
	if !strings.HasSuffix(m.Link, ".slack.com/archives/"+room+"/p"+strings.ReplaceAll(reply.TS, ".", "")+"?thread_ts="+root.TS+"&cid="+room) {
		t.Errorf("it is at %s", m.Link)
	}
	card, err := b.post(t.Context(), room, "", Message{Text: "a card"})
	if err != nil {
		t.Fatal(err)
	}
	if m, ok, err := b.Message(t.Context(), room, card.TS); err != nil || !ok || !m.Ours {
		t.Errorf("a card is %+v %v %v", m, ok, err)
	}
	if err := actor.DeleteMessage(t.Context(), room, reply.TS); err != nil {
		t.Fatal(err)
	}
	if m, ok, err := b.Message(t.Context(), room, reply.TS); err != nil || ok {
		t.Errorf("a deleted one is %+v %v %v", m, ok, err)
	}
}
