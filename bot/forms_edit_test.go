package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
)

// TestAnAnswerLongerThanAFieldIsNeverCut opens the form over an answer that Slack
// cannot hold, and sends it with another field changed.
func TestAnAnswerLongerThanAFieldIsNeverCut(t *testing.T) {
	w := newWorld(t)
	opened, _, _ := w.formed()
	id := w.open("U1", "open checkout is down", "C-7").ID
	long := strings.Repeat("ä😀", 1100) // 2,200 characters, and 3,300 as Slack may count them
	for _, line := range []string{"rfo answer summary " + long, "rfo answer cause " + strings.Repeat("x", 3001), "rfo answer class " + strings.Repeat("y", 3000)} {
		w.does("U1", "C-7", line)
	}
	form := func() (bot.Form, map[string]bot.Field) {
		t.Helper()
		if a := w.asks("U1", "C-7", "rfo answer"); a.Kind != bot.Silent {
			t.Fatalf("answered (%s) %s", a.Kind, a.Text)
		}
		f, fields := <-opened, map[string]bot.Field{}
		for _, field := range f.Fields {
			fields[field.ID] = field
		}
		return f, fields
	}
	f, fields := form()
	for name, kind := range map[string]bot.FieldKind{"summary": bot.ShownField, "cause": bot.ShownField, "class": bot.TextField, "impact": bot.TextField} {
		if got := fields[name]; got.Kind != kind || kind == bot.ShownField && (got.Value != "" || !strings.Contains(got.Hint, "It is left as it is")) {
			t.Errorf("%s is %+v", name, got)
		}
	}
	if f.Page.URL != "" || strings.Contains(w.says("U1", "C-7", "rfo").Text, "/rfo") {
		t.Error("it leads to a page that there is not")
	}
	send := func(values map[string]string) bot.Answer {
		return w.bot.Handle(t.Context(), bot.Request{
			From: bot.From{Team: "T1", User: "U1"}, Surface: "modal", Form: &bot.Submitted{Name: f.Name, Meta: f.Meta, Values: values, Was: map[string]string{"class": fields["class"].Value}},
		})
	}
	// What is refused stands beside a field that the form has.
	if a := send(map[string]string{"class": fields["class"].Value}); a.Kind != bot.Refused || a.Fields["impact"] == "" {
		t.Errorf("answered (%s), fields %v", a.Kind, a.Fields)
	}
	if a := send(map[string]string{"class": fields["class"].Value, "impact": "nobody could pay"}); a.Kind != bot.Done {
		t.Errorf("answered (%s) %s", a.Kind, a.Text)
	}
	all := w.incident(id).Review.Answers
	if len(all["summary"]) != 1 || all["summary"][0].Text != long || len(all["cause"]) != 1 || len(all["class"]) != 1 || len(all["impact"]) != 1 {
		t.Errorf("an answer was written that nobody changed: %d, %d, %d, %d", len(all["summary"]), len(all["cause"]), len(all["class"]), len(all["impact"]))
	}
}

func TestTheFormLeadsToThePage(t *testing.T) {
	w := newWorld(t)
	opened, _, _ := w.formed()
	w.bot.OfferLinks(bot.Links{Base: "https://rollcall.example.org", SignIn: true, Secret: func() string { return aSecret }, Life: time.Hour})
	w.open("U1", "open checkout is down", "C-7")
	const page = "https://rollcall.example.org/incidents/INC-1/rfo"
	if a := w.says("U1", "C-7", "rfo"); !strings.Contains(a.Text, page) {
		t.Errorf("answered %q", a.Text)
	}
	w.does("U1", "C-7", "rfo answer summary "+strings.Repeat("x", incident.AnswerLimit))
	w.asks("U1", "C-7", "rfo answer")
	if f := <-opened; f.Page.URL != page+"#answers" || f.Page.Label == "" || f.Fields[0].Page != f.Page || !strings.Contains(f.Fields[0].Hint, "20000 characters") {
		t.Errorf("the form leads to %+v, its first field %+v", f.Page, f.Fields[0])
	}
	// Without any field that takes something there is no form, but the way on.
	for _, q := range incident.Questions {
		w.does("U1", "C-7", "rfo answer "+q.Name+" "+strings.Repeat("y", 3001))
	}
	w.does("U1", "C-7", "detected alert")
	w.does("U1", "C-7", "impact 300 users")
	if a := w.asks("U1", "C-7", "rfo answer"); a.Kind != bot.Refused || !strings.Contains(a.Text, page) {
		t.Errorf("answered (%s) %s", a.Kind, a.Text)
	}
}
