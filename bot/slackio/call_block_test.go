package slackio

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/incident"
)

// showing draws an incident's call and returns what stands there.
func (b *bench) showing(i *incident.Incident, before outbound.Sent) (outbound.Sent, string) {
	b.t.Helper()
	b.clock.Advance(time.Second)
	sent, err := b.Draw(b.t.Context(), outbound.Card{
		Card: incident.CallCard, Incident: i, View: view(), To: outbound.Place{Channel: "C0001"}, Since: start, Sent: before,
	})
	if err != nil {
		b.t.Fatal(err)
	}
	if b.MessageCount("general") == 0 {
		return sent, ""
	}
	return sent, string(b.Messages("general")[0].Blocks)
}

func TestACallIsShownFollowsAndEnds(t *testing.T) {
	b, i := newBench(t), outage()
	i.Identity.Private = true
	sent, block := b.showing(i, outbound.Sent{})
	if !strings.Contains(block, `"join_url":"https://meet.example/inc7?a=1`) || !strings.Contains(block, "Call of INC-7") || strings.Contains(block, "Checkout") {
		t.Fatalf("it shows %s", block)
	}
	if again, _ := b.showing(i, sent); again != sent || b.Done("calls.add") != 1 || b.Done("chat.update") != 0 {
		t.Fatalf("drawn again without a change it is %+v", again)
	}
	i.Calls = append(i.Calls, incident.Call{URL: "https://meet.example/other", Provider: "link", By: "ana", At: start})
	sent, block = b.showing(i, sent)
	if !strings.Contains(block, "/other") || b.MessageCount("general") != 1 {
		t.Fatalf("the next call is shown as %s", block)
	}
	i.Life.Status = incident.Resolved
	sent, block = b.showing(i, sent)
	if !strings.Contains(block, `"has_ended":true`) {
		t.Fatalf("after the end it shows %s", block)
	}
	i.Life.Status = incident.Open
	_, block = b.showing(i, sent)
	if !strings.Contains(block, `"has_ended":false`) || b.MessageCount("general") != 1 {
		t.Fatalf("opened again it shows %s", block)
	}
	for n, c := range b.PhoneCalls() {
		if c.Ended.IsZero() != (n == 2) {
			t.Errorf("call %d is %+v", n, c)
		}
	}
}

func TestACallThatSlackRefusesIsALink(t *testing.T) {
	for name, refuse := range map[string]func(*bench){
		"no scope": func(b *bench) { b.SetScopes("chat:write", "channels:history") },
		"no such block": func(b *bench) {
			b.Inject(slackfake.Fault{Method: "chat.postMessage", Kind: slackfake.BodyError, Error: "invalid_blocks"})
		},
		"nobody may call": func(b *bench) {
			b.Inject(slackfake.Fault{Method: "calls.add", Kind: slackfake.BodyError, Error: "not_authorized"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			refuse(b)
			sent, _ := b.showing(outage(), outbound.Sent{})
			if b.MessageCount("general") != 0 || sent.Extra != "" {
				t.Fatalf("%d messages, %+v", b.MessageCount("general"), sent)
			}
			b.SetScopes(slackfake.DefaultScopes...)
			b.Heal()
			if sent, _ = b.showing(outage(), sent); b.MessageCount("general") != 1 || sent.Extra == "" {
				t.Fatalf("once it may, %d messages, %+v", b.MessageCount("general"), sent)
			}
		})
	}
}

func TestSomebodyWhomSlackDoesNotTakeIsNotInTheWay(t *testing.T) {
	b := newBench(t)
	b.showing(outage(), outbound.Sent{}) // by somebody whom this workspace does not have
	if all := b.PhoneCalls(); len(all) != 1 || all[0].By != b.Identity().BotUserID {
		t.Fatalf("got %+v", all)
	}
	if err := b.TryCall(t.Context(), "doctor/1"); err != nil {
		t.Fatal(err)
	}
	if all := b.PhoneCalls(); len(all) != 2 || all[1].Ended.IsZero() {
		t.Fatalf("got %+v", all)
	}
}
