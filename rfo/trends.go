package rfo

import (
	"slices"

	"github.com/rollcall-bot/rollcall/incident"
)

// Trends are the figures of several incidents side by side. They hold no mean,
// which one long night would move, and rank nobody.
type Trends struct {
	Incidents int     `json:"incidents"` // that are counted
	LeftOut   int     `json:"left_out"`  // drills, cancelled, merged, and those that still go on
	Figures   []Trend `json:"figures"`
	// Sources say who found the incidents out first, in the order of the closed list.
	Sources []Share `json:"detection"`
}

// Trend is one metric over several incidents.
type Trend struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Definition string `json:"definition"`
	// Median and P90 mean nothing while N is 0.
	Median  Span `json:"median,omitempty"`
	P90     Span `json:"p90,omitempty"`
	N       int  `json:"n"`       // incidents that have the figure
	Missing int  `json:"missing"` // incidents that lack it
	Loose   int  `json:"loose"`   // of N: known as "about", "at least" or "at most"
}

// Share is how many incidents were found out by somebody.
type Share struct {
	Source string `json:"source"` // "" where nobody said
	N      int    `json:"n"`
}

// trendIDs are the metrics that are compared across incidents: the two that a
// response is proud of, and the two that users feel.
var trendIDs = []string{"time_to_call", "time_to_tasks", "time_to_detect", "time_to_mitigate"}

// sources is the closed list of who finds an incident out.
var sources = []string{"alert", "synthetic", "employee", "customer", "partner", ""}

// Counts says whether an incident belongs into figures over several: one that is
// resolved. Drills, cancelled and merged incidents do not, and one that goes on
// lacks its end for a reason that is nobody's.
func Counts(l Life) bool { return l.Status == incident.Resolved && !l.Drill }

// Compare computes the trends of these documents.
func Compare(all []Document) Trends {
	counted := slices.DeleteFunc(slices.Clone(all), func(d Document) bool { return !Counts(d.Head.Incident) })
	t := Trends{Incidents: len(counted), LeftOut: len(all) - len(counted)}
	for _, id := range trendIDs {
		t.Figures = append(t.Figures, trend(id, counted))
	}
	found := map[string]int{}
	for _, d := range counted {
		found[d.Detection.Source]++
	}
	for _, s := range sources {
		t.Sources = append(t.Sources, Share{Source: s, N: found[s]})
	}
	return t
}

// FoundByCustomers is how many incidents a customer found out first, of how many
// of which it is known who did.
func (t Trends) FoundByCustomers() (n, known int) {
	for _, s := range t.Sources {
		switch s.Source {
		case "":
			continue
		case "customer":
			n = s.N
		}
		known += s.N
	}
	return n, known
}

// Metric finds a metric of the document by its id.
func (s Speed) Metric(id string) (Metric, bool) {
	for _, m := range s.Metrics {
		if m.ID == id {
			return m, true
		}
	}
	return Metric{}, false
}

func trend(id string, counted []Document) Trend {
	t := Trend{ID: id}
	for _, row := range metricRows {
		if row.id == id {
			t.Name, t.Definition = row.name, titles[row.to]+" − "+titles[row.from]
		}
	}
	var spans []Span
	for _, d := range counted {
		m, _ := d.Speed.Metric(id)
		switch {
		case m.Value.State == BeforeImpact: // found out before users felt it: nothing was waited for
			spans = append(spans, 0)
		case m.Value.State != Known:
			t.Missing++
			continue
		default:
			spans = append(spans, m.Value.Span)
		}
		if m.Value.Bound != "" {
			t.Loose++
		}
	}
	if t.N = len(spans); t.N > 0 {
		slices.Sort(spans)
		t.Median, t.P90 = rank(spans, 50), rank(spans, 90)
	}
	return t
}

// rank is the nearest-rank percentile of sorted spans: the smallest of them that
// at least so many percent do not exceed. It is always one that was measured.
func rank(sorted []Span, percent int) Span {
	n := (len(sorted)*percent + 99) / 100
	return sorted[max(n, 1)-1]
}
