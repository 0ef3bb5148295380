package say_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
)

type people struct{}

func (people) Name(p incident.PersonID) string    { return "Ana <!channel> " + string(p) }
func (people) SlackID(p incident.PersonID) string { return "U" + string(p) }

func book(t *testing.T, text string) *say.Book {
	t.Helper()
	b, err := say.Open(fstest.MapFS{"message/x.tmpl": {Data: []byte(`{{define "x"}}` + text + `{{end}}`)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWhatAPersonTypedNeverComesAlive(t *testing.T) {
	b := book(t, "{{.who}}: {{.text}} {{range .list}}[{{.one}}]{{end}}")
	got := b.Text(incident.Say{ID: "x", Args: incident.Args{
		"who":  incident.PersonID("1"),
		"text": "<!channel> & <@U1> <http://x|y> <@2>",
		"list": []incident.Args{{"one": "<@U9|z>"}},
	}}, say.Slack{Who: people{}, Mentions: true})
	if strings.Count(got, "<") != 1 || !strings.HasPrefix(got, "<@U1>: ") {
		t.Fatalf("something came alive in %q", got)
	}
}

func TestAnswersAreGivenEvenWhenATextIsMissing(t *testing.T) {
	if got := book(t, "ok").Text(incident.Say{ID: "nope"}, say.Plain{Who: people{}}); got != "[nope]" {
		t.Fatalf("got %q", got)
	}
}

func TestAnOverrideReplacesAText(t *testing.T) {
	files := fstest.MapFS{"message/x.tmpl": {Data: []byte(`{{define "x"}}open{{end}}{{define "y"}}kept{{if true}} {{template "x"}}{{end}}{{end}}`)}}
	mine := fstest.MapFS{"message/de.tmpl": {Data: []byte(`{{define "x"}}offen{{end}}`)}}
	b, err := say.Open(files, mine)
	if err != nil {
		t.Fatal(err)
	}
	r := say.Plain{Who: people{}}
	if got := b.Text(incident.Say{ID: "x"}, r) + " " + b.Text(incident.Say{ID: "y"}, r); got != "offen kept offen" {
		t.Fatalf("got %q", got)
	}
}

func TestABrokenOverrideNamesFileAndLine(t *testing.T) {
	files := fstest.MapFS{"message/x.tmpl": {Data: []byte(`{{define "x"}}open{{end}}`)}}
	_, err := say.Open(files, fstest.MapFS{"message/x.tmpl": {Data: []byte("{{define \"x\"}}\n{{end")}})
	if err == nil || !strings.Contains(err.Error(), "x.tmpl:2") {
		t.Fatalf("got %v", err)
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		40 * time.Second: "40 s", 3 * time.Minute: "3 min", 82 * time.Minute: "1 h 22 min",
		26*time.Hour + 5*time.Minute: "26 h 05 min", 2 * time.Hour: "2 h", 0: "0 s",
	} {
		if got := say.Span(d); got != want {
			t.Errorf("%v is spelt %q, not %q", d, got, want)
		}
	}
}
