package web

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// linger is how long a server that ends goes on answering connections that are kept
// open, telling each with its answer that it ends. Closing an idle connection at
// once would lose the request that a client sends at that very moment: it was sent,
// nobody read it, and a client must not repeat what may have been done. Whoever is
// silent for as long has hardly anything to lose.
const linger = time.Second

// silence is how long a client may hold up the end with a connection on which it has
// sent nothing yet.
const silence = time.Second

// drain ends a server without losing what was sent to it. http.Server.Shutdown alone
// does lose: a request that is read after its call is dropped, even on a connection
// that was accepted before (net/http, conn.serve).
type drain struct {
	ending atomic.Bool

	mu   sync.Mutex
	open map[net.Conn]held
}

// held is a connection that is open.
type held struct {
	silent time.Time // since when, if nothing was ever sent on it; else 0
	idle   bool      // it is between two requests
}

func newDrain() *drain { return &drain{open: map[net.Conn]held{}} }

// follow is told of every connection by the library.
func (d *drain) follow(now func() time.Time) func(net.Conn, http.ConnState) {
	return func(c net.Conn, state http.ConnState) {
		d.mu.Lock()
		defer d.mu.Unlock()
		switch state {
		case http.StateNew:
			d.open[c] = held{silent: now()}
		case http.StateActive, http.StateIdle:
			d.open[c] = held{idle: state == http.StateIdle}
		default:
			delete(d.open, c)
		}
	}
}

// last makes an answer the last one of its connection once the server ends.
func (d *drain) last(w http.ResponseWriter) {
	if d.ending.Load() {
		w.Header().Set("Connection", "close")
	}
}

// wait lets clients that keep connections open come a last time, while new ones are
// still taken; it returns as soon as no connection is open. Those whose request came
// before the end began have to come once more to be told.
func (d *drain) wait(ctx context.Context) {
	d.ending.Store(true)
	ctx, cancel := context.WithTimeout(ctx, linger)
	defer cancel()
	watch(ctx, func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return len(d.open) == 0
	})
}

// settle waits, when no connection is taken any more, until those that are open are
// idle; it closes those that stay silent.
func (d *drain) settle(ctx context.Context, now func() time.Time) {
	watch(ctx, func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		busy := 0
		for c, h := range d.open {
			switch {
			case h.idle:
			case !h.silent.IsZero() && now().Sub(h.silent) >= silence:
				_ = c.Close() // nothing was read from it, and nothing is owed
			default:
				busy++
			}
		}
		return busy == 0
	})
}

// watch looks again and again until what it looks for is so, or ctx ends.
func watch(ctx context.Context, done func() bool) {
	tick := time.NewTicker(linger / 50)
	defer tick.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
