package web

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"
)

// readyFor is how long one check answers for: whoever polls often must not make
// the database write as often.
const readyFor = time.Second

// Readiness says whether the program can keep what it is told.
type Readiness struct {
	ping func(context.Context) error
	now  func() time.Time

	mu  sync.Mutex
	at  time.Time // of the last check's end
	err error     // what it found
}

// NewReadiness checks by ping, which proves a durable write and returns, where it
// cannot, one sentence that strangers may read. now is the machine's clock.
func NewReadiness(ping func(context.Context) error, now func() time.Time) *Readiness {
	return &Readiness{ping: ping, now: now}
}

// Check is the result of a check that is at most a second old. Those who ask at
// once share one check. It goes on when whoever asked has gone.
func (r *Readiness) Check(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if age := r.now().Sub(r.at); !r.at.IsZero() && age >= 0 && age < readyFor {
		return r.err
	}
	r.err = r.ping(context.WithoutCancel(ctx))
	r.at = r.now()
	return r.err
}

func (r *Readiness) serve(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if err := r.Check(req.Context()); err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, "not ready: "+err.Error()+"\n")
		return
	}
	_, _ = io.WriteString(w, "ready\n")
}

// live says that the process answers, whatever else is wrong: a restart would
// not mend a database or a peer.
func live(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, "alive\n")
}
