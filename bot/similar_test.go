package bot_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// happened opens and resolves an incident, and answers questions of its RFO.
func (w *world) happened(channel, line string, answers ...string) {
	w.t.Helper()
	w.open("U1", line, channel)
	w.does("U1", channel, "resolve it works again")
	for _, a := range answers {
		w.does("U1", channel, "rfo answer "+a)
	}
}

func TestOpeningPointsOutWhatWasAlike(t *testing.T) {
	w := newWorld(t)
	w.happened("C1", "open Card payments fail", "cause The certificate of the bank had expired.")
	w.happened("C2", "open Search is slow")
	w.happened("C3", "open private Card payments were stolen from the payments table")
	w.open("U1", "drill Card payments fail", "C4")
	w.open("U1", "open Mails bounce", "C5")

	text := w.does("U2", "", "open card payment fails for everybody").Text
	if !strings.Contains(text, "Looks like *INC-1* Card payments fail") || !strings.Contains(text, "The certificate of the bank had expired.") {
		t.Errorf("what was alike is not pointed out: %s", text)
	}
	for _, key := range []string{"INC-2", "INC-3", "INC-4", "INC-5", "stolen"} {
		if strings.Contains(text, key) {
			t.Errorf("%s is told: %s", key, text)
		}
	}
	if text := w.does("U1", "", "open The warehouse is flooded").Text; strings.Contains(text, "Looks like") {
		t.Errorf("something is found where nothing is alike: %s", text)
	}
	if text := w.does("U1", "", "open private Card payments were stolen").Text; strings.Contains(text, "INC-3") {
		t.Errorf("another private incident is told in an answer that others may read: %s", text)
	}
}

func TestAtMostTwoAlikeAreShown(t *testing.T) {
	w := newWorld(t)
	for _, channel := range []string{"C1", "C2", "C3"} {
		w.happened(channel, "open Card payments fail")
	}
	text := w.does("U2", "", "open card payments fail").Text
	if n := strings.Count(text, "Looks like"); n != 2 || !strings.Contains(text, "*INC-3*") || !strings.Contains(text, "*INC-2*") {
		t.Errorf("%d are shown, not the latest two: %s", n, text)
	}
}

func TestNamingTheClassShowsWhatIsOpenOfThatClass(t *testing.T) {
	w := newWorld(t)
	w.happened("C1", "open Card payments fail", "class A certificate that expired unseen")
	w.does("U1", "C1", "action me by 1w alert on certificates that expire")
	w.happened("C2", "open private Salaries are public", "class A certificate that expired unseen")
	w.does("U1", "C2", "action me by 1w rotate the key")
	w.open("U1", "open Mails bounce", "C3")
	w.does("U1", "C3", "resolve they do not")
	if text := w.does("U1", "C3", "rfo answer cause The mail server refused the relay.").Text; strings.Contains(text, "INC-1") {
		t.Errorf("told before the class is known: %s", text)
	}
	text := w.does("U1", "C3", "rfo answer class An expired certificate, again unseen").Text
	if !strings.Contains(text, "Action A1 of INC-1 is still open: alert on certificates that expire") || strings.Contains(text, "rotate") || strings.Contains(text, "INC-2") {
		t.Errorf("the class's open action is not told, or a private one is: %s", text)
	}
	if text := w.does("U1", "C3", "note the certificate is new").Text; strings.Contains(text, "INC-1") {
		t.Errorf("told again and again: %s", text)
	}
}

func TestSimilarFindsWhatOneMaySee(t *testing.T) {
	w := newWorld(t)
	w.happened("C1", "open Card payments fail")
	w.happened("C2", "open private Card payments were stolen")
	w.open("U1", "open card payments fail again", "C3")
	asks := func(user, channel, surface, line string) string {
		t.Helper()
		a := w.bot.Handle(t.Context(), bot.Request{From: bot.From{Team: "T1", User: user, Channel: channel}, Surface: surface, Text: line})
		return a.Text
	}
	for _, c := range []struct {
		what, user, channel, surface, line string
		tells, hides                       []string
	}{
		{"in the channel", "U1", "C3", "slash", "similar", []string{"Like INC-3", "INC-1"}, []string{"INC-2"}},
		{"by its key", "U2", "C-general", "slash", "INC-3 similar", []string{"INC-1"}, []string{"INC-2"}},
		{"words, by a member", "U1", "C-general", "slash", "similar card payments", []string{"INC-1", "INC-2* (private)", "INC-3"}, nil},
		{"words, by others", "U2", "C-general", "slash", "similar card payments", []string{"INC-1", "INC-3"}, []string{"INC-2", "stolen"}},
		{"words, where others read", "U1", "C-general", "mention", "similar card payments", []string{"INC-1"}, []string{"INC-2", "stolen"}},
		{"words, in another incident's channel", "U1", "C3", "slash", "similar card payments", []string{"INC-1"}, []string{"INC-2", "stolen"}},
		{"words, by a program", "U1", "", "api", "similar card payments", []string{"INC-1"}, []string{"INC-2", "stolen"}},
		{"a hidden key", "U2", "C-general", "slash", "INC-2 similar", nil, []string{"stolen", "INC-1"}},
		{"words of nothing", "U1", "C-general", "slash", "similar kubernetes", []string{"No incident"}, []string{"INC-"}},
		{"nothing to look for", "U1", "C-general", "slash", "similar", []string{"similar TEXT"}, []string{"INC-"}},
		{"a guest", "U4", "C-general", "slash", "similar card payments", nil, []string{"INC-1", "INC-2", "INC-3"}},
	} {
		text := asks(c.user, c.channel, c.surface, c.line)
		for _, want := range c.tells {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not told: %s", c.what, want, text)
			}
		}
		for _, bad := range c.hides {
			if strings.Contains(text, bad) {
				t.Errorf("%s: %q is told: %s", c.what, bad, text)
			}
		}
	}
	if hidden, unknown := asks("U2", "", "slash", "INC-2 similar"), asks("U2", "", "slash", "INC-9 similar"); strings.ReplaceAll(hidden, "INC-2", "INC-9") != unknown {
		t.Errorf("hidden and unknown differ: %s and %s", hidden, unknown)
	}
}

// TestAnRFONamesNoPrivateIncident asks as a member of the private one.
func TestAnRFONamesNoPrivateIncident(t *testing.T) {
	w := newWorld(t)
	w.happened("C1", "open private Card payments fail for one shop")
	w.happened("C2", "open Card payments fail in one shop")
	w.happened("C3", "open Card payments fail for a shop")
	text := w.says("U1", "C3", "rfo check").Text
	if !strings.Contains(text, "INC-2") || strings.Contains(text, "INC-1") {
		t.Errorf("the check says %s", text)
	}
	var named []string
	if err := w.store.Read(t.Context(), func(r *storage.Reader) error {
		inc, err := r.RawIncident(w.incidentNumber(3))
		if err != nil {
			return err
		}
		list, err := bot.EarlierOf(r, inc, "https://rollcall.example.org")
		for _, e := range list {
			named = append(named, e.Key+" "+e.URL)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if strings.Join(named, ";") != "INC-2 https://rollcall.example.org/incidents/INC-2" {
		t.Errorf("the RFO names %q", named)
	}
}

// incidentNumber is the id of the incident with a number.
func (w *world) incidentNumber(n int) (id incident.ID) {
	w.t.Helper()
	if err := w.store.Read(w.t.Context(), func(r *storage.Reader) (err error) {
		id, err = r.RawByNumber(n)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return id
}
