package rfo

import "github.com/rollcall-bot/rollcall/incident"

// Metric is one figure with its exact definition: the moment at its end minus the
// moment at its start.
type Metric struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	From       string `json:"from"` // title of the moment at the start
	To         string `json:"to"`   // title of the moment at the end
	Definition string `json:"definition"`
	Headline   bool   `json:"headline,omitempty"`
	Value      Value  `json:"value"`
}

// metricRow is one row of the table of metrics; docs/metrics.md prints it and a
// test holds the two together.
type metricRow struct {
	id, name string
	from, to incident.StampName
	headline bool
}

// metricRows are the metrics in the order in which they are shown. "mitigated"
// and "resolved" stand for the last time: users count until they are well for good.
var metricRows = []metricRow{
	{id: "time_to_call", name: "Time to call", from: incident.FirstSignal, to: incident.CallOpened, headline: true},
	{id: "time_to_tasks", name: "Time to tasks", from: incident.CallOpened, to: incident.TasksConfirmed, headline: true},
	{id: "time_to_detect", name: "Time to detect", from: incident.ImpactStart, to: incident.Detected},
	{id: "signal_to_detect", name: "Signal to detect", from: incident.FirstSignal, to: incident.Detected},
	{id: "time_to_acknowledge", name: "Time to acknowledge", from: incident.Detected, to: incident.Acked},
	{id: "time_to_declare", name: "Time to declare", from: incident.Detected, to: declared},
	{id: "declared_to_call", name: "Time to call, from declared", from: declared, to: incident.CallOpened},
	{id: "time_to_leader", name: "Time to leader", from: declared, to: incident.LeaderAccepted},
	{id: "time_to_first_comms", name: "Time to first customer message", from: declared, to: incident.FirstComms},
	{id: "time_to_mitigate", name: "Time to mitigate", from: incident.ImpactStart, to: mitigated},
	{id: "time_to_resolve", name: "Time to resolve", from: incident.ImpactStart, to: resolved},
	{id: "impact_duration", name: "Impact duration"},
	{id: "time_to_rfo", name: "Time to RFO", from: resolved, to: published},
}

// metrics computes every row of the table.
func (m moments) metrics(impact Value) []Metric {
	list := make([]Metric, 0, len(metricRows))
	for _, row := range metricRows {
		list = append(list, m.metric(row, impact))
	}
	return list
}

func (m moments) metric(row metricRow, impact Value) Metric {
	if row.id == "impact_duration" {
		return Metric{
			ID: row.id, Name: row.name, From: titles[incident.ImpactStart], To: titles[mitigated],
			Definition: "sum of the impact intervals, each Mitigated − Impact began", Value: impact,
		}
	}
	from, to := m.end(row.from), m.end(row.to)
	name := row.name
	switch row.id {
	case "time_to_tasks":
		if from.Quality == missing { // there was no call
			from, name = m.of(declared), name+", from declared"
		}
	case "time_to_detect":
		if from.Quality == missing && m.of(incident.FirstSignal).Known() {
			from, name = m.of(incident.FirstSignal), name+", from first error"
		}
	}
	metric := Metric{
		ID: row.id, Name: name, From: from.Title, To: to.Title, Definition: to.Title + " − " + from.Title,
		Headline: row.headline, Value: between(from, to),
	}
	if row.id == "time_to_detect" && from.Name == incident.ImpactStart && metric.Value.State == OutOfOrder {
		metric.Value = Value{
			State: BeforeImpact,
			Text:  "before impact (by " + Span(from.At.Sub(to.At)).String() + ")",
		}
	}
	return metric
}

// end finds a moment; of mitigated and resolved the last time.
func (m moments) end(name incident.StampName) Stamp {
	switch name {
	case mitigated:
		return m.last().mitigated
	case resolved:
		return m.last().resolved
	default:
		return m.of(name)
	}
}
