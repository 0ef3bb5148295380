package slackio

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/incident"
)

// bench is a Slack to try steps on. Its clock stands still but for what steps
// wait for.
type bench struct {
	*slackfake.Workspace
	*Client
	t     *testing.T
	clock *clock.Movable
}

func newBench(t *testing.T) *bench {
	t.Helper()
	now := clock.Frozen(start.Add(time.Second))
	ws := slackfake.New(slackfake.Options{Now: now.Now, StrictRates: true})
	address, err := ws.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(Options{
		Token: ws.BotToken(), APIURL: address, Now: now.Now, Wall: time.Now, Book: texts(t), Log: slog.New(slog.DiscardHandler),
		Sleep: func(ctx context.Context, d time.Duration) error { now.Advance(d); return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.http.CloseIdleConnections)
	return &bench{Workspace: ws, Client: c, t: t, clock: now}
}

// carry takes a step as the workers do, until it succeeds: after an end that is
// not clear with again set.
func (b *bench) carry(step func(again bool) error) (attempts int) {
	b.t.Helper()
	again := false
	for attempts = 1; attempts <= 6; attempts++ {
		f := outbound.FailureOf(step(again))
		switch {
		case f == nil:
			return attempts
		case f.End == outbound.Refused:
			b.t.Fatalf("refused: %v (%s)", f, f.Fix)
		case f.End == outbound.Unclear:
			again = true
		}
		b.clock.Advance(f.Wait + time.Second)
	}
	b.t.Fatal("never done")
	return attempts
}

func wanted(i *incident.Incident) outbound.Channel {
	return outbound.Channel{Name: i.Identity.ChannelName, Spare: "inc-7-0190", Since: i.Identity.OpenedAt, Proof: string(i.ID)}
}

// steps are what is carried out, and how often its result is there afterwards.
var steps = map[string]struct {
	methods []string // that may go wrong
	take    func(b *bench, again bool) error
	count   func(b *bench) int
}{
	"channel": {
		[]string{"conversations.create", "conversations.setPurpose"},
		func(b *bench, again bool) error {
			want := wanted(outage())
			want.Again = again
			_, err := b.OpenChannel(b.t.Context(), want)
			return err
		},
		func(b *bench) int {
			n := 0
			for _, ch := range b.Snapshot().Channels {
				if strings.HasPrefix(ch.Name, "inc-") {
					n++
				}
			}
			return n
		},
	},
	"private channel": {
		[]string{"conversations.create"},
		func(b *bench, again bool) error {
			want := wanted(outage())
			want.Again, want.Private = again, true
			_, err := b.OpenChannel(b.t.Context(), want)
			return err
		},
		func(b *bench) int { return len(b.Snapshot().Channels) - 1 },
	},
	"message": {
		[]string{"chat.postMessage"},
		func(b *bench, again bool) error {
			_, err := b.Post(b.t.Context(), note(outbound.Place{Channel: "C0001"}, again))
			return err
		},
		func(b *bench) int { return b.MessageCount("general") },
	},
	"message in a thread": {
		[]string{"chat.postMessage"},
		func(b *bench, again bool) error {
			_, err := b.Post(b.t.Context(), note(outbound.Place{Channel: "C0001", Thread: b.root()}, again))
			return err
		},
		func(b *bench) int { return b.MessageCount("general") - 1 },
	},
	"direct message": {
		[]string{"conversations.open", "chat.postMessage"},
		func(b *bench, again bool) error {
			_, err := b.Post(b.t.Context(), note(outbound.Place{User: b.person()}, again))
			return err
		},
		func(b *bench) int { return len(b.DirectMessages(b.person())) },
	},
	"summary": {
		[]string{"chat.postMessage", "pins.add"},
		func(b *bench, again bool) error { return b.draw(incident.SummaryCard, again) },
		func(b *bench) int {
			ch, _ := b.Channel("general")
			return b.MessageCount("general") * len(ch.Pins)
		},
	},
	"bookmark": {
		[]string{"bookmarks.list", "bookmarks.add"},
		func(b *bench, again bool) error { return b.draw(incident.BookmarkCard, again) },
		func(b *bench) int { ch, _ := b.Channel("general"); return len(ch.Bookmarks) },
	},
	"topic": {
		[]string{"conversations.setTopic"},
		func(b *bench, again bool) error { return b.draw(incident.TopicCard, again) },
		func(b *bench) int { return strings.Count(topicOf(b), "sev1 · open") },
	},
	"invitation": {
		[]string{"conversations.invite"},
		func(b *bench, _ bool) error {
			left, err := b.Invite(b.t.Context(), b.own(), []string{b.person(), b.Identity().BotUserID})
			if len(left) > 0 {
				b.t.Fatalf("left out: %v", left)
			}
			return err
		},
		func(b *bench) int { ch, _ := b.Channel("own"); return len(ch.Members) - 1 },
	},
	"file": {
		[]string{"files.getUploadURLExternal", "upload", "files.completeUploadExternal"},
		func(b *bench, _ bool) error {
			return b.Upload(b.t.Context(), outbound.File{
				Name: "INC-7.md", Title: "INC-7", Body: []byte("# INC-7\n"), To: outbound.Place{Channel: "C0001"},
			}, saved[b], func(id string) error { saved[b] = id; return nil })
		},
		func(b *bench) int {
			n := 0
			for _, f := range b.Files() {
				n += len(f.Shares)
			}
			return n
		},
	},
	"archive": {
		[]string{"conversations.archive"},
		func(b *bench, _ bool) error { return b.Archive(b.t.Context(), b.own()) },
		func(b *bench) int {
			if ch, _ := b.Channel("own"); ch.Archived {
				return 1
			}
			return 0
		},
	},
}

// saved and drawn are what the workers would keep in rows.
var (
	saved = map[*bench]string{}
	drawn = map[*bench]outbound.Sent{}
)

func (b *bench) draw(card incident.Card, again bool) error {
	var err error
	drawn[b], err = b.Draw(b.t.Context(), outbound.Card{
		Card: card, Incident: outage(), View: view(), To: outbound.Place{Channel: "C0001"}, Since: start, Again: again, Sent: drawn[b],
	})
	return err
}

func note(to outbound.Place, again bool) outbound.Post {
	return outbound.Post{
		Op: "op-1", To: to, Incident: "0190-7", Since: start.Add(time.Second), Again: again, View: view(),
		Say: incident.Say{ID: "card_task.gone", Args: incident.Args{"id": "T2"}},
	}
}

func topicOf(b *bench) string { ch, _ := b.Channel("general"); return ch.Topic }

// person is the one person that the bench has.
func (b *bench) person() string {
	for _, u := range b.Snapshot().Users {
		if u.Name == "ana" {
			return u.ID
		}
	}
	return b.AddUser(slackfake.User{Name: "ana", RealName: "Ana", TZ: "Europe/Berlin"})
}

// own is a channel that Rollcall made.
func (b *bench) own() string {
	if ch, ok := b.Channel("own"); ok {
		return ch.ID
	}
	return b.AddChannel("own", false, b.Identity().BotUserID)
}

// root is the first message of the general channel.
func (b *bench) root() string {
	if all := b.Messages("general"); len(all) > 0 {
		return all[0].TS
	}
	sent, err := b.post(b.t.Context(), "C0001", "", Message{Text: "root"})
	if err != nil {
		b.t.Fatal(err)
	}
	return sent.TS
}

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
	for name, step := range steps {
		for _, method := range step.methods {
			for _, fault := range faults {
				t.Run(fmt.Sprint(name, "/", method, "/", fault.Kind, fault.Error), func(t *testing.T) {
					b := newBench(t)
					if name == "message in a thread" {
						b.root()
					}
					fault.Method, fault.Times = method, 2
					b.Inject(fault)
					b.carry(func(again bool) error { return step.take(b, again) })
					if n := step.count(b); n != 1 {
						t.Fatalf("it is there %d times", n)
					}
					if v := b.Violations(); len(v) > 0 {
						t.Fatalf("a Retry-After was not kept: %+v", v)
					}
				})
			}
		}
	}
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

func TestANewCallEditsTheBookmark(t *testing.T) {
	b, i := newBench(t), outage()
	card := outbound.Card{Card: incident.BookmarkCard, Incident: i, View: view(), To: outbound.Place{Channel: "C0001"}}
	var err error
	for _, address := range []string{"https://meet.example/a", "https://meet.example/b?x=1&y=2", "https://meet.example/b?x=1&y=2"} {
		i.Calls = []incident.Call{{URL: address}}
		if card.Sent, err = b.Draw(t.Context(), card); err != nil {
			t.Fatal(err)
		}
	}
	ch, _ := b.Channel("general")
	if len(ch.Bookmarks) != 1 || ch.Bookmarks[0].Link != "https://meet.example/b?x=1&y=2" || b.Done("bookmarks.list") != 2 {
		t.Fatalf("the bookmarks are %+v", ch.Bookmarks)
	}
}

func TestACardIsEditedInPlaceAndPostedAgainWhenDeleted(t *testing.T) {
	b, i := newBench(t), outage()
	card := outbound.Card{Card: "task:T2", Incident: i, View: view(), To: outbound.Place{Channel: "C0001"}, Since: start}
	draw := func() slackfake.Message {
		t.Helper()
		var err error
		if card.Sent, err = b.Draw(t.Context(), card); err != nil {
			t.Fatal(err)
		}
		all := b.Messages("general")
		return all[len(all)-1]
	}
	first := draw()
	i.Board.Tasks[1].State, i.Board.Tasks[1].ClosedBy = incident.TaskDone, "bob"
	second := draw()
	if first.TS != second.TS || b.MessageCount("general") != 1 || !strings.Contains(second.Plain(), "Done by Ana") {
		t.Fatalf("the card became %q", second.Plain())
	}
	if _, _, err := b.api.DeleteMessageContext(t.Context(), "C0001", first.TS); err != nil {
		t.Fatal(err)
	}
	if third := draw(); third.TS == first.TS || b.MessageCount("general") != 1 {
		t.Fatalf("the deleted card is %+v", third)
	}
}

func TestAMessageCarriesNothingThatComesAlive(t *testing.T) {
	b, i := newBench(t), outage()
	i.Board.Tasks[1].Text = "<!channel> <@" + b.person() + "> @here https://evil.example #general"
	if _, err := b.Draw(t.Context(), outbound.Card{Card: "task:T2", Incident: i, View: view(), To: outbound.Place{Channel: "C0001"}}); err != nil {
		t.Fatal(err)
	}
	call := b.Calls("chat.postMessage")[0]
	for _, bad := range []string{"<!channel>", "<@" + b.person() + ">"} {
		if strings.Contains(call.String(), bad) {
			t.Errorf("%s is in %s", bad, call)
		}
	}
	if call.Args["unfurl_links"] != "false" || call.Args["unfurl_media"] != "false" || call.Args["link_names"] != "" || call.Args["parse"] != "" {
		t.Errorf("sent with %v", call.Args)
	}
	if !strings.Contains(call.Args["blocks"], `"verbatim":true`) {
		t.Errorf("the blocks are %s", call.Args["blocks"])
	}
}

func TestAnAnswerFindsItsReader(t *testing.T) {
	b := newBench(t)
	user := b.person()
	reply := outbound.Reply{
		URL: strings.TrimSuffix(b.APIURL(), "api/") + "hooks/unknown", Text: "done", To: outbound.Place{Channel: "C0001", User: user},
		Buttons: []outbound.Button{{Label: "Undo", Offer: "offer-1"}, {Label: "Page", URL: "https://rollcall.example"}},
	}
	if err := b.Reply(t.Context(), reply); err != nil { // the address is not taken any more
		t.Fatal(err)
	}
	if got := b.Ephemerals(user); len(got) != 1 || !strings.Contains(got[0].Plain(), "done") {
		t.Fatalf("%s sees %+v", user, got)
	}
	reply.URL, reply.To.Channel = "", b.own()
	if err := b.Reply(t.Context(), reply); err != nil { // not a member there
		t.Fatal(err)
	}
	if got := b.DirectMessages(user); len(got) != 1 || !strings.Contains(string(got[0].Blocks), `"offer:0"`) {
		t.Fatalf("%s was told %+v", user, got)
	}
}

func TestPeopleAreReadPageByPage(t *testing.T) {
	b := newBench(t)
	for n := range userPage + 20 {
		b.AddUser(slackfake.User{Name: fmt.Sprint("p", n), Guest: n == 0})
	}
	var all []outbound.User
	cursor := ""
	for {
		page, next, err := b.Users(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page...)
		if cursor = next; next == "" {
			break
		}
	}
	if len(all) < userPage+20 {
		t.Fatalf("read %d people", len(all))
	}
	who, ok, err := b.User(t.Context(), b.person())
	if err != nil || !ok || who.Name != "Ana" && who.Name != "ana" || who.Zone != "Europe/Berlin" || who.Guest || who.Bot {
		t.Fatalf("got %+v, %v, %v", who, ok, err)
	}
	if _, ok, err := b.User(t.Context(), "U9999"); ok || err != nil {
		t.Fatalf("got %v, %v", ok, err)
	}
}

func TestTheAnnouncementChannelIsFoundByNameAndById(t *testing.T) {
	b := newBench(t)
	id := b.AddChannel("incidents", false, b.person(), b.Identity().BotUserID)
	for name, want := range map[string]bool{"incidents": true, "#incidents": true, id: true, "nowhere": false, "C9999": false} {
		ch, ok, err := b.ChannelByName(t.Context(), name)
		if err != nil || ok != want || ok && ch.ID != id {
			t.Errorf("%s: %+v, %v, %v", name, ch, ok, err)
		}
	}
}

func TestViewsThatCannotBeShownAreRefusedBeforeTheyAreSent(t *testing.T) {
	b := newBench(t)
	if _, ok := outbound.Refusal(b.OpenView(t.Context(), "trigger", []byte("{"))); !ok {
		t.Fatal("a broken view was sent")
	}
	view := []byte(`{"type":"modal","title":{"type":"plain_text","text":"Open"},"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"` +
		strings.Repeat("x", maxView) + `"}}]}`)
	if _, ok := outbound.Refusal(b.OpenView(t.Context(), "trigger", view)); !ok {
		t.Fatal("a view that is too large was sent")
	}
	if n := len(b.Calls("views.open")); n != 0 {
		t.Fatalf("%d calls", n)
	}
	if f, ok := outbound.Refusal(b.OpenView(t.Context(), "no-trigger", view[:0:0])); !ok || f.Code != "bad_view" {
		t.Fatalf("got %v", f)
	}
}
