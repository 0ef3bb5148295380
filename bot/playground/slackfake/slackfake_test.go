package slackfake

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot/clock"
)

// t0 is when the tests' clock starts.
var t0 = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// world is a workspace with a client that knows it for Slack.
type testWorld struct {
	*Workspace
	clock *clock.Movable
	api   *slack.Client
	ana   string
	ben   string
	ops   string // a public channel with the bot in it
}

func newWorld(t *testing.T, change ...func(*Options)) *testWorld {
	t.Helper()
	c := clock.Frozen(t0)
	o := Options{Now: c.Now}
	for _, f := range change {
		f(&o)
	}
	ws := New(o)
	url, err := ws.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := &testWorld{Workspace: ws, clock: c, api: slack.New(ws.BotToken(), slack.OptionAPIURL(url))}
	w.ana = ws.AddUser(User{Name: "ana", RealName: "Ana Alves", Email: "ana@example.org", TZ: "Europe/Lisbon"})
	w.ben = ws.AddUser(User{Name: "ben.b", RealName: "Ben Berg"})
	w.ops = ws.AddChannel("ops", false, w.ana, w.ana, w.ben, ws.Identity().BotUserID)
	return w
}

// refused checks that an error is Slack's refusal with a code.
func refused(t *testing.T, err error, code string) {
	t.Helper()
	_ = slackError(t, err, code) // what else it says is not looked at
}

// slackError is refused, for a closer look at what Slack said.
func slackError(t *testing.T, err error, code string) slack.SlackErrorResponse {
	t.Helper()
	var e slack.SlackErrorResponse
	if !errors.As(err, &e) {
		if err == nil || err.Error() != code { // pins.list and others lose the type
			t.Fatalf("got %v, want %s", err, code)
		}
		return e
	}
	if e.Err != code {
		t.Fatalf("got %s %v, want %s", e.Err, e.ResponseMetadata.Messages, code)
	}
	return e
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// bot is an HTTP bot that checks signatures and answers as told.
type bot struct {
	mu     sync.Mutex
	got    []*http.Request
	bodies []string
	answer func(path, body string) (int, string)
}

func (b *bot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := new(strings.Builder)
	buf := make([]byte, 1<<16)
	for {
		n, err := r.Body.Read(buf)
		body.Write(buf[:n])
		if err != nil {
			break
		}
	}
	b.mu.Lock()
	b.got, b.bodies = append(b.got, r), append(b.bodies, body.String())
	answer := b.answer
	b.mu.Unlock()
	status, text := http.StatusOK, ""
	if answer != nil {
		status, text = answer(r.URL.Path, body.String())
	}
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}

func (b *bot) requests(path string) (out []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for n, r := range b.got {
		if r.URL.Path == path {
			out = append(out, b.bodies[n])
		}
	}
	return out
}

func TestTokensAndScopes(t *testing.T) {
	w := newWorld(t)
	who, err := w.api.AuthTestContext(t.Context())
	ok(t, err)
	if who.UserID != w.Identity().BotUserID || who.BotID != w.Identity().BotID || who.TeamID != "T0001" {
		t.Errorf("auth.test says %+v", who)
	}
	for token, code := range map[string]string{"": "not_authed", "xoxb-other": "invalid_auth", w.AppToken(): "not_allowed_token_type"} {
		_, err := slack.New(token, slack.OptionAPIURL(w.APIURL())).AuthTestContext(t.Context())
		refused(t, err, code)
	}
	w.SetScopes("chat:write", "channels:read")
	_, err = w.api.CreateConversationContext(t.Context(), slack.CreateConversationParams{ChannelName: "x"})
	if e := slackError(t, err, "missing_scope"); e.Needed != "channels:manage" || e.Provided != "chat:write,channels:read" {
		t.Errorf("needed %q provided %q", e.Needed, e.Provided)
	}
	_, _, err = w.api.GetConversationsContext(t.Context(), &slack.GetConversationsParameters{Types: []string{"private_channel"}})
	if e := slackError(t, err, "missing_scope"); e.Needed != "groups:read" {
		t.Errorf("needed %q", e.Needed)
	}
	w.SetAuthError("token_revoked")
	_, err = w.api.AuthTestContext(t.Context())
	refused(t, err, "token_revoked")
	resp, err := http.Post(w.APIURL()+"no.such", "application/x-www-form-urlencoded", strings.NewReader("token=x"))
	ok(t, err)
	_ = resp.Body.Close()
	if c := w.Calls("no.such"); len(c) != 1 || c[0].Error != "unknown_method" || c[0].Args["token"] != "" {
		t.Errorf("ledger has %+v", c)
	}
}

func TestChannelNames(t *testing.T) {
	w := newWorld(t)
	create := func(name string, private bool) error {
		_, err := w.api.CreateConversationContext(t.Context(), slack.CreateConversationParams{ChannelName: name, IsPrivate: private})
		return err
	}
	ok(t, create("inc-7-checkout_is-down", false))
	ok(t, create(strings.Repeat("a", 80), false))
	for name, code := range map[string]string{
		"": "invalid_name_required", strings.Repeat("a", 81): "invalid_name_maxlength", "Upper": "invalid_name_specials",
		"two words": "invalid_name_specials", "dot.ted": "invalid_name_specials", "---": "invalid_name_punctuation",
		"inc-7-checkout_is-down": "name_taken", "general": "name_taken",
	} {
		refused(t, create(name, false), code)
	}
	ok(t, create("secret", true))
	made, _ := w.Channel("inc-7-checkout_is-down")
	info, err := w.api.GetConversationInfoContext(t.Context(), &slack.GetConversationInfoInput{ChannelID: made.ID})
	ok(t, err)
	if info.Creator != w.Identity().BotUserID || !info.Created.Time().Equal(t0) || !info.IsMember || info.IsPrivate {
		t.Errorf("conversations.info says %+v", info)
	}
	ok(t, w.api.ArchiveConversationContext(t.Context(), made.ID))
	refused(t, w.api.ArchiveConversationContext(t.Context(), made.ID), "already_archived")
	refused(t, create("inc-7-checkout_is-down", false), "name_taken") // archived names stay taken
	_, _, err = w.api.PostMessageContext(t.Context(), made.ID, slack.MsgOptionText("x", false))
	refused(t, err, "is_archived")
	w.Restrict(true)
	refused(t, create("other", false), "restricted_action")
}

func TestMembership(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	hidden := w.AddChannel("hidden", true, w.ana)
	open := w.AddChannel("open", false, w.ana)
	_, err := w.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: hidden})
	refused(t, err, "channel_not_found")
	_, err = w.api.SetTopicOfConversationContext(ctx, open, "x")
	refused(t, err, "not_in_channel")
	_, err = w.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: open})
	refused(t, err, "not_in_channel")
	_, err = w.api.InviteUsersToConversationContext(ctx, w.ops, w.ana)
	refused(t, err, "already_in_channel")
	_, err = w.api.InviteUsersToConversationContext(ctx, w.ops, w.Identity().BotUserID)
	refused(t, err, "cant_invite_self")
	cleo := w.AddUser(User{Name: "cleo"})
	_, err = w.api.InviteUsersToConversationContext(ctx, w.ops, cleo, "U9999")
	refused(t, err, "user_not_found")
	if ch, _ := w.Channel("ops"); slices.Contains(ch.Members, cleo) {
		t.Error("a refused invitation brought somebody in")
	}
	_, err = w.api.ForceInviteUsersToConversationContext(ctx, w.ops, cleo, "U9999")
	ok(t, err)
	if ch, _ := w.Channel("ops"); !slices.Contains(ch.Members, cleo) {
		t.Error("force did not bring the valid one in")
	}
	_, _, _, err = w.api.JoinConversationContext(ctx, open)
	ok(t, err)
	_, err = w.api.SetTopicOfConversationContext(ctx, open, strings.Repeat("t", 251))
	refused(t, err, "too_long")
	_, err = w.api.SetTopicOfConversationContext(ctx, open, strings.Repeat("t", 250))
	ok(t, err)
	ch, _, _, err := w.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{w.ana}})
	ok(t, err)
	again, _, was, err := w.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{w.ana}})
	ok(t, err)
	if ch.ID != again.ID || !was || !strings.HasPrefix(ch.ID, "D") {
		t.Errorf("direct conversations %s and %s, already open %v", ch.ID, again.ID, was)
	}
	w.ChangeUser(cleo, func(u *User) { u.Deleted = true })
	_, _, _, err = w.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{cleo}})
	refused(t, err, "user_disabled")
	ok(t, w.Actor("ana").Kick(ctx, "ops", w.Identity().BotUserID))
	w.SetScopes("chat:write")
	_, _, err = w.api.PostMessageContext(ctx, w.ops, slack.MsgOptionText("x", false))
	refused(t, err, "not_in_channel")
}

func TestPaging(t *testing.T) {
	w := newWorld(t)
	for n := range 7 {
		w.AddChannel("c"+string(rune('a'+n)), false, w.ana)
	}
	var names []string
	cursor := ""
	for range 10 {
		page, next, err := w.api.GetConversationsContext(t.Context(), &slack.GetConversationsParameters{Limit: 4, Cursor: cursor})
		ok(t, err)
		for _, ch := range page {
			names = append(names, ch.Name)
		}
		if cursor = next; next == "" {
			break
		}
	}
	if got := strings.Join(names, " "); got != "general ops ca cb cc cd ce cf cg" {
		t.Errorf("paged through %s", got)
	}
	_, _, err := w.api.GetConversationsContext(t.Context(), &slack.GetConversationsParameters{Cursor: "bm9uc2Vuc2U="})
	refused(t, err, "invalid_cursor")
	users, err := w.api.GetUsersContext(t.Context(), slack.GetUsersOptionLimit(2))
	ok(t, err)
	if len(users) != 3 {
		t.Errorf("%d users", len(users))
	}
}
