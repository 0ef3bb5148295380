package rfo_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	. "github.com/rollcall-bot/rollcall/incident/incidenttest"
	"github.com/rollcall-bot/rollcall/rfo"
)

func withEarlier(t *testing.T, earlier ...rfo.Earlier) scenario {
	s := full(t)
	s.options.Earlier = earlier
	return s
}

func TestARepeatIsAskedAbout(t *testing.T) {
	early := rfo.Earlier{Key: "INC-3", Title: "Payments <b>fail</b> | [x](y)", On: "2026-01-02", URL: "https://rollcall.example.org/incidents/INC-3"}
	d := withEarlier(t, early).document()
	found := rfo.Check(d)
	if !slices.Equal(idsOf(found), []string{"L25"}) || found[0].Severity != rfo.Warn || !strings.Contains(found[0].Suggestion, "INC-3") {
		t.Errorf("found %+v", found)
	}
	md, page := rfo.Markdown(d), rfo.HTML(d)
	if !bytes.Contains(md, []byte("Repeat of an earlier incident? It looks like [INC-3](https://rollcall.example.org/incidents/INC-3)")) {
		t.Errorf("the Markdown has no link:\n%s", md)
	}
	if !bytes.Contains(page, []byte(`<a href="https://rollcall.example.org/incidents/INC-3">INC-3</a>`)) || bytes.Contains(page, []byte("<b>fail")) {
		t.Error("the page has no link, or markup came alive")
	}
}

func TestANamedRepeatIsKept(t *testing.T) {
	s := withEarlier(t, rfo.Earlier{Key: "INC-3", Title: "Payments fail", On: "2026-01-02"}, rfo.Earlier{Key: "INC-30"})
	s.world.Do(Ana, incident.AnswerQuestion{Question: "class", Text: "A shared limit, set by each user: a repeat of inc-3. A deploy gate can refuse it."})
	d := s.document()
	if all := d.Story.Repeats; len(all) != 2 || !all[0].Named || all[1].Named {
		t.Errorf("named are %+v", all)
	}
	if found := rfo.Check(d); len(found) != 0 {
		t.Errorf("found %+v", found)
	}
	if md := string(rfo.Markdown(d)); !strings.Contains(md, "Named above: INC-3, 2026-01-02: Payments fail") {
		t.Errorf("not kept:\n%s", md)
	}
}

// TestWhatLooksAlikeIsNoContent: an approval must not fall because another incident was written up.
func TestWhatLooksAlikeIsNoContent(t *testing.T) {
	s := withEarlier(t, rfo.Earlier{Key: "INC-3"})
	if state := s.document().Head.State; state != kept(t, "full").document().Head.State {
		t.Errorf("the state became %s", state)
	}
}
