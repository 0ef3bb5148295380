package web

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts what the program does. Labels are words of the program's own,
// never anything that somebody typed, nor an incident's or a person's id.
type Metrics struct {
	registry *prometheus.Registry
	moments  *moments
	requests *prometheus.CounterVec
	latency  *prometheus.HistogramVec
	answers  *prometheus.CounterVec
	answered *prometheus.HistogramVec
	panics   prometheus.Counter
	restarts *prometheus.CounterVec
	webhooks *prometheus.CounterVec
}

// Moment is the state of the program when somebody looks.
type Moment struct {
	Writes, Commits, Replays, Redecided int64 // since the start
	Waiting                             int64 // in the writer's queue
	Sockets                             int   // open connections of Socket Mode
	BreakersOpen                        map[string]bool
	FeaturesOn                          map[string]bool
	LookAge                             *time.Duration // since it was last looked what is due; nil before the first look
	Backlog                             *Backlog       // nil when the database could not be read
}

// Backlog is what is still to be done.
type Backlog struct {
	Effects map[string]int64 // outbound steps that are not done, by state
	Oldest  time.Duration    // age of the oldest of them that was not given up
	Cards   int64            // cards that are not shown as they should be
	Jobs    map[string]int64 // River's jobs that are not finished, by state
	DueLag  time.Duration    // how late the earliest clock is; 0 when none is late
	Rooms   map[string]int64 // rooms for calls that are ready, by provider
	Lost    map[string]int64 // rooms that may have been made and nobody will use, by provider
}

// seconds suit answers that should take milliseconds and must not take three seconds.
var seconds = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3, 5}

// NewMetrics returns the counters. look is asked at each scrape; it bounds itself.
func NewMetrics(version string, look func(context.Context) Moment) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		moments:  newMoments(look),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "rollcall_http_requests_total", Help: "HTTP requests answered.",
		}, []string{"route", "status"}),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "rollcall_http_request_seconds", Help: "Time to answer an HTTP request.", Buckets: seconds,
		}, []string{"route"}),
		answers: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "rollcall_answers_total", Help: "Answers to what people said, by surface and kind; not_saved is the one to alarm on.",
		}, []string{"surface", "kind"}),
		answered: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "rollcall_answer_seconds", Help: "Time until an answer was ready and on disk.", Buckets: seconds,
		}, []string{"surface"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "rollcall_panics_total", Help: "Panics that cost one request.",
		}),
		restarts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "rollcall_service_restarts_total", Help: "Parts of the program that ended and were started again.",
		}, []string{"service"}),
		webhooks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "rollcall_webhooks_total",
			Help: "What monitors and paging systems sent, by source and what became of it; alarm on forged and not_saved: PagerDuty stops sending for a day after three refusals in a row.",
		}, []string{"source", "result"}),
	}
	build := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "rollcall_build_info", Help: "1, with the version as a label.", ConstLabels: prometheus.Labels{"version": version},
	}, func() float64 { return 1 })
	m.registry.MustRegister(m.requests, m.latency, m.answers, m.answered, m.panics, m.restarts, m.webhooks, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Answered counts an answer to a person.
func (m *Metrics) Answered(surface, kind string, took time.Duration) {
	m.answers.WithLabelValues(surface, kind).Inc()
	m.answered.WithLabelValues(surface).Observe(took.Seconds())
}

// Restarted counts the restart of a part of the program.
func (m *Metrics) Restarted(service string) { m.restarts.WithLabelValues(service).Inc() }

// Webhook counts a message of a monitor or a paging system.
func (m *Metrics) Webhook(source, result string) { m.webhooks.WithLabelValues(source, result).Inc() }

func (m *Metrics) request(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	m.latency.WithLabelValues(route).Observe(took.Seconds())
}

// scrapes are answered at a time.
const scrapes = 4

// handler answers scrapes. The state of the program is asked for by each of them, for
// as long as whoever scrapes waits.
func (m *Metrics) handler(log *slog.Logger) http.Handler {
	options := promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn), ErrorHandling: promhttp.ContinueOnError}
	slots := make(chan struct{}, scrapes)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case slots <- struct{}{}:
			defer func() { <-slots }()
		default:
			http.Error(w, "too many scrapes at once", http.StatusServiceUnavailable)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), readTimeout)
		defer cancel()
		now := prometheus.NewRegistry()
		now.MustRegister(m.moments.now(ctx))
		promhttp.HandlerFor(prometheus.Gatherers{m.registry, now}, options).ServeHTTP(w, r)
	})
}
