package web

import (
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

// handler is the mux inside what every request goes through: it is counted and
// logged, and its panic costs nobody else anything.
func (s *Server) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := s.opts.Now()
		rec := &recorder{ResponseWriter: w}
		w.Header()["X-Content-Type-Options"] = nosniff
		s.drain.last(w)
		large := s.bodies.bound(r)
		defer func() {
			large.release()
			if p := recover(); p != nil {
				s.panicked(rec, r, p)
			}
			s.done(rec, r, s.opts.Now().Sub(began))
		}()
		s.mux.ServeHTTP(rec, r)
	})
}

// nosniff is a header of every answer; nobody changes it.
var nosniff = []string{"nosniff"}

// panicked answers a request whose handler panicked, if nothing was answered yet.
func (s *Server) panicked(rec *recorder, r *http.Request, p any) {
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(p) // the handler's way to break the connection, which net/http expects
	}
	stack := debug.Stack()
	s.opts.Log.ErrorContext(r.Context(), "panic in a request", slog.String("route", route(r)), slog.Any("panic", p), slog.String("stack", string(stack)))
	if s.opts.Report != nil {
		s.opts.Report(r.Context(), p, stack)
	}
	s.opts.Metrics.panics.Inc()
	if rec.status == 0 {
		http.Error(rec, "Something went wrong here; it has been noted.", http.StatusInternalServerError)
	}
}

// done counts and logs a request. Neither address nor query is logged: either
// may hold what somebody typed, or a link that opens something.
func (s *Server) done(rec *recorder, r *http.Request, took time.Duration) {
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	name := route(r)
	s.opts.Metrics.request(name, rec.status, took)
	level := slog.LevelInfo
	if probe(name) || rec.status == http.StatusOK && s.opts.Told != nil && s.opts.Told(name) {
		level = slog.LevelDebug // every few seconds, and always the same; or said already
	}
	if !s.opts.Log.Enabled(r.Context(), level) {
		return
	}
	s.opts.Log.LogAttrs(r.Context(), level, "request", slog.String("route", name), slog.String("method", r.Method),
		slog.Int("status", rec.status), slog.Duration("took", took))
}

// route is the pattern that a request matched, or "other": strangers must not be
// able to make up names of metrics.
func route(r *http.Request) string {
	if r.Pattern == "" {
		return "other"
	}
	if _, path, ok := strings.Cut(r.Pattern, " "); ok {
		return path
	}
	return r.Pattern
}

func probe(route string) bool {
	return route == "/livez" || route == "/readyz" || route == "/metrics"
}

// recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the real one.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
