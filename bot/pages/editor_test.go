package pages_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
)

const rfoPath = "/incidents/INC-1/rfo"

var (
	seenAnswer = regexp.MustCompile(`name="seen\.([a-z]+)" value="(\d+)"`)
	box        = regexp.MustCompile(`(?s)<textarea id="answer-([a-z]+)"[^>]*>\n(.*?)</textarea>`)
)

// editor is the form of answers as a browser would send it from this page.
func editor(page string) url.Values {
	form := url.Values{"id": {noteID.FindStringSubmatch(page)[1]}}
	for _, m := range seenAnswer.FindAllStringSubmatch(page, -1) {
		form.Set("seen."+m[1], m[2])
	}
	text := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'", "&amp;", "&", "\n", "\r\n")
	for _, m := range box.FindAllStringSubmatch(page, -1) {
		form.Set(m[1], text.Replace(m[2]))
	}
	return form
}

// saves opens the editor, changes something in it and sends it.
func (b *browser) saves(pairs ...string) reply {
	b.w.t.Helper()
	form := editor(b.get(rfoPath).body)
	for n := 0; n < len(pairs); n += 2 {
		form.Set(pairs[n], pairs[n+1])
	}
	return b.post(rfoPath, form)
}

// answered is every answer that was ever given, the latest last.
func (w *world) answered(id incident.ID) map[string][]incident.Answer {
	w.t.Helper()
	inc, err := w.incident(id)
	if err != nil {
		w.t.Fatal(err)
	}
	return inc.Review.Answers
}

func isSaved(t *testing.T, got reply) {
	t.Helper()
	if got.status != http.StatusSeeOther || got.header.Get("Location") != rfoPath+"?saved#answers" {
		t.Fatalf("not saved: %d %s", got.status, got.body)
	}
}

func isRefused(t *testing.T, got reply, status int, says ...string) {
	t.Helper()
	if got.status != status {
		t.Errorf("%d, want %d", got.status, status)
	}
	for _, text := range says {
		if !strings.Contains(got.body, text) {
			t.Errorf("the page lacks %q: %s", text, got.body)
		}
	}
}

func TestAnswersAreEditedOnThePage(t *testing.T) {
	w := newWorld(t)
	id := w.open("open Checkout is down")
	w.says(member, "INC-1 rfo answer summary nobody could pay")
	b := w.signsIn(member)
	page := b.get(rfoPath).body
	form := editor(page)
	if len(form) != 1+2*len(incident.Questions) || form.Get("summary") != "nobody could pay" {
		t.Fatalf("the form has %v", form)
	}
	_, text := elements(t, page)
	for _, want := range []string{"what broke, for whom, what ended it?", "Checkout is down: sev2, opened", "Answered by Ana", "(optional)"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	long := strings.TrimSpace(strings.Repeat("Ünïcode <b>\r\n", 1500)) // far more than a form in Slack holds
	isSaved(t, b.saves("cause", long, "luck", "it was noon"))
	all := w.answered(id)
	if got := all["cause"]; len(got) != 1 || got[0].Text != strings.ReplaceAll(long, "\r\n", "\n") {
		t.Errorf("the cause is %d answers", len(got))
	}
	if len(all["summary"]) != 1 || len(all["luck"]) != 1 || len(all) != 3 {
		t.Errorf("saved: %v", all)
	}
	if got := editor(b.get(rfoPath + "?saved").body); got.Get("cause") != long {
		t.Error("the box does not hold what was saved")
	}
	if !strings.Contains(w.dump("event"), "|page|") {
		t.Error("the log does not say where the answers were written")
	}
	isRefused(t, b.saves(), http.StatusUnprocessableEntity, "NOT saved: Nothing in it is new")
	isRefused(t, b.saves("luck", " "), http.StatusUnprocessableEntity, "NOT saved: ", "can be replaced, but not taken away")
	isRefused(t, b.post(rfoPath, url.Values{"id": {"x"}}), http.StatusUnprocessableEntity, "NOT saved")
}

func TestTheEditorSentTwiceSavesOnce(t *testing.T) {
	w := newWorld(t)
	id := w.open("open Checkout is down")
	b := w.signsIn(member)
	form := editor(b.get(rfoPath).body)
	form.Set("cause", "no limit")
	isSaved(t, b.post(rfoPath, form))
	w.says(outsider, "INC-1 rfo answer cause a retry without a pause")
	isSaved(t, b.post(rfoPath, form)) // a second click, or a reload later: it was saved, and does nothing again
	if all := w.answered(id)["cause"]; len(all) != 2 || all[1].Text != "a retry without a pause" {
		t.Errorf("the answers are %v", all)
	}
	// Whoever goes back and writes on sends something else under the same id.
	form.Set("cause", "no limit on the queue")
	isRefused(t, b.post(rfoPath, form), http.StatusUnprocessableEntity, "a retry without a pause", "no limit on the queue")
}

func TestNobodysAnswerIsReplacedUnseen(t *testing.T) {
	w := newWorld(t)
	id := w.open("open Checkout is down")
	w.says(member, "INC-1 rfo answer cause the first")
	w.says(member, "INC-1 rfo answer class a lint")
	b := w.signsIn(member)
	form := editor(b.get(rfoPath).body)
	w.says(outsider, "INC-1 rfo answer cause <b>hers</b>")
	w.says(outsider, "INC-1 rfo answer class a test")
	form.Set("cause", "mine & better")
	form.Set("luck", "it was noon")
	got := b.post(rfoPath, form)
	isRefused(t, got, http.StatusUnprocessableEntity, "NOT saved: ", "Bea answered it at", "Bea saved this meanwhile", "&lt;b&gt;hers&lt;/b&gt;</blockquote>")
	if all := w.answered(id); len(all["cause"]) != 2 || len(all["luck"]) != 0 {
		t.Fatalf("something was saved: %v", all)
	}
	again := editor(got.body)
	if again.Get("cause") != "mine & better" || again.Get("luck") != "it was noon" || again.Get("class") != "a test" {
		t.Fatalf("the boxes hold %v", again)
	}
	isSaved(t, b.post(rfoPath, again))
	all := w.answered(id)
	if cause := all["cause"]; len(cause) != 3 || cause[1].Text != "<b>hers</b>" || cause[2].Text != "mine & better" {
		t.Errorf("the answers are %v", cause)
	}
	if len(all["class"]) != 2 || len(all["luck"]) != 1 {
		t.Errorf("the answers are %v", all)
	}

	// An answer that was taken back does not come back unseen either.
	form = editor(b.get(rfoPath).body)
	w.says(member, "INC-1 rfo answer open who owns it")
	w.says(member, "INC-1 undo")
	form.Set("seen.open", "9999")
	form.Set("open", "who owns the pool")
	isRefused(t, b.post(rfoPath, form), http.StatusUnprocessableEntity, "was taken back meanwhile", "who owns the pool</textarea>")
}

func TestAnAnswerThatIsTooLongStaysInItsBox(t *testing.T) {
	w := newWorld(t)
	id := w.open("open Checkout is down")
	b := w.signsIn(member)
	long := strings.Repeat("ä", incident.AnswerLimit+1)
	got := b.saves("cause", long, "class", "a limit")
	isRefused(t, got, http.StatusUnprocessableEntity, "NOT saved: ", "That answer has 20001 characters, 20000 is the most", ">\n"+long+"</textarea>", ">\na limit</textarea>")
	if len(w.answered(id)) != 0 {
		t.Error("something was saved")
	}
	isSaved(t, b.saves("cause", long[2:]))
	isRefused(t, b.saves("cause", strings.Repeat("x", 1<<20)), http.StatusRequestEntityTooLarge, "NOT saved", "Your browser still has them")
}

func TestAnswersComeBackWhenTheDatabaseDoesNotAnswer(t *testing.T) {
	w := newWorld(t)
	w.open("open Checkout is down")
	b := w.signsIn(member)
	form := editor(b.get(rfoPath).body)
	form.Set("cause", "the cache <is> full")
	w.door = unsaved{}
	got := b.post(rfoPath, form)
	isRefused(t, got, http.StatusServiceUnavailable, "NOT saved", "the cache &lt;is&gt; full</textarea>")
	if again := editor(got.body); again.Encode() != form.Encode() {
		t.Error("saved again, it would be told from the first time")
	}
	if err := w.store.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	isRefused(t, b.post(rfoPath, form), http.StatusServiceUnavailable, "NOT saved", "cause:\nthe cache &lt;is&gt; full")
}

// TestWhoEditsAnswers sends the editor as everybody.
func TestWhoEditsAnswers(t *testing.T) {
	w := newWorld(t)
	secret := w.open("open private " + canary)
	w.says(member, "INC-1 rfo answer cause "+canary)
	w.open("open Checkout is down")
	in := w.signsIn(member)
	form := editor(in.get(rfoPath).body)
	form.Set("cause", "what I had <typed>")
	people := map[string]*browser{
		"nobody": w.browser(), "outsider": w.signsIn(outsider), "ex-member": w.signsIn(gone),
		"member's link": w.enters(member, "INC-1"), "guest's link": w.enters(guest, "INC-1"), "alien's link": w.enters(alien, "INC-1"),
	}
	w.leaves(gone, secret)
	for who, b := range people {
		want := http.StatusUnauthorized
		if who == "outsider" || who == "ex-member" {
			want = http.StatusNotFound
		}
		got, unknown := b.post(rfoPath, form), b.post("/incidents/INC-99/rfo", form)
		if got.status != want || strings.Contains(got.body, "Canary") {
			t.Errorf("%s: %d %s", who, got.status, got.body)
		}
		if unknown.status != want || strings.ReplaceAll(got.body, "INC-1", "INC-99") != unknown.body {
			t.Errorf("%s tells a hidden incident from none", who)
		}
		if want == http.StatusUnauthorized && (!strings.Contains(got.body, "NOT saved") || !strings.Contains(got.body, "what I had &lt;typed&gt;")) {
			t.Errorf("%s loses what they typed: %s", who, got.body)
		}
	}
	for _, header := range [][]string{
		{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example.org"},
		{"Sec-Fetch-Site", "same-site", "Origin", "https://evil.example.org"},
		{"Sec-Fetch-Site", "", "Origin", "null"},
	} {
		if got := in.post(rfoPath, form, header...); got.status != http.StatusForbidden {
			t.Errorf("%v: %d", header, got.status)
		}
	}
	if all := w.answered(secret)["cause"]; len(all) != 1 {
		t.Fatalf("somebody wrote: %v", all)
	}
	isSaved(t, in.post(rfoPath, form))
}

func TestWhatEndsUnderAWritersHandsIsNotLost(t *testing.T) {
	w := newWorld(t)
	id := w.open("open Checkout is down")
	b := w.signsIn(member)
	form := editor(b.get(rfoPath).body)
	form.Set("cause", "no limit")
	w.says(member, "INC-1 cancel it was a test")
	isRefused(t, b.post(rfoPath, form), http.StatusUnprocessableEntity, "NOT saved: ", "no limit</textarea>")
	if page := b.get(rfoPath); page.status != http.StatusOK || strings.Contains(page.body, "<textarea") || !strings.Contains(page.body, "INC-1") {
		t.Errorf("%d %s", page.status, page.body)
	}
	if len(w.answered(id)) != 0 {
		t.Error("something was saved")
	}
	if page := b.get(rfoPath + "?customer=1").body; strings.Contains(page, "<textarea") {
		t.Error("answers are edited in what a customer reads")
	}
}
