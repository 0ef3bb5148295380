package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

const (
	// smallBody is read at once, whoever sends it: commands, clicks and most alerts
	// are smaller.
	smallBody = 16 << 10
	// largeBodies are read at a time. Each is at most 1 MiB, of which nobody knows
	// who sent it before all of it is there.
	largeBodies = 4
)

// errCrowded is read by a request that waited too long for its turn; its handler
// answers as for a body that did not arrive whole.
var errCrowded = errors.New("too many large bodies at once")

// bodies bound what bodies can make the program keep in memory: they are read in
// full before their signature is looked at, so that without a bound strangers could
// fill the memory with as many as there are connections.
type bodies struct{ slots chan struct{} }

func newBodies() bodies { return bodies{slots: make(chan struct{}, largeBodies)} }

// bound puts a body in line for its turn when it turns out to be large; nil for one that
// cannot: net/http reads no more of it than its length says.
func (b bodies) bound(r *http.Request) *body {
	if r.Body == nil || r.Body == http.NoBody || 0 <= r.ContentLength && r.ContentLength <= smallBody {
		return nil
	}
	one := &body{ReadCloser: r.Body, ctx: r.Context(), slots: b.slots}
	r.Body = one
	return one
}

type body struct {
	io.ReadCloser
	ctx   context.Context //nolint:containedctx // the request's, which its body lives as long as
	slots chan struct{}
	read  int

	mu   sync.Mutex // net/http may close a body while its handler reads
	held bool
	over bool
}

// Read reads on, after waiting for a turn where the body is large.
func (b *body) Read(p []byte) (int, error) {
	if b.read >= smallBody {
		if err := b.turn(); err != nil {
			return 0, err
		}
	} else if len(p) > smallBody-b.read {
		p = p[:smallBody-b.read]
	}
	n, err := b.ReadCloser.Read(p)
	b.read += n
	if err != nil {
		b.release()
	}
	return n, err
}

// turn waits as long as the body itself may take to arrive.
func (b *body) turn() error {
	b.mu.Lock()
	held := b.held || b.over
	b.mu.Unlock()
	if held {
		return nil
	}
	late := time.NewTimer(readTimeout)
	defer late.Stop()
	select {
	case b.slots <- struct{}{}:
	case <-late.C:
		return errCrowded
	case <-b.ctx.Done():
		return b.ctx.Err()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.over {
		<-b.slots
		return nil
	}
	b.held = true
	return nil
}

// release ends its turn; it may be called again, and of nil.
func (b *body) release() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.over = true; b.held {
		b.held = false
		<-b.slots
	}
}

// Close gives the turn back.
func (b *body) Close() error {
	b.release()
	return b.ReadCloser.Close()
}
