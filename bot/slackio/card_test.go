package slackio

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
)

// crew knows everybody by a hostile name.
type crew struct{ name string }

func (c crew) Name(p incident.PersonID) string {
	if p == incident.System {
		return "Rollcall"
	}
	return c.name
}

func (crew) SlackID(p incident.PersonID) string {
	if p == incident.System || p == "unknown" {
		return ""
	}
	return "U" + strings.ToUpper(string(p))
}

func texts(t testing.TB) *say.Book {
	t.Helper()
	b, err := say.Open(os.DirFS("../../templates"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func outage() *incident.Incident {
	return &incident.Incident{
		ID: "0190-7", Head: 9,
		Identity: incident.Identity{Number: 7, Title: "Checkout is down", ChannelName: "inc-7-checkout-is-down", Opener: "ana", OpenedAt: start},
		Life:     incident.Life{Status: incident.Open, Severity: 1, Peak: 1, Marks: []incident.Mark{{Status: incident.Open, At: start, By: "ana", Seq: 1}}},
		Calls:    []incident.Call{{URL: "https://meet.example/inc7?a=1&b=2", Provider: "jitsi", By: "ana", At: start}},
		Channel:  incident.Channel{ID: "C0000007", Name: "inc-7-checkout-is-down"},
		Board: incident.Board{
			Tasks: []incident.Task{
				{Number: 1, Text: "find the surface of the bleeding", State: incident.TaskDone, ClosedBy: "bob", ClosedAt: start, Owner: "bob"},
				{Number: 2, Text: "ask <@carl> about the queue", State: incident.TaskOpen, Owner: "bob"},
				{Number: 3, Text: "customers", State: incident.TaskOpen},
			},
			Services: []incident.Service{{Name: "checkout-api", State: incident.RolledBack, Owner: "bob"}, {Name: "cart", State: incident.Bleeding}},
		},
		Log: incident.Log{
			Decisions: []incident.Decided{{Seq: 8, Text: "roll everything back", By: "ana", At: start}},
			Updates:   []incident.Update{{Seq: 9, Text: "we are on it", By: "ana", At: start, State: incident.UpdateSent, Sent: start}},
			Edits:     map[int64][]incident.Edit{9: {{Text: "we are on it & well", By: "ana", At: start}}},
		},
		Review: incident.Review{Impact: []incident.Impact{{Low: 2000, High: 5000, Unit: "users", About: true}}},
	}
}

func view() outbound.View {
	return outbound.View{Who: crew{name: "Ana"}, BaseURL: "https://rollcall.example"}
}

// shown is everything that a person reads or presses of a card.
func shown(t testing.TB, i *incident.Incident, card incident.Card) string {
	t.Helper()
	m, ok := draw(texts(t), i, view(), card)
	if !ok {
		return ""
	}
	m = Fit(m)
	if err := Check(m); err != nil {
		t.Fatal(err)
	}
	lines := mrkdwnOf(m)
	for _, b := range m.Blocks {
		row, ok := b.(*slack.ActionBlock)
		if !ok {
			continue
		}
		for _, e := range row.Elements.ElementSet {
			button := e.(*slack.ButtonBlockElement)
			lines = append(lines, "["+button.Text.Text+"] "+button.ActionID+" "+button.Value+button.URL)
		}
	}
	return strings.Join(lines, "\n")
}

func TestCardsSayWhatIsSo(t *testing.T) {
	for _, c := range []struct {
		card   incident.Card
		change func(*incident.Incident)
		has    []string
		hasNot []string
	}{
		{
			incident.SummaryCard, nil,
			[]string{
				"*INC-7 · Checkout is down*", "*open* since <!date^", "*sev1*", "nobody leads yet",
				"<https://meet.example/inc7?a=1&amp;b=2|Join the call>", "*T2* ask @Ana about the queue (Ana)", "2 of 3 tasks open",
				"1 of 2 services", "about 2000-5000 users", "we are on it &amp; well",
				"[Join the call] visit:call https://meet.example/inc7?a=1&b=2", "[Take the lead] run:lead 0190-7 lead me", "run:mitigated 0190-7 mitigated",
			},
			[]string{"Drill", "<@U"},
		},
		{
			incident.SummaryCard, func(i *incident.Incident) {
				i.Life.Status, i.Leadership.Leader, i.Identity.Drill = incident.Mitigated, "ana", true
				i.Leadership.Named = "bob"
			},
			[]string{"*mitigated*", "led by Ana", "(Ana is asked to)", "*Drill, nothing is broken* · *INC-7", "run:resolve 0190-7 resolve"},
			[]string{"run:lead", "run:mitigated"},
		},
		{
			incident.SummaryCard, func(i *incident.Incident) {
				i.Life.Status = incident.Resolved
				i.Review.Published = []incident.Publication{{Revision: 1}}
			},
			[]string{"*resolved*", "visit:rfo https://rollcall.example/incidents/INC-7/rfo"},
			[]string{"run:", "visit:call", ":point_right:"},
		},
		{
			incident.SummaryCard, func(i *incident.Incident) { i.Calls = []incident.Call{{URL: "javascript:alert(1)"}} },
			[]string{"INC-7"},
			[]string{"javascript", "Join"},
		},
		{
			incident.AnnouncementCard, nil,
			[]string{"*INC-7 · Checkout is down*", "*sev1*", "<#C0000007>", "we are on it"},
			[]string{"meet.example", "run:"},
		},
		{incident.AnnouncementCard, func(i *incident.Incident) { i.Channel = incident.Channel{} }, []string{"INC-7"}, []string{"<#"}},
		{incident.AnnouncementCard, func(i *incident.Incident) { i.Identity.Private = true }, nil, []string{"INC-7"}},
		{"task:T1", nil, []string{"*T1*", "Done by Ana"}, []string{"run:"}},
		{"task:T2", nil, []string{"<@UBOB> has it", "run:done 0190-7 task done T2"}, []string{"run:take", "<@UCARL>"}},
		{"task:T3", nil, []string{"Nobody has it yet", "run:take 0190-7 task assign T3 me", "run:done 0190-7 task done T3"}, nil},
		{"task:T3", func(i *incident.Incident) { i.Life.Status = incident.Resolved }, []string{"*T3*"}, []string{"run:"}},
		{"task:T4", nil, []string{"*T4* was taken back"}, []string{"run:"}},
		{
			"task:T3",
			func(i *incident.Incident) {
				i.Board.Tasks[2].State, i.Board.Tasks[2].Reason = incident.TaskDropped, "no need"
			},
			[]string{"Dropped", "no need"},
			[]string{"run:"},
		},
		{"decision:E8", nil, []string{"*Decided* roll everything back", "E8"}, nil},
		{"decision:E3", nil, []string{"E3 was taken back"}, nil},
		{"decision:E8", func(i *incident.Incident) { i.Log.Hidden = map[int64]incident.Edit{8: {}} }, []string{"taken back"}, []string{"roll everything"}},
		{"update:E9", nil, []string{"*Update* we are on it &amp; well"}, nil},
		{"update:E1", nil, []string{"was taken back"}, nil},
		{
			"update:E9", func(i *incident.Incident) { i.Log.Updates[0].State = incident.UpdateHeld },
			[]string{"goes out <!date^", "run:stop 0190-7 update stop E9", "run:stop 0190-7 update stop E9"},
			nil,
		},
		{
			"update:E9", func(i *incident.Incident) { i.Log.Updates[0].State = incident.UpdateStopped },
			[]string{"of Ana was stopped"},
			[]string{"run:", "on it"},
		},
		{incident.SummaryCard, func(i *incident.Incident) { i.Log.Updates[0].State = incident.UpdateHeld }, []string{"INC-7"}, []string{"on it"}},
		{incident.BoardCard, nil, []string{"1 of 2 services", ":red_circle: `cart` bleeding", "`checkout-api` rolled-back · Ana"}, nil},
		{incident.BoardCard, func(i *incident.Incident) { i.Board.Services = nil }, nil, []string{"services"}},
		{"what:E9", nil, nil, []string{"INC"}},
	} {
		i := outage()
		if c.change != nil {
			c.change(i)
		}
		got := shown(t, i, c.card)
		for _, want := range c.has {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %q:\n%s", c.card, want, got)
			}
		}
		for _, no := range c.hasNot {
			if strings.Contains(got, no) {
				t.Errorf("%s has %q:\n%s", c.card, no, got)
			}
		}
	}
}

func TestTheTopicFits(t *testing.T) {
	i := outage()
	i.Identity.Title = strings.Repeat("<!channel> & ", 40)
	topic := drawing{book: texts(t), i: i, v: view()}.topic()
	if length(topic) > maxTopic || !strings.HasPrefix(topic, "sev1 · open · nobody leads yet · &lt;!channel&gt; &amp;") || alive(topic, tokens) != "" {
		t.Fatalf("the topic is %q", topic)
	}
}

func TestEveryTextOfTheCardsIsThere(t *testing.T) {
	book := texts(t)
	for _, id := range []string{
		"card.mark", "card.status", "card.leader", "card.update", "card_summary.fallback", "card_summary.join", "card_summary.lead",
		"card_summary.mitigated", "card_summary.resolve", "card_summary.rfo", "card_task.take", "card_task.finish", "card_topic", "card_bookmark",
	} {
		if !book.Has(id) {
			t.Errorf("there is no text %s", id)
		}
	}
}

// ours are the tokens that cards may hold for the incident of the property test.
var ours = regexp.MustCompile(`^(<@U(ANA|BOB)>|<https://meet\.example/[^<>|\s]*\|Join the call>|<!date\^\d+\^[^<>]*>|<#C0000007>)$`)

func TestWhatPeopleTypeStaysTextInEveryCard(t *testing.T) {
	book := texts(t)
	rapid.Check(t, func(t *rapid.T) {
		i := outage()
		typed := func(what string) string { return drawText(t, what) }
		i.Identity.Title = typed("title")
		i.Calls[0].URL = "https://meet.example/" + typed("call")
		i.Life.Reason = typed("reason")
		i.Life.Status = rapid.SampledFrom([]incident.Status{incident.Open, incident.Mitigated, incident.Resolved, incident.Cancelled, "odd"}).Draw(t, "status")
		i.Review.Impact[0].Text = typed("impact")
		for n := range i.Board.Tasks {
			i.Board.Tasks[n].Text, i.Board.Tasks[n].Reason = typed("task"), typed("why")
			i.Board.Tasks[n].State = rapid.SampledFrom([]incident.TaskState{incident.TaskOpen, incident.TaskDone, incident.TaskDropped}).Draw(t, "state")
			i.Board.Tasks[n].Owner = rapid.SampledFrom([]incident.PersonID{"", "ana", "bob", "unknown"}).Draw(t, "owner")
		}
		for range rapid.IntRange(0, 40).Draw(t, "services") {
			i.Board.Services = append(i.Board.Services, incident.Service{Name: typed("service"), State: incident.Bleeding, Reason: typed("reason")})
		}
		i.Log.Decisions[0].Text, i.Log.Updates[0].Text = typed("decision"), typed("update")
		v := outbound.View{Who: crew{name: typed("name")}, BaseURL: "https://rollcall.example"}
		for _, card := range []incident.Card{
			incident.SummaryCard, incident.AnnouncementCard, incident.BoardCard, "task:T1", "task:T2", "task:T3", "decision:E8", "update:E9",
		} {
			m, ok := draw(book, i, v, card)
			if !ok {
				continue
			}
			m = Fit(m)
			if err := Check(m); err != nil {
				t.Fatalf("%s: %v", card, err)
			}
			for _, text := range mrkdwnOf(m) {
				if live := alive(text, ours); live != "" {
					t.Fatalf("%s: %q came alive", card, live)
				}
			}
		}
	})
}

func TestWhatAButtonRunsIsWhatAPersonWouldType(t *testing.T) {
	c := &Client{opts: Options{Book: texts(t)}}
	m := c.said(outbound.Post{
		Op: "op", Incident: "0190-7", Say: incident.Say{ID: "card.mark", Args: incident.Args{"drill": true}}, View: view(),
		Choices: []incident.Choice{{Label: incident.Say{ID: "card_task.take"}, Line: "task assign T2 <@bob> & <@unknown>"}},
	})
	button := m.Blocks[1].(*slack.ActionBlock).Elements.ElementSet[0].(*slack.ButtonBlockElement)
	if button.Value != "0190-7 task assign T2 <@UBOB> &amp; <@unknown>" || button.Text.Text != "Take it" {
		t.Fatalf("the button is %+v", button)
	}
}
