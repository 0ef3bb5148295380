package bot_test

import (
	"fmt"
	"math/rand"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// oddWords are what random lines are made of: verbs in wrong orders, ids that are
// and are not, people of all kinds, hostile texts.
var oddWords = strings.Fields(`open drill call lead handover join invite task tasks done assign drop confirm service services rollback note
	timeline edit hide decide deadlock settle sev title detected first-error started ack comms impact update send stop brief follow unfollow
	page oncall mitigated resolve reopen cancel customers customer told by rfo answer owner publish skip action move escalate actions overdue
	list mine all similar class status help undo merge replace accept decline paged called rolled back failed not-needed private at ago about
	INC-1 INC-2 INC-3 inc-99 T1 t2 T99 A1 A9 E1 E5 E999 1 2 9 14:05 25:61 5m 3/4 friday 2026-02-30 2w 12% 1,200 users checkout -- " ; me
	<@U1|ana> <@U2> <@U4> <@U5> <@U99> <!here> <!subteam^S1|@team> <#C1|one> <https://meet.example.org/x|y> http://x &lt;!channel&gt; &lt;@U2&gt; &amp;lt;
	@bea *x* _y_ ~z~ ` + "`q` ``` \u202e \u200b \x00 é 😀 =HYPERLINK() <script> ]( <@" + ` cause summary customer alert bleeding clear sev1`)

// alive is what Slack would act on: a mention, a link, a special command. People
// who are meant as people are mentions of the roster's.
var alive = regexp.MustCompile(`<[^>]*>`)

func TestRandomLinesAreAnswered(t *testing.T) {
	lines := 3_000
	if testing.Short() {
		lines = 500
	}
	w := newWorld(t)
	w.open("U1", "open One", "C1")
	hidden := w.open("U2", "open private Payroll leak", "C2")
	random := rand.New(rand.NewSource(7)) // the same lines in every run
	pick := func(of ...string) string { return of[random.Intn(len(of))] }
	known := strings.Split(strings.TrimSpace(strings.ReplaceAll(undoable, " then ", "\n")+"reopen again\nINC-2 reopen again\nundo\nlead me"), "\n")
	kinds := map[bot.Kind]int{}
	for range lines {
		line := strings.Fields(pick(known...))
		if random.Intn(3) == 0 {
			line = nil
		}
		for range random.Intn(4) {
			at := random.Intn(len(line) + 1)
			line = slices.Insert(line, at, oddWords[random.Intn(len(oddWords))])
		}
		if len(line) > 1 && random.Intn(5) == 0 {
			at := random.Intn(len(line) - 1)
			line[at], line[at+1] = line[at+1], line[at]
		}
		user, channel := pick("U1", "U1", "U1", "U2", "U2", "U2", "U3", "U4", "U5", "U99"), pick("C1", "C1", "C1", "C2", "C-general", "")
		text := strings.Join(line, " ")
		a := w.says(user, channel, text)
		checkAnswer(t, text, a, w.sees(user, hidden.ID))
		kinds[a.Kind]++
		if len(a.Buttons) > 0 && random.Intn(4) == 0 {
			pressed := w.press(user, channel, a.Buttons[random.Intn(len(a.Buttons))])
			checkAnswer(t, text, pressed, w.sees(user, hidden.ID))
		}
		if random.Intn(20) == 0 {
			w.clock.Advance(time.Minute)
			w.says("U1", "C1", "INC-1 reopen again")
			w.says("U2", "C2", "INC-2 reopen again")
		}
	}
	for _, kind := range []bot.Kind{bot.Done, bot.Shown, bot.Asked, bot.Refused} {
		if kinds[kind] < lines/100 {
			t.Errorf("only %d of %d lines were answered as %s", kinds[kind], lines, kind)
		}
	}
}

// sees says whether somebody may see an incident now.
func (w *world) sees(user string, id incident.ID) bool {
	w.t.Helper()
	err := w.store.Read(w.t.Context(), func(r *storage.Reader) error {
		p, err := r.PersonBySlack(user)
		if err == nil {
			_, err = r.VisibleIncident(p.ID, id)
		}
		return err
	})
	if err != nil && !storage.IsNotFound(err) {
		w.t.Fatal(err)
	}
	return err == nil
}

func checkAnswer(t *testing.T, line string, a bot.Answer, insider bool) {
	t.Helper()
	switch {
	case a.Text == "" || a.Kind == bot.NotSaved || strings.Contains(a.Text, "<no value>") || strings.Contains(a.Text, "&lt;no value"):
		t.Fatalf("%q was answered (%s) %.300q", line, a.Kind, a.Text)
	case a.Kind == bot.Done && !strings.Contains(a.Text, "undo") && !permanentWords.MatchString(a.Text):
		t.Fatalf("%q does not say how it is undone: %s", line, a.Text)
	case !insider && strings.Contains(a.Text, "Payroll"):
		t.Fatalf("%q shows the private incident: %s", line, a.Text)
	}
	for _, tag := range alive.FindAllString(a.Text, -1) {
		if !regexp.MustCompile(`^<@U[1-5]>$`).MatchString(tag) {
			t.Fatalf("%q brings %s to life in %s", line, tag, a.Text)
		}
	}
	for _, b := range a.Buttons {
		if b.Label == "" || len([]rune(b.Label)) > 75 || !insider && strings.Contains(b.Label, "Payroll") {
			t.Fatalf("%q offers %q", line, b.Label)
		}
	}
}

var permanentWords = regexp.MustCompile("cannot be|not undone|leave the channel|corrects it|revision")

func TestTwoPeopleAtOnce(t *testing.T) {
	w := newWorld(t)
	inc := w.open("U1", "open One", "C1")
	var group sync.WaitGroup
	each := 20
	for _, user := range []string{"U1", "U2", "U3"} {
		group.Go(func() {
			for n := range each {
				w.says(user, "C1", fmt.Sprintf("task %s-%d look at part %d of %s", user, n, n, user))
				w.says(user, "C1", fmt.Sprintf("note %s %d", user, n))
				w.says(user, "C1", "lead me")
				w.says(user, "C1", "timeline")
				w.says(user, "C1", "undo")
			}
		})
	}
	group.Wait()
	now := w.incident(inc.ID)
	seen := map[int]bool{}
	for _, task := range now.Board.Tasks {
		if seen[task.Number] {
			t.Fatalf("T%d was given twice", task.Number)
		}
		seen[task.Number] = true
	}
	var folded *incident.Incident
	if err := w.store.Read(t.Context(), func(r *storage.Reader) error {
		log, err := r.RawRecords(inc.ID, 1)
		if err != nil {
			return err
		}
		folded, err = incident.Fold(inc.ID, log)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if a, b := snapshot(t, now), snapshot(t, folded); a != b {
		t.Fatal("the stored state is not the folded log")
	}
}

func snapshot(t *testing.T, i *incident.Incident) string {
	t.Helper()
	b, err := i.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheSameDeliveryAtOnceIsOneCommand(t *testing.T) {
	w := newWorld(t)
	inc := w.open("U1", "open One", "C1")
	before := w.incident(inc.ID).Head
	req := bot.Request{
		Delivery: bot.Delivery{Source: "slack.command", ID: "trigger.9"},
		From:     bot.From{Team: "T1", User: "U1", Channel: "C1"}, Surface: "slash", Text: "note once",
	}
	answers := make([]string, 8)
	var group sync.WaitGroup
	for n := range answers {
		group.Go(func() { answers[n] = w.bot.Handle(t.Context(), req).Text })
	}
	group.Wait()
	for _, a := range answers {
		if a != answers[0] || !strings.Contains(a, "Noted") {
			t.Fatalf("answers %q", answers)
		}
	}
	if after := w.incident(inc.ID).Head; after != before+1 {
		t.Fatalf("%d events for one command", after-before)
	}
}

// A button says what made sense when it was shown. Pressed later, by another, after
// the end, or by somebody who may not see the incident, it is judged anew.
func TestButtonsAreJudgedWhenTheyArePressed(t *testing.T) {
	w := newWorld(t)
	inc := w.open("U1", "open private One", "C1")
	w.does("U1", "C1", "invite <@U3>")
	w.does("U1", "C1", "task read the log of the queue")
	asked := w.says("U1", "C1", "task read the log of the queue")
	join := button(t, asked, "Take T4")
	hidden := w.press("U2", "C-general", join)
	mustSay(t, hidden, bot.Refused, "such incident")
	if strings.Contains(hidden.Text, "INC-1") || len(hidden.Buttons) > 0 {
		t.Fatalf("somebody outside reads %q", hidden.Text)
	}
	mustSay(t, w.press("U3", "C1", join), bot.Done, "T4", "<@U3>")
	mustSay(t, w.press("U3", "C1", join), bot.Refused, "yours already")
	w.does("U1", "C1", "task done T4")
	mustSay(t, w.press("U3", "C1", button(t, asked, "Replace T4")), bot.Refused, "was done")
	if err := w.bot.Observe(t.Context(), bot.Happening{Type: "member_left_channel", Team: "T1", User: "U3", Channel: "C1"}); err != nil {
		t.Fatal(err)
	}
	for _, b := range []bot.Button{join, button(t, asked, "Replace T4"), button(t, asked, "Add anyway")} {
		gone := w.press("U3", "C1", b)
		if gone.Kind != bot.Refused || strings.Contains(gone.Text, "INC-1") || strings.Contains(gone.Text, "T4") {
			t.Errorf("who has left presses and reads %q", gone.Text)
		}
	}
	update := w.does("U1", "C1", "update all is well")
	w.does("U1", "C1", "cancel a false alarm")
	mustSay(t, w.press("U1", "C1", button(t, update, "Send now")), bot.Refused, "cancelled")
	mustSay(t, w.press("U1", "C1", button(t, asked, "Add anyway")), bot.Refused, "cancelled")
	mustSay(t, w.press("U1", "C1", bot.Button{Offer: "no-such-offer"}), bot.Refused, "older than a week")
	if got := w.incident(inc.ID).Life.Status; got != incident.Cancelled {
		t.Fatalf("it is %s", got)
	}
}

// What people call themselves is theirs to choose, and is text like all the rest.
func TestHostileNamesStayText(t *testing.T) {
	w := newWorld(t)
	w.write(func(tx *storage.Tx) error {
		_, err := tx.UpsertPerson(storage.Person{SlackID: "U6", TeamID: "T1", Name: "finn", RealName: "<!channel> <@U1> <https://evil.example|x>"})
		return err
	})
	w.open("U6", "open <<@U6> broke it", "C1")
	w.open("U6", "open Two", "C2")
	for _, line := range []string{
		"note <@U6> &lt;@U1&gt; said so", "task <@U6> look, <@U6>", "lead <@U6>", "lead me", "timeline", "tasks", "status", "list", "INC-1 timeline",
		"action <@U6> by friday ask <@U6>; done when <@U6> says so", "actions", "customer <@U6>", "customers", "brief", "taks <@U6>", "zzz <@U6>",
	} {
		a := w.says("U1", "C1", line)
		for _, tag := range alive.FindAllString(a.Text, -1) {
			if tag != "<@U6>" && tag != "<@U1>" {
				t.Errorf("%q brings %s to life in %s", line, tag, a.Text)
			}
		}
	}
	a := w.says("U1", "C-general", "note <@U6> said so")
	if mustSay(t, a, bot.Asked); strings.Contains(a.Text, "<!") {
		t.Errorf("it came alive: %s", a.Text)
	}
}
