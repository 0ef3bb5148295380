package web

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"
)

// figure is one metric that is read off a Moment.
type figure struct {
	name, help string
	label      string // "" for none
	counter    bool
	read       func(Moment) map[string]float64 // by label; "" for the only one
}

func one(v float64) map[string]float64 { return map[string]float64{"": v} }

func many(counts map[string]int64) map[string]float64 {
	out := make(map[string]float64, len(counts))
	for name, n := range counts {
		out[name] = float64(n)
	}
	return out
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// fromBacklog reads nothing while the backlog is not known: a gap says so, a zero
// would be a lie.
func fromBacklog(read func(*Backlog) map[string]float64) func(Moment) map[string]float64 {
	return func(m Moment) map[string]float64 {
		if m.Backlog == nil {
			return nil
		}
		return read(m.Backlog)
	}
}

// figures are all metrics of a Moment.
var figures = []figure{
	{name: "writer_writes_total", help: "Writes answered by the one writer.", counter: true, read: func(m Moment) map[string]float64 { return one(float64(m.Writes)) }},
	{name: "writer_commits_total", help: "Transactions committed by it.", counter: true, read: func(m Moment) map[string]float64 { return one(float64(m.Commits)) }},
	{name: "writer_replays_total", help: "Shared transactions that failed and were run again one by one.", counter: true, read: func(m Moment) map[string]float64 { return one(float64(m.Replays)) }},
	{name: "writer_redecided_total", help: "Writes run again because another replica was first, or a request had come before.", counter: true, read: func(m Moment) map[string]float64 { return one(float64(m.Redecided)) }},
	{name: "writer_queue", help: "Writes that wait for the writer.", read: func(m Moment) map[string]float64 { return one(float64(m.Waiting)) }},
	{name: "socket_connections", help: "Open connections of Socket Mode.", read: func(m Moment) map[string]float64 { return one(float64(m.Sockets)) }},
	{name: "breaker_open", help: "1 while a peer is left alone because it cannot be reached.", label: "peer", read: func(m Moment) map[string]float64 {
		out := map[string]float64{}
		for peer, open := range m.BreakersOpen {
			out[peer] = number(open)
		}
		return out
	}},
	{name: "look_age_seconds", help: "How long ago it was looked what is due, once a second; alarm when it is gone or grows.", read: func(m Moment) map[string]float64 {
		if m.LookAge == nil {
			return nil
		}
		return one(m.LookAge.Seconds())
	}},
	{name: "feature_on", help: "0 while a feature is switched off.", label: "feature", read: func(m Moment) map[string]float64 {
		out := map[string]float64{}
		for feature, on := range m.FeaturesOn {
			out[feature] = number(on)
		}
		return out
	}},
	{name: "backlog_readable", help: "1 when the database could be asked for effects, cards, jobs and due_lag.", read: func(m Moment) map[string]float64 { return one(number(m.Backlog != nil)) }},
	{name: "effects", help: "Outbound steps that are not done, by state.", label: "state", read: fromBacklog(func(b *Backlog) map[string]float64 { return many(b.Effects) })},
	{name: "effects_oldest_seconds", help: "Age of the oldest outbound step that is neither done nor given up.", read: fromBacklog(func(b *Backlog) map[string]float64 { return one(b.Oldest.Seconds()) })},
	{name: "cards_stale", help: "Cards that are not shown as they should be.", read: fromBacklog(func(b *Backlog) map[string]float64 { return one(float64(b.Cards)) })},
	{name: "jobs", help: "Jobs that are not finished, by state.", label: "state", read: fromBacklog(func(b *Backlog) map[string]float64 { return many(b.Jobs) })},
	{name: "call_rooms_ready", help: "Rooms for calls that are made and wait for an incident, by provider; alarm on 0.", label: "provider", read: fromBacklog(func(b *Backlog) map[string]float64 { return many(b.Rooms) })},
	{name: "call_rooms_lost", help: "Rooms of the last week that may have been made at the provider and nobody will use.", label: "provider", read: fromBacklog(func(b *Backlog) map[string]float64 { return many(b.Lost) })},
	{name: "due_lag_seconds", help: "How late the earliest clock is.", read: fromBacklog(func(b *Backlog) map[string]float64 { return one(b.DueLag.Seconds()) })},
}

// moments says how a Moment reads as metrics.
type moments struct {
	look  func(context.Context) Moment
	descs []*prometheus.Desc // one for each of figures
}

func newMoments(look func(context.Context) Moment) *moments {
	m := &moments{look: look}
	for _, f := range figures {
		var labels []string
		if f.label != "" {
			labels = []string{f.label}
		}
		m.descs = append(m.descs, prometheus.NewDesc("rollcall_"+f.name, f.help, labels, nil))
	}
	return m
}

// now is the Moment of one scrape, which is over when ctx is.
func (m *moments) now(ctx context.Context) *scrape { return &scrape{moments: m, now: m.look(ctx)} }

// scrape implements prometheus.Collector for one request.
type scrape struct {
	*moments
	now Moment
}

// Describe says which metrics there are.
func (s *scrape) Describe(to chan<- *prometheus.Desc) {
	for _, d := range s.descs {
		to <- d
	}
}

// Collect gives what they are.
func (s *scrape) Collect(to chan<- prometheus.Metric) {
	for n, f := range figures {
		kind := prometheus.GaugeValue
		if f.counter {
			kind = prometheus.CounterValue
		}
		for label, value := range f.read(s.now) {
			var labels []string
			if f.label != "" {
				labels = []string{label}
			}
			to <- prometheus.MustNewConstMetric(s.descs[n], kind, value, labels...)
		}
	}
}
