package rfo_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	. "github.com/rollcall-bot/rollcall/incident/incidenttest"
	"github.com/rollcall-bot/rollcall/rfo"
)

func TestChangesAreOfWhatItSays(t *testing.T) {
	w := resolved(t)
	w.Do(Ana, incident.AnswerQuestion{Question: "well", Text: "The call was quick."})
	document := func() rfo.Document { return rfo.Build(w.Incident, w.Records, staff, rfo.Options{}) }
	then := document()
	w.Do(Ana, incident.PublishRFO{Lint: incident.Lint{Hash: hash(w)}})
	if got := rfo.Changes(then, document(), nil, nil); got != "" {
		t.Errorf("publishing changed what it says:\n%s", got)
	}
	w.Do(Ana, incident.AnswerQuestion{Question: "cause", Text: "A queue without a limit."})
	w.Do(Ana, incident.AnswerQuestion{Question: "well", Text: "The call was there at once."})
	by := []incident.Overlay{{Section: "fix", Base: "## Fix", Text: "## Fix\n\nBy hand."}}
	got := rfo.Changes(then, document(), nil, by)
	for _, want := range []string{
		"@@ what-happened-trigger-and-contributing-factors\n- \\_Not", "+ A queue without a limit.", "@@ what-went-well\n- The call was quick.\n+ The call was there at once.", "@@ fix\n", "+ By hand.",
	} {
		if !strings.Contains(got, strings.ReplaceAll(want, "\\", "")) {
			t.Errorf("%q is not among the changes:\n%s", want, got)
		}
	}
}
