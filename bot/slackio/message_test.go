package slackio

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/incident"
)

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
	if len(ch.Bookmarks) != 1 || ch.Bookmarks[0].Link != "https://meet.example/b?x=1&y=2" || b.Done("bookmarks.list") != 1 {
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

func TestADeletedCardIsPostedAgainOnceThoughTheReplyIsLost(t *testing.T) {
	for _, refusal := range []string{"", "edit_window_closed"} {
		b := newBench(t)
		card := outbound.Card{Card: "task:T2", Incident: outage(), View: view(), To: outbound.Place{Channel: "C0001"}, Since: start}
		draw := func(bool) (err error) {
			card.Sent, err = b.Draw(t.Context(), card)
			return err
		}
		b.carry(draw)
		want := 1
		if refusal == "" {
			if _, _, err := b.api.DeleteMessageContext(t.Context(), "C0001", card.Sent.TS); err != nil {
				t.Fatal(err)
			}
		} else { // the old message stays, and is not taken for the new one
			want = 2
			b.Inject(slackfake.Fault{Method: "chat.update", Kind: slackfake.BodyError, Error: refusal, Times: 2})
		}
		b.Inject(slackfake.Fault{Method: "chat.postMessage", Kind: slackfake.LostReply, Times: 1})
		b.carry(draw)
		if n := b.MessageCount("general"); n != want {
			t.Errorf("%q: %d messages", refusal, n)
		}
	}
}

func TestACardFollowsItsIncidentOutOfAnArchivedChannel(t *testing.T) {
	b := newBench(t)
	card := outbound.Card{Card: "task:T2", Incident: outage(), View: view(), To: outbound.Place{Channel: b.own()}, Since: start}
	var err error
	if card.Sent, err = b.Draw(t.Context(), card); err != nil {
		t.Fatal(err)
	}
	if err := b.Archive(t.Context(), b.own()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Draw(t.Context(), card); !is(err, "is_archived") {
		t.Fatalf("where it belongs nothing can be posted, but: %v", err)
	}
	card.To = outbound.Place{Channel: "C0001", Thread: b.root()}
	if card.Sent, err = b.Draw(t.Context(), card); err != nil || card.Sent.Channel != "C0001" || b.MessageCount("general") != 2 {
		t.Fatalf("the card stands at %+v, %v", card.Sent, err)
	}
}

func TestAFileForAPersonReachesThem(t *testing.T) {
	b := newBench(t)
	err := b.Upload(t.Context(), outbound.File{Name: "INC-7.md", Title: "INC-7", Body: []byte("# INC-7\n"), To: outbound.Place{User: b.person()}},
		"", func(string) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if f := b.Files(); len(f) != 1 || len(f[0].Shares) != 1 || len(b.DirectMessages(b.person())) != 1 {
		t.Fatalf("the files are %+v", f)
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
