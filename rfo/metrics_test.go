package rfo

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rollcall-bot/rollcall/incident"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// known is a moment so long after noon.
func known(name incident.StampName, after time.Duration) Stamp {
	return Stamp{Name: name, Title: titles[name], At: noon.Add(after), Quality: incident.Auto}
}

func bound(s Stamp, b Bound) Stamp {
	s.Bound, s.Quality = b, incident.Estimated
	return s
}

// TestBetween is every rule of what two moments give.
func TestBetween(t *testing.T) {
	from, to := known(incident.Detected, 0), known(incident.CallOpened, 12*time.Minute)
	about := to
	about.Quality = incident.Estimated
	lost := absent(incident.CallOpened, "Call open")
	for _, c := range []struct {
		name     string
		from, to Stamp
		state    ValueState
		bound    Bound
		text     string
	}{
		{"exact", from, to, Known, "", "12 min"},
		{"the same moment is no zero", from, known(incident.CallOpened, 0), Known, "", "under 1 s"},
		{"an estimate", from, about, Known, About, "about 12 min"},
		{"start at latest", bound(from, AtLatest), to, Known, AtLeast, "at least 12 min (time not recorded: Detected)"},
		{"start at earliest", bound(from, AtEarliest), to, Known, AtMost, "at most 12 min (time not recorded: Detected)"},
		{"end at latest", from, bound(to, AtLatest), Known, AtMost, "at most 12 min (time not recorded: Call open)"},
		{"end at earliest", from, bound(to, AtEarliest), Known, AtLeast, "at least 12 min (time not recorded: Call open)"},
		{"bounds of the same side say nothing", bound(from, AtLatest), bound(to, AtLatest), NotRecorded, "", "not recorded (missing: Detected, Call open)"},
		{"at least nothing says nothing", bound(from, AtLatest), known(incident.CallOpened, 0), NotRecorded, "", "not recorded (missing: Detected)"},
		{"at most nothing says nothing", from, bound(known(incident.CallOpened, 0), AtLatest), NotRecorded, "", "not recorded (missing: Call open)"},
		{"end missing", from, lost, NotRecorded, "", "not recorded (missing: Call open)"},
		{"both missing", absent(incident.Detected, "Detected"), lost, NotRecorded, "", "not recorded (missing: Detected, Call open)"},
		{
			"negative", to, from, OutOfOrder, "",
			"no figure: “Detected” (2026-03-04 12:00 UTC) is before “Call open” (2026-03-04 12:12 UTC)",
		},
		{
			"negative within a minute", known(incident.Detected, 20*time.Second), known(incident.CallOpened, 10*time.Second), OutOfOrder, "",
			"no figure: “Call open” (2026-03-04 12:00:10 UTC) is before “Detected” (2026-03-04 12:00:20 UTC)",
		},
		{
			"surely negative", to, bound(known(incident.Acked, 0), AtLatest), OutOfOrder, "",
			"no figure: “First reaction” (2026-03-04 12:00 UTC) is before “Call open” (2026-03-04 12:12 UTC)",
		},
	} {
		v := between(c.from, c.to)
		if v.State != c.state || v.Bound != c.bound || v.Text != c.text {
			t.Errorf("%s: %+v", c.name, v)
		}
		if v.State != Known && v.Span != 0 {
			t.Errorf("%s: has a number: %v", c.name, v.Span)
		}
	}
}

// TestMetricFallbacks are the three metrics that may start elsewhere, and say so.
func TestMetricFallbacks(t *testing.T) {
	m := moments{list: []Stamp{
		absent(incident.ImpactStart, "Impact began"), known(incident.FirstSignal, 0), known(incident.Detected, 4*time.Minute),
		known(declared, 5*time.Minute), absent(incident.CallOpened, "Call open"), known(incident.TasksConfirmed, 9*time.Minute),
	}, episodes: []episode{{mitigated: absent(mitigated, "Mitigated"), resolved: absent(resolved, "Resolved")}}}
	want := map[string][2]string{
		"time_to_detect": {"Time to detect, from first error", "4 min"},
		"time_to_tasks":  {"Time to tasks, from declared", "4 min"},
		"time_to_call":   {"Time to call", "not recorded (missing: Call open)"},
	}
	for _, metric := range m.metrics(Value{}) {
		if w, ok := want[metric.ID]; ok && (metric.Name != w[0] || metric.Value.Text != w[1]) {
			t.Errorf("%s: %s, %s", metric.ID, metric.Name, metric.Value.Text)
		}
	}
	m.list[0] = known(incident.ImpactStart, 10*time.Minute)
	for _, metric := range m.metrics(Value{}) {
		if metric.ID == "time_to_detect" && (metric.Value.State != BeforeImpact || metric.Value.Text != "before impact (by 6 min)") {
			t.Errorf("detected before impact: %+v", metric.Value)
		}
	}
}

// TestSum keeps what is not known of one interval out of no sum.
func TestSum(t *testing.T) {
	one := Interval{known(incident.ImpactStart, 0), known(mitigated, time.Hour), Value{}}
	one.Value = between(one.Start, one.End)
	loose := Interval{bound(known(reopened, 2*time.Hour), AtLatest), known(mitigated, 3*time.Hour), Value{}}
	loose.Value = between(loose.Start, loose.End)
	lost := Interval{absent(incident.ImpactStart, "Impact began"), known(mitigated, time.Hour), notRecorded(absent(incident.ImpactStart, "Impact began"))}
	for text, list := range map[string][]Interval{
		"1 h": {one}, "2 h": {one, one}, "at least 2 h (time not recorded: Reopened)": {one, loose},
		"not recorded (missing: Impact began)": {one, lost},
	} {
		if v := sum(list); v.Text != text {
			t.Errorf("%s, not %s", v.Text, text)
		}
	}
}

// TestPhasesSumToTheTotal cuts random moments into phases.
func TestPhasesSumToTheTotal(t *testing.T) {
	order := []incident.StampName{
		incident.ImpactStart, incident.FirstSignal, incident.Detected, incident.Acked, declared, incident.CallOpened,
		incident.LeaderAccepted, incident.TasksConfirmed, incident.FirstComms, mitigated, resolved, reopened + "_2", mitigated + "_2", resolved + "_2",
	}
	rapid.Check(t, func(t *rapid.T) {
		var m moments
		var at []time.Time
		lost := 0
		for _, name := range order {
			s := known(name, time.Duration(rapid.Int64Range(-1e13, 1e13).Draw(t, "after")))
			s.Title = string(name)
			switch rapid.IntRange(0, 4).Draw(t, "kind") {
			case 0:
				s = absent(name, string(name))
			case 1:
				s = bound(s, AtLatest)
			}
			if name != incident.FirstComms {
				if s.Known() {
					at = append(at, s.At)
				} else {
					lost++
				}
			}
			m.list = append(m.list, s)
		}
		p := m.phases()
		var total Span
		longest, named := Span(0), 0
		largest := Span(-1)
		for _, one := range p.List {
			if one.Span < 0 {
				t.Fatalf("%s is negative", one.Name)
			}
			total += one.Span
			if !one.Quiet {
				longest = max(longest, one.Span)
			}
			if one.Largest {
				largest = one.Span
			}
			named += len(one.Including)
		}
		if total != p.Total {
			t.Fatalf("the phases sum to %v, the total is %v", total, p.Total)
		}
		if len(at) > 0 {
			slices.SortFunc(at, time.Time.Compare)
			if whole := Span(at[len(at)-1].Sub(at[0])); whole != p.Total {
				t.Fatalf("from the first moment to the last it is %v, the total is %v", whole, p.Total)
			}
		}
		if longest > 0 && largest != longest {
			t.Fatalf("%v is marked as the largest of %v", largest, longest)
		}
		if named+len(p.Outside) != lost {
			t.Fatalf("%d moments are missing, %d are named", lost, named+len(p.Outside))
		}
		for _, b := range bars(p, barWidth) {
			if b.Offset < 0 || b.Length < 0 || b.Offset+b.Length > barWidth || b.Span > 0 && b.Length == 0 {
				t.Fatalf("a bar from %d, %d wide", b.Offset, b.Length)
			}
		}
	})
}

func TestSpanText(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "under 1 s", 999 * time.Millisecond: "under 1 s", 45 * time.Second: "45 s", time.Minute: "1 min",
		200 * time.Second: "3 min 20 s", 12*time.Minute + 5*time.Second: "12 min 05 s", time.Hour - time.Millisecond: "1 h",
		82 * time.Minute: "1 h 22 min", 26*time.Hour + 5*time.Minute: "26 h 05 min", 24 * time.Hour: "24 h",
		time.Hour + 59*time.Minute + 40*time.Second: "2 h",
	} {
		if got := Span(d).String(); got != want {
			t.Errorf("%v is %s, not %s", d, got, want)
		}
	}
}

func TestAmount(t *testing.T) {
	for want, got := range map[string]string{
		"1,200 users": amount(1200, 1200, "users", false), "about 2,000–5,000 users": amount(2000, 5000, "users", true),
		"12%": amount(12, 12, "%", false), "0.4%": amount(0.4, 0.4, "%", false), "": amount(0, 0, "", true),
		"1,234,567 requests": amount(1234567, 0, "requests", false), "0 users": amount(0, 0, "users", false),
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

// TestMetricsAreDocumented holds docs/metrics.md against the table.
func TestMetricsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range metricRows {
		want := "| " + row.name + " | " + titles[row.to] + " − " + titles[row.from] + " |"
		if row.id == "impact_duration" {
			want = "| " + row.name + " | sum of the impact intervals"
		}
		if !strings.Contains(string(page), want) {
			t.Errorf("docs/metrics.md has no row %q", want)
		}
	}
	for _, title := range titles {
		if !strings.Contains(string(page), "| "+title+" |") {
			t.Errorf("docs/metrics.md does not define %q", title)
		}
	}
}
