package main

import (
	"bytes"
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/bot/playground"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
	"github.com/rollcall-bot/rollcall/storage"
)

var updateExample = flag.Bool("update-example", false, "write docs/example-rfo.md anew")

// exampleRFO is the document of the demo, for people who have not run it.
const exampleRFO = "../../docs/example-rfo.md"

// playLimit is how long the demo may take; on an idle machine it is about six seconds,
// and with the race detector beside other tests it was thirty-three.
func playLimit() time.Duration {
	if withRaceDetector {
		return 2 * time.Minute
	}
	return 30 * time.Second
}

// unguessable is the part of the demo's document that no two runs share.
var unguessable = regexp.MustCompile(`(https://meet\.example\.org/rollcall-)[0-9a-f]+`)

// lineBreak is where the story goes on in the next line of what somebody reads.
var lineBreak = regexp.MustCompile(`\n\s+┃ `)

// testProgram is a program as main makes it.
func testProgram(out io.Writer) *program {
	return &program{
		stdin: strings.NewReader(""), stdout: out, stderr: out,
		clock: clock.Real(time.Now), wall: time.Now, newID: uuid.NewString,
	}
}

// TestThePlayedOutage plays the demo. The play checks each of its steps itself; here it is held to what it left behind.
func TestThePlayedOutage(t *testing.T) {
	var told, log bytes.Buffer
	p := testProgram(&told)
	dir := t.TempDir()
	out, err := playground.Play(t.Context(), playground.Options{
		Start: p.staged(&log), Out: &told, Dir: dir, RFODir: filepath.Join(dir, "rfos"), Wall: time.Now,
	})
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, told.String(), log.String())
	}
	t.Run("ledgers", func(t *testing.T) { checkLedgers(t, out) })
	t.Run("document", func(t *testing.T) { checkDocument(t, out) })
	t.Run("twenty questions", func(t *testing.T) { checkRubric(t, p, dir) })
	if out.Tally.Real > playLimit() {
		t.Errorf("it took %v", out.Tally.Real)
	}
	for _, words := range []string{"INC-1 is open. Join the call: https://meet.example.org/", "Which one should this replace?", "The RFO", out.RFOFile} {
		if !strings.Contains(lineBreak.ReplaceAllString(told.String(), " "), words) {
			t.Errorf("the story does not say %q", words)
		}
	}
	if strings.Contains(log.String(), `"level":"ERROR"`) {
		t.Errorf("the bot complained:\n%s", log.String())
	}
}

// checkLedgers counts what Slack was asked for.
func checkLedgers(t *testing.T, out playground.Outcome) {
	for method, want := range map[string]int{
		"conversations.create": 2, "bookmarks.add": 2, "files.completeUploadExternal": 1, "files.getUploadURLExternal": 1, "upload": 1,
	} {
		if n := out.Slack.Done(method); n != want {
			t.Errorf("%s was carried out %d times, want %d", method, n, want)
		}
	}
	ch, _ := out.Slack.Channel(out.Channel)
	summary := out.Slack.Messages(out.Channel)[0]
	pinned := 0
	for _, pin := range ch.Pins {
		if pin.TS == summary.TS {
			pinned++
		}
	}
	if pinned != 1 || !strings.Contains(summary.Plain(), "INC-1") || len(ch.Bookmarks) != 1 {
		t.Errorf("the summary is pinned %d times (pins %v), bookmarks %v", pinned, ch.Pins, ch.Bookmarks)
	}
	// Noise is a defect. In the channel: summary, three tasks, who is asked to lead and who leads, board, question,
	// decision, update, the RFO. Direct: the task to whom it was given, the update to the CEO, the RFO to its owner, two
	// actions to whom they belong; to whoever is asked for a review that, and its answer back. For the alarm: summary,
	// three tasks, the page, the decision, whether users are well; direct, the RFO to its owner.
	want := map[string]int{"#inc-1-checkout-is-down": 11, "#inc-2-search-finds-nothing": 7, "#incidents": 2, "direct messages": 8}
	for where, n := range out.Tally.Messages {
		if n != want[where] {
			t.Errorf("%d messages in %s, want %d: %s", n, where, want[where], directs(out))
		}
	}
	t.Logf("messages: %v", out.Tally.Messages)
	if v := out.Slack.Violations(); len(v) > 0 {
		t.Errorf("Slack was called before its Retry-After had passed: %+v", v)
	}
	if out.Tally.Again == 0 {
		t.Error("no call found Slack down")
	}
	if n := len(out.Slack.Calls("chat.update")); n > maxEdits {
		t.Errorf("%d edits, more than %d", n, maxEdits)
	}
	// Dana and Carl for the alerts, Dana by the bot's event.
	if pages := out.Pager.Pages(); len(pages) != 3 {
		t.Errorf("PagerDuty paged %+v", pages)
	}
	for _, c := range out.Pager.Calls("") {
		if c.Status >= 400 && c.Fault == "" {
			t.Errorf("PagerDuty answered %s with %d: %s", c.Name, c.Status, c.Error)
		}
	}
}

// directs are the direct messages, for a test that failed.
func directs(out playground.Outcome) string {
	var all []string
	for _, ch := range out.Slack.Snapshot().Channels {
		if ch.Kind == slackfake.Direct {
			for _, m := range ch.Messages {
				all = append(all, m.Text)
			}
		}
	}
	return strings.Join(all, "\n")
}

// maxEdits is about what the story's changes to its cards add up to.
const maxEdits = 90

// checkDocument holds the RFO to its figures and to the copy among the documents.
func checkDocument(t *testing.T, out playground.Outcome) {
	text := string(rfo.Plain(out.RFO))
	for _, want := range []string{
		"**Time to call** (Call open − First error): **7 min**", "**Time to tasks** (Tasks set − Call open): **3 min**",
		"| Impact duration | 26 min |", "about 2,000–5,000 users", "| A3 |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the RFO does not say %q", want)
		}
	}
	got := unguessable.ReplaceAllString(text, "${1}4xqj7m2v")
	if *updateExample {
		if err := os.WriteFile(exampleRFO, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(exampleRFO)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("docs/example-rfo.md is not what the demo writes; go test ./cmd/rollcall -run TestThePlayedOutage -update-example renews it\n%s",
			firstDifference(got, string(want)))
	}
}

// checkRubric judges the demo's own RFO by the twenty questions that any is judged by.
func checkRubric(t *testing.T, p *program, dir string) {
	p.environ = []string{"ROLLCALL_CONFIG=" + filepath.Join(dir, "rollcall.yaml"), "DATABASE_URL=sqlite:" + filepath.Join(dir, "rollcall.db")}
	settings, err := p.config()
	if err != nil {
		t.Fatal(err)
	}
	var whole, untouched rfo.Document
	err = p.withStore(t.Context(), func(s *storage.Store) error {
		return s.Read(t.Context(), func(r *storage.Reader) error {
			found, err := incidentKey(1).read(r, false)
			if err != nil {
				return err
			}
			if whole, err = document(r, found, settings); err != nil {
				return err
			}
			log, err := r.RawRecords(found.ID, 1)
			if err != nil {
				return err
			}
			end := slices.IndexFunc(log, func(r incident.Record) bool { return r.Event.Kind() == "resolved" })
			then, err := incident.Fold(found.ID, log[:end+1])
			if err != nil {
				return err
			}
			untouched, err = documentOf(r, then, log[:end+1], settings)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		d    rfo.Document
		want int
	}{{"as it was when it was over", untouched, rfo.GateCap}, {"as it was published", whole, 20}} {
		all := rfo.Rubric(rfo.Checker{}, c.d)
		if points := rfo.Points(all); points < c.want {
			t.Errorf("%s it has %d points of 20, and should have %d", c.name, points, c.want)
		}
		for _, v := range all {
			if !v.Yes {
				t.Logf("%s, no: %d %s %s", c.name, v.Number, v.Question, v.Reason)
				if c.want == 20 {
					t.Errorf("%s: %d %s: %s", c.name, v.Number, v.Question, v.Reason)
				}
			}
		}
	}
	for _, f := range rfo.Check(whole) {
		t.Errorf("the linter finds %s in %s: %s %s", f.ID, f.Where, f.Quote, f.Why)
	}
}

// firstDifference is the first line that differs.
func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for n := range g {
		if n >= len(w) || g[n] != w[n] {
			return "got:  " + g[n] + "\nwant: " + strings.Join(w[min(n, len(w)):min(n+1, len(w))], "")
		}
	}
	return "the copy is longer"
}

// TestTheDemoThatWaits opens an incident from another terminal, as plain `rollcall demo` says one can.
func TestTheDemoThatWaits(t *testing.T) {
	var told logged
	p := testProgram(&told)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	var log bytes.Buffer
	dir := t.TempDir()
	go func() {
		ended <- playground.Serve(ctx, playground.Options{
			Start: p.staged(&log), Out: &told, Dir: dir, RFODir: filepath.Join(dir, "rfos"), Wall: time.Now,
		})
	}()
	socket := regexp.MustCompile(`export (ROLLCALL_SOCKET=\S+)`)
	waitFor(t, "the way in", func() bool { return socket.MatchString(told.String()) })
	var answer bytes.Buffer
	q := testProgram(&answer)
	q.environ = []string{socket.FindStringSubmatch(told.String())[1], "USER=ana"}
	if code := q.run(t.Context(), []string{"do", "open sev2 Search is slow"}); code != exitOK || !strings.Contains(answer.String(), "INC-1* is open") {
		t.Errorf("answered (%d): %s", code, answer.String())
	}
	waitFor(t, "the channel", func() bool { return strings.Contains(told.String(), "#inc-1-search-is-slow") })
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v\n%s", err, log.String())
	}
}

// waitFor looks every few milliseconds whether something holds, for a bounded time.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(15 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("not in time: %s", what)
		}
	}
}
