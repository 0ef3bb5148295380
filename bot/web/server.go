package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// What a stranger can make the program spend.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 10 * time.Second
	// writeTimeout is above the 3 s that an answer may take when the database is
	// slow, with room for a slow reader.
	writeTimeout = 20 * time.Second
	idleTimeout  = time.Minute
	headerBytes  = 64 << 10
	// connections is far above what Slack, a proxy and a few browsers keep open,
	// and far below the usual limit of open files (1,024).
	connections = 512
	// drainTimeout bounds the wait for requests under way at the end.
	drainTimeout = 10 * time.Second
)

// limits are what one server lets strangers spend; tests shorten them.
type limits struct {
	header, read time.Duration
	connections  int
}

var usual = limits{header: headerTimeout, read: readTimeout, connections: connections}

// Options are what a server needs.
type Options struct {
	Ready   *Readiness
	Metrics *Metrics
	// MetricsElsewhere leaves /metrics to a listener of its own (NewMetricsServer).
	MetricsElsewhere bool
	Log              *slog.Logger
	Now              func() time.Time // the machine's clock
	// Told says of a route that whatever answers its requests logs them; nil for none.
	// Only those that were not answered with a 200 are then logged here.
	Told func(route string) bool
	// Report hears of panics, besides the log; nil for nobody.
	Report func(ctx context.Context, panicked any, stack []byte)
}

// Server is one HTTP server. It may listen several times, until it was told to end.
type Server struct {
	opts   Options
	mux    *http.ServeMux
	drain  *drain
	bodies bodies
	limits limits
}

// New returns a server with /livez, /readyz and /metrics.
func New(o Options) *Server {
	s := Bare(o)
	s.mux.HandleFunc("GET /livez", live)
	s.mux.HandleFunc("GET /readyz", o.Ready.serve)
	if !o.MetricsElsewhere {
		s.mux.Handle("GET /metrics", o.Metrics.handler(o.Log))
	}
	return s
}

// NewMetricsServer returns a server with /livez and /metrics only, for a listener
// that is not public.
func NewMetricsServer(o Options) *Server {
	s := Bare(o)
	s.mux.HandleFunc("GET /livez", live)
	s.mux.Handle("GET /metrics", o.Metrics.handler(o.Log))
	return s
}

// Bare returns a server with no address of its own, for a listener with a purpose
// of its own.
func Bare(o Options) *Server {
	return &Server{opts: o, mux: http.NewServeMux(), drain: newDrain(), bodies: newBodies(), limits: usual}
}

// Mux is where handlers are mounted, before Serve.
func (s *Server) Mux() *http.ServeMux { return s.mux }

// Serve answers requests on l until ctx ends; then it tells those who keep a
// connection open to take another, finishes what is under way, takes no more and
// returns nil. What waits in the queue of a socket that somebody else holds open,
// such as systemd, is left there for the next process.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: s.limits.header,
		ReadTimeout:       s.limits.read,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    headerBytes,
		ErrorLog:          slog.NewLogLogger(s.opts.Log.Handler(), slog.LevelDebug), // broken connections of strangers
		ConnState:         s.drain.follow(s.opts.Now),
		// The end of ctx begins the drain; it must not cut requests short.
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	l = limited(l, s.limits.connections)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	s.drain.wait(drain)
	err := l.Close()
	if e := <-ended; !errors.Is(e, net.ErrClosed) {
		err = errors.Join(err, e)
	}
	s.drain.settle(drain, s.opts.Now)
	if e := server.Shutdown(drain); e != nil {
		err = errors.Join(err, e, server.Close())
	}
	return err
}
