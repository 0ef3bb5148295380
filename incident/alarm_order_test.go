package incident_test

import (
	"encoding/json"
	"math/rand"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// TestRandomOrdersOfAlarmsGiveOneState folds 10,000 random orders of 20 random
// reports: whatever the order, the alarm is the same.
func TestRandomOrdersOfAlarmsGiveOneState(t *testing.T) {
	const seed = 20260304
	random := rand.New(rand.NewSource(seed))
	kinds := []incident.AlarmKind{
		incident.AlarmTriggered, incident.AlarmReopened, incident.AlarmResolved, incident.AlarmAcked, incident.AlarmUnacked,
		incident.AlarmEscalated, incident.AlarmReassigned, incident.AlarmAnnotated, incident.AlarmPrioritised, incident.AlarmAsked,
	}
	count := 0
	for range 1000 {
		reports := make([]incident.AlarmReport, 20)
		for n := range reports {
			// Few moments, so that many reports are of the same one.
			r := report(kinds[random.Intn(len(kinds))], clock(13, 50).Add(time.Duration(random.Intn(12))*time.Minute))
			r.Facts.Priority = []string{"", "P1", "P2"}[random.Intn(3)]
			r.Facts.Title = []string{"Checkout fails", "Checkout is slow"}[random.Intn(2)]
			r.Who = [][]string{nil, {"Ana Meyer"}, {"Bob Stone", "Ana Meyer"}}[random.Intn(3)]
			reports[n] = r
		}
		want := folded(t, reports)
		for range 10 {
			random.Shuffle(len(reports), func(a, b int) { reports[a], reports[b] = reports[b], reports[a] })
			if got := folded(t, reports); got != want {
				t.Fatalf("seed %d: the order %+v gives\n%s\nand another\n%s", seed, reports, got, want)
			}
			count++
		}
	}
	t.Logf("%d orders, seed %d", count, seed)
}

func folded(t *testing.T, reports []incident.AlarmReport) string {
	t.Helper()
	a := incident.FoldAlarm(reports)
	body, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return string(body) + string(a.State())
}

func TestResolvedIsFinalUnlessReopened(t *testing.T) {
	at := func(kind incident.AlarmKind, minute int) incident.AlarmReport { return report(kind, clock(14, minute)) }
	for _, c := range []struct {
		name    string
		reports []incident.AlarmReport
		want    incident.AlarmState
	}{
		{"acknowledged after the end", []incident.AlarmReport{at(incident.AlarmResolved, 5), at(incident.AlarmAcked, 9)}, incident.Quiet},
		{"reopened", []incident.AlarmReport{at(incident.AlarmReopened, 6), at(incident.AlarmResolved, 5)}, incident.Firing},
		{"reopened and acknowledged", []incident.AlarmReport{at(incident.AlarmAcked, 7), at(incident.AlarmReopened, 6), at(incident.AlarmResolved, 5)}, incident.Taken},
		{"acknowledged before it was reopened", []incident.AlarmReport{at(incident.AlarmAcked, 4), at(incident.AlarmReopened, 6), at(incident.AlarmResolved, 5)}, incident.Firing},
		{"resolved again", []incident.AlarmReport{at(incident.AlarmResolved, 8), at(incident.AlarmReopened, 6), at(incident.AlarmResolved, 5)}, incident.Quiet},
		{"acknowledged in the same moment", []incident.AlarmReport{at(incident.AlarmAcked, 4), at(incident.AlarmTriggered, 4)}, incident.Taken},
	} {
		if got := incident.FoldAlarm(c.reports).State(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestAForeignTextIsBroughtIntoForm(t *testing.T) {
	r := incident.AlarmReport{
		Facts: incident.AlarmFacts{Title: strings.Repeat("ä", 300), Service: " a\nb ", URL: "javascript:alert(1)"},
		Who:   []string{"Ana", "Ana", " "}, Text: "see <@0190-ana> \xff",
	}.Tidy()
	equal(t, "title", len([]rune(r.Facts.Title)), incident.TitleLimit)
	equal(t, "service", r.Facts.Service, "a b")
	equal(t, "address", r.Facts.URL, "")
	equal(t, "people", len(r.Who), 1)
	equal(t, "text", r.Text, "see < @0190-ana> \uFFFD")
}
