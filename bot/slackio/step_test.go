package slackio

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/playground/chaos"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

func TestWhateverGoesWrongEachStepIsThereOnce(t *testing.T) {
	faults := []slackfake.Fault{
		{Kind: slackfake.LostReply},
		{Kind: slackfake.ErrorDone, Error: "fatal_error"},
		{Kind: slackfake.Garbled},
		{Kind: slackfake.Reset},
		{Kind: slackfake.Status, Code: 503},
		{Kind: slackfake.BodyError, Error: "internal_error"},
		{Kind: slackfake.Limited, RetryAfter: 9},
		{Kind: slackfake.BodyError, Error: "ratelimited"},
	}
	tried, doubled, touched := 0, 0, map[string]bool{}
	for name, step := range steps {
		for _, method := range step.methods {
			touched[method] = true
			for _, fault := range faults {
				tried++
				t.Run(fmt.Sprint(name, "/", method, "/", fault.Kind, fault.Error), func(t *testing.T) {
					b := newBench(t)
					if name == "message in a thread" {
						b.root()
					}
					fault.Method, fault.Times = method, 2
					b.Inject(fault)
					b.carry(func(again bool) error { return step.take(b, again) })
					if n := step.count(b); n != 1 {
						doubled++
						t.Fatalf("it is there %d times", n)
					}
					if v := b.Violations(); len(v) > 0 {
						t.Fatalf("a Retry-After was not kept: %+v", v)
					}
				})
			}
		}
	}
	chaos.Figure{
		Program: "lost replies, errors after the act, half answers, resets, 503, 429 at every step and method of Slack's", Seed: 0,
		Count:  fmt.Sprintf("%d tries: %d steps, %d methods, %d kinds of fault", tried, len(steps), len(touched), len(faults)),
		Result: fmt.Sprintf("%d doubled or missing", doubled),
	}.Show(t)
}

func TestStepsTakenTwiceAreThereOnce(t *testing.T) {
	for name, step := range steps {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			if name == "message in a thread" {
				b.root()
			}
			for range 3 {
				if err := step.take(b, true); err != nil {
					t.Fatal(err)
				}
			}
			if n := step.count(b); n != 1 {
				t.Fatalf("it is there %d times", n)
			}
		})
	}
}

func TestWhereItCannotLookItPostsAllTheSame(t *testing.T) {
	b := newBench(t)
	b.AddChannel("incidents", false, b.person())
	ch, _ := b.Channel("incidents")
	if _, err := b.Post(t.Context(), note(outbound.Place{Channel: ch.ID}, true)); err != nil || b.MessageCount("incidents") != 1 {
		t.Fatalf("%d messages, %v", b.MessageCount("incidents"), err)
	}
}

func TestAPostThatIsGoneIsPostedAnew(t *testing.T) {
	b := newBench(t)
	p := note(outbound.Place{Channel: "C0001"}, false)
	p.Sent = outbound.Sent{Channel: "C0001", TS: "1772632800.000001"}
	sent, err := b.Post(t.Context(), p)
	if err != nil || b.MessageCount("general") != 1 {
		t.Fatalf("%d messages, %v", b.MessageCount("general"), err)
	}
	p.Sent = sent
	if again, err := b.Post(t.Context(), p); err != nil || again != sent || b.MessageCount("general") != 1 || b.Done("chat.update") != 1 {
		t.Fatalf("edited it is %+v, %d messages, %v", again, b.MessageCount("general"), err)
	}
}

func TestAChannelThatIsNotOursIsLeftAlone(t *testing.T) {
	i := outage()
	for name, prepare := range map[string]func(b *bench){
		"somebody else's": func(b *bench) { b.AddChannel(i.Identity.ChannelName, false, b.person()) },
		"a private one":   func(b *bench) { b.AddChannel(i.Identity.ChannelName, true, b.person()) },
		"ours, of another incident": func(b *bench) {
			other := wanted(i)
			other.Proof = "0180-1"
			if _, err := b.OpenChannel(b.t.Context(), other); err != nil {
				b.t.Fatal(err)
			}
		},
		"ours, but older": func(b *bench) {
			b.AddChannel(i.Identity.ChannelName, false, b.Identity().BotUserID)
			b.clock.Advance(time.Hour)
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			prepare(b)
			want := wanted(i)
			if name == "ours, but older" {
				want.Since = want.Since.Add(time.Hour)
			}
			for range 2 { // the second time as after a crash
				ch, err := b.OpenChannel(t.Context(), want)
				if err != nil || ch.Name != want.Spare {
					t.Fatalf("got %+v, %v", ch, err)
				}
				want.Again = true
			}
			if got, _ := b.Channel(want.Spare); !strings.Contains(got.Purpose, want.Proof) || got.Creator != b.Identity().BotUserID {
				t.Fatalf("the channel is %+v", got.Channel)
			}
		})
	}
}

func TestBothNamesTakenIsRefusedWithWhatToDo(t *testing.T) {
	b, want := newBench(t), wanted(outage())
	b.AddChannel(want.Name, false, b.person())
	b.AddChannel(want.Spare, false, b.person())
	_, err := b.OpenChannel(t.Context(), want)
	if f, ok := outbound.Refusal(err); !ok || f.Code != "name_taken" || f.Fix == "" {
		t.Fatalf("got %v", err)
	}
}

func TestRefusalsNameTheSetting(t *testing.T) {
	b := newBench(t)
	b.Restrict(true)
	_, err := b.OpenChannel(t.Context(), wanted(outage()))
	if f, ok := outbound.Refusal(err); !ok || f.Code != "restricted_action" || !strings.Contains(f.Fix, "settings") {
		t.Fatalf("got %v", err)
	}
	b.Restrict(false)
	b.SetScopes("chat:write")
	_, err = b.OpenChannel(t.Context(), wanted(outage()))
	if f, ok := outbound.Refusal(err); !ok || f.Code != "missing_scope" || !strings.Contains(f.Fix, "channels:manage") {
		t.Fatalf("got %v", err)
	}
}

func TestOnePersonDoesNotKeepTheOthersOut(t *testing.T) {
	b := newBench(t)
	good := []string{b.person(), b.AddUser(slackfake.User{Name: "bob"})}
	gone := b.AddUser(slackfake.User{Name: "gone", Deleted: true})
	left, err := b.Invite(t.Context(), b.own(), []string{gone, good[0], b.Identity().BotUserID, good[1]})
	if err != nil || len(left) != 1 || left[gone] == nil || left[gone].Code != "user_not_found" {
		t.Fatalf("left %v, %v", left, err)
	}
	ch, _ := b.Channel("own")
	for _, user := range good {
		if !slices.Contains(ch.Members, user) {
			t.Errorf("%s is not in the channel", user)
		}
	}
}
