package slackfake

import (
	"bytes"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

func TestPinsBookmarksReactions(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	_, ts, err := w.api.PostMessageContext(ctx, w.ops, slack.MsgOptionText("card", false))
	ok(t, err)
	ref := slack.NewRefToMessage(w.ops, ts)
	ok(t, w.api.AddPinContext(ctx, w.ops, ref))
	refused(t, w.api.AddPinContext(ctx, w.ops, ref), "already_pinned")
	refused(t, w.api.AddPinContext(ctx, w.ops, slack.NewRefToMessage(w.ops, "1.000000")), "message_not_found")
	items, _, err := w.api.ListPinsContext(ctx, w.ops)
	ok(t, err)
	if len(items) != 1 || items[0].Message.Timestamp != ts {
		t.Errorf("pins %+v", items)
	}
	for range 99 {
		_, other, err := w.api.PostMessageContext(ctx, w.ops, slack.MsgOptionText("x", false))
		ok(t, err)
		ok(t, w.api.AddPinContext(ctx, w.ops, slack.NewRefToMessage(w.ops, other)))
	}
	_, other, err := w.api.PostMessageContext(ctx, w.ops, slack.MsgOptionText("x", false))
	ok(t, err)
	refused(t, w.api.AddPinContext(ctx, w.ops, slack.NewRefToMessage(w.ops, other)), "too_many_pins")
	ok(t, w.api.RemovePinContext(ctx, w.ops, ref))
	refused(t, w.api.RemovePinContext(ctx, w.ops, ref), "no_pin")

	link := slack.AddBookmarkParameters{Title: "Call", Type: "link", Link: "https://meet.example.org/a"}
	b, err := w.api.AddBookmarkContext(ctx, w.ops, link)
	ok(t, err)
	_, err = w.api.AddBookmarkContext(ctx, w.ops, link) // Slack does not notice a repeat
	ok(t, err)
	_, err = w.api.EditBookmarkContext(ctx, w.ops, b.ID, slack.EditBookmarkParameters{Link: "https://meet.example.org/b"})
	ok(t, err)
	list, err := w.api.ListBookmarksContext(ctx, w.ops)
	ok(t, err)
	if len(list) != 2 || list[0].Link != "https://meet.example.org/b" || list[0].Title != "Call" || list[1].Link != link.Link {
		t.Errorf("bookmarks %+v", list)
	}
	link.Link = "javascript:alert(1)"
	_, err = w.api.AddBookmarkContext(ctx, w.ops, link)
	refused(t, err, "invalid_link")
	refused(t, w.api.RemoveBookmarkContext(ctx, w.ops, "Bk9999"), "not_found")
	ok(t, w.api.RemoveBookmarkContext(ctx, w.ops, b.ID))

	ok(t, w.api.AddReactionContext(ctx, "eyes", ref))
	refused(t, w.api.AddReactionContext(ctx, "eyes", ref), "already_reacted")
	got, err := w.api.GetReactionsContext(ctx, ref, slack.NewGetReactionsParameters())
	ok(t, err)
	if len(got.Reactions) != 1 || got.Reactions[0].Name != "eyes" || got.Reactions[0].Users[0] != w.Identity().BotUserID {
		t.Errorf("reactions %+v", got)
	}
}

func TestFiles(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	private := w.AddChannel("inc-8", true, w.ana, w.Identity().BotUserID)
	body := "# RFO\n\nall is well"
	f, err := w.api.UploadFileContext(ctx, slack.UploadFileParameters{
		Reader: strings.NewReader(body), FileSize: len(body), Filename: "inc-8.md", Title: "RFO", Channel: private,
	})
	ok(t, err)
	info, _, _, err := w.api.GetFileInfoContext(ctx, f.ID, 0, 0)
	ok(t, err)
	if len(info.Shares.Private[private]) != 1 || info.Title != "RFO" || info.Size != len(body) {
		t.Errorf("files.info %+v", info)
	}
	var back bytes.Buffer
	ok(t, w.api.GetFileContext(ctx, info.URLPrivate, &back))
	if back.String() != body || string(w.Files()[0].Content) != body {
		t.Errorf("came back as %q", back.String())
	}
	if m := w.Messages(private); len(m) != 1 || m[0].Files[0] != f.ID {
		t.Errorf("messages %+v", m)
	}
	if code, _ := w.raw(t, "files.getUploadURLExternal", obj{"filename": "x", "length": 0}); code != "missing_argument" {
		t.Errorf("length 0 gave %q", code)
	}
	u, err := w.api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: "x", FileSize: 5})
	ok(t, err)
	_, err = w.api.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{Files: []slack.FileSummary{{ID: u.FileID}}})
	refused(t, err, "file_not_found") // no bytes yet
	_, _, _, err = w.api.GetFileInfoContext(ctx, u.FileID, 0, 0)
	refused(t, err, "file_not_found")
	if err := w.api.UploadToURL(ctx, slack.UploadToURLParameters{UploadURL: u.UploadURL, Content: "1234", Filename: "x"}); err == nil {
		t.Error("took fewer bytes than announced")
	}
	if !strings.Contains(w.Sent(), "all is well") || len(w.Mentioning("all is well")) != 1 {
		t.Error("the ledger does not have what was uploaded")
	}
}

func TestPeople(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	guest := w.AddUser(User{Name: "gus", Guest: true})
	far := w.AddUser(User{Name: "far", TeamID: "T9"})
	ana, err := w.api.GetUserInfoContext(ctx, w.ana)
	ok(t, err)
	if ana.TZ != "Europe/Lisbon" || ana.Profile.Email != "ana@example.org" || ana.IsRestricted || ana.Profile.DisplayName != "ana" {
		t.Errorf("users.info %+v", ana)
	}
	g, err := w.api.GetUserInfoContext(ctx, guest)
	ok(t, err)
	if !g.IsRestricted || g.IsUltraRestricted {
		t.Errorf("a guest is %+v", g)
	}
	_, err = w.api.GetUserInfoContext(ctx, far)
	refused(t, err, "user_not_visible")
	ok(t, w.Actor("ana").Invite(ctx, "ops", far))
	f, err := w.api.GetUserInfoContext(ctx, far)
	ok(t, err)
	if !f.IsStranger || f.TeamID != "T9" {
		t.Errorf("a stranger is %+v", f)
	}
	_, err = w.api.GetUserInfoContext(ctx, "U9999")
	refused(t, err, "user_not_found")
	byMail, err := w.api.GetUserByEmailContext(ctx, "ANA@example.org")
	ok(t, err)
	if byMail.ID != w.ana {
		t.Errorf("found %s", byMail.ID)
	}
	w.SetScopes("users:read")
	if ana, err = w.api.GetUserInfoContext(ctx, w.ana); err != nil || ana.Profile.Email != "" {
		t.Errorf("an address without users:read.email: %v %+v", err, ana)
	}
	w.SetScopes(DefaultScopes...)
	w.AddUserGroup("oncall", "On call", w.ben)
	groups, err := w.api.GetUserGroupsContext(ctx, slack.GetUserGroupsOptionIncludeUsers(true))
	ok(t, err)
	if len(groups) != 1 || groups[0].Handle != "oncall" || groups[0].Users[0] != w.ben {
		t.Errorf("groups %+v", groups)
	}
}

func TestCallsAndCanvases(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	params := slack.AddCallParameters{JoinURL: "https://meet.example.org/a", ExternalUniqueID: "inc-1", CreatedBy: w.ana}
	made, err := w.api.AddCallContext(ctx, params)
	ok(t, err)
	if made.ID == "" || made.JoinURL != params.JoinURL {
		t.Errorf("call %+v", made)
	}
	_, err = w.api.AddCallContext(ctx, params)
	refused(t, err, "invalid_arguments") // must be unique
	block := func() string { return string(w.Messages("ops")[0].Blocks) }
	_, _, err = w.api.PostMessageContext(ctx, w.ops, slack.MsgOptionText("call", false), slack.MsgOptionBlocks(slack.NewCallBlock("R0")))
	refused(t, err, "invalid_blocks")
	_, _, err = w.api.PostMessageContext(ctx, w.ops, slack.MsgOptionText("call", false), slack.MsgOptionBlocks(slack.NewCallBlock(made.ID)))
	ok(t, err)
	if !strings.Contains(block(), params.JoinURL) || !strings.Contains(block(), `"has_ended":false`) {
		t.Errorf("the block is %s", block())
	}
	for range 2 {
		ok(t, w.api.EndCallContext(ctx, made.ID, slack.EndCallParameters{}))
	}
	if !strings.Contains(block(), `"has_ended":true`) {
		t.Errorf("the block is %s", block())
	}
	w.SetScopes("chat:write")
	refused(t, w.api.EndCallContext(ctx, made.ID, slack.EndCallParameters{}), "missing_scope")
	w.SetScopes(DefaultScopes...)
	doc := slack.DocumentContent{Type: "markdown", Markdown: "# x"}
	_, err = w.api.CreateChannelCanvasContext(ctx, w.ops, doc)
	ok(t, err)
	_, err = w.api.CreateChannelCanvasContext(ctx, w.ops, doc)
	refused(t, err, "channel_canvas_already_exists")
}

func TestUpdateAndBlocks(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	row := slack.MsgOptionBlocks(slack.NewDividerBlock())
	_, ts, err := w.api.PostMessageContext(ctx, w.ops, slack.MsgOptionText("one", false), row)
	ok(t, err)
	blocks := func() string { return string(w.Messages("ops")[0].Blocks) }
	if !strings.Contains(blocks(), "divider") {
		t.Fatalf("blocks %s", blocks())
	}
	_, _, _, err = w.api.UpdateMessageContext(ctx, w.ops, ts, slack.MsgOptionText("two", false))
	ok(t, err)
	if blocks() != "" {
		t.Errorf("a text without blocks leaves %s", blocks())
	}
	if code, _ := w.raw(t, "chat.postMessage", obj{"channel": w.ops, "blocks": []obj{}}); code != "no_text" {
		t.Errorf("an empty list of blocks gave %q", code)
	}
	list, _, err := w.api.GetConversationsForUserContext(ctx, &slack.GetConversationsForUserParameters{})
	ok(t, err)
	if len(list) != 2 {
		t.Errorf("the bot is in %d channels", len(list))
	}
}
