package pagerfake

import (
	"context"
	"io"
	"math/rand"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// FaultKind is a way in which PagerDuty can fail.
type FaultKind string

// The ways to fail. In all but LostReply the request is not carried out.
const (
	Hang      FaultKind = "hang"       // no answer for Delay, or until the caller gives up; then the connection ends
	Status    FaultKind = "status"     // an HTTP status with an HTML body: 500 unless Code says otherwise
	Limited   FaultKind = "limited"    // 429 with the headers of the rate: ratelimit-reset is RetryAfter seconds
	LimitedNo FaultKind = "limited_no" // 429 without any header, as documented for some limits
	Reset     FaultKind = "reset"      // the connection is reset
	LostReply FaultKind = "lost_reply" // carried out, then the connection is reset
)

// Fault is something that goes wrong with requests.
type Fault struct {
	Name   string // of the operation, such as "POST /incidents"; "" for all
	Kind   FaultKind
	Times  int     // how often; 0 for until it is removed
	Chance float64 // of each request, 0 < Chance < 1; otherwise every one
	Skip   int     // how many to let through first

	Delay      time.Duration // of Hang, real time; 0 for as long as the caller waits
	Code       int           // of Status
	RetryAfter int           // of Limited, in seconds
}

// faultBox keeps the faults in force.
type faultBox struct {
	mu     sync.Mutex
	random *rand.Rand
	list   []*Fault
	down   bool
}

func (b *faultBox) init(seed int64) { b.random = rand.New(rand.NewSource(seed)) }

// Inject puts a fault in force; the returned function takes it back.
func (a *Account) Inject(f Fault) (remove func()) {
	b := &a.faults
	b.mu.Lock()
	defer b.mu.Unlock()
	b.list = append(b.list, &f)
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.list = slices.DeleteFunc(b.list, func(o *Fault) bool { return o == &f })
	}
}

// Heal takes all faults back.
func (a *Account) Heal() {
	a.faults.mu.Lock()
	defer a.faults.mu.Unlock()
	a.faults.list, a.faults.down = nil, false
}

// SetDown makes PagerDuty unreachable: every connection is reset.
func (a *Account) SetDown(down bool) {
	a.faults.mu.Lock()
	defer a.faults.mu.Unlock()
	a.faults.down = down
}

// take returns the fault that befalls a request; its Kind is "" for none.
func (b *faultBox) take(name string) Fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down {
		return Fault{Kind: Reset}
	}
	for n, f := range b.list {
		switch {
		case f.Name != "" && f.Name != name:
			continue
		case f.Chance > 0 && f.Chance < 1 && b.random.Float64() >= f.Chance:
			continue
		case f.Skip > 0:
			f.Skip--
			continue
		}
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				b.list = slices.Delete(slices.Clone(b.list), n, n+1)
			}
		}
		return *f
	}
	return Fault{}
}

// spoil keeps a request from being carried out; false when it goes on.
func (a *Account) spoil(w http.ResponseWriter, r *http.Request, f Fault, entry *Call) bool {
	switch f.Kind {
	case Hang:
		if f.Delay > 0 {
			pause(r.Context(), f.Delay)
		} else {
			<-r.Context().Done()
		}
		cut(w)
	case Reset:
		cut(w)
	case Status:
		entry.Status = f.Code
		if entry.Status == 0 {
			entry.Status = http.StatusInternalServerError
		}
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(entry.Status)
		_, _ = io.WriteString(w, "<html><title>Internal Server Error</title></html>")
	case Limited, LimitedNo:
		entry.Status = http.StatusTooManyRequests
		if f.Kind == Limited {
			w.Header().Set("ratelimit-limit", strconv.Itoa(restPerMinute))
			w.Header().Set("ratelimit-remaining", "0")
			w.Header().Set("ratelimit-reset", strconv.Itoa(max(1, f.RetryAfter)))
		}
		status, body := refusal(errTooMany, r.URL.Path == "/v2/enqueue")
		answerJSON(w, status, body)
	default:
		return false
	}
	return true
}

// pause waits in real time, or until the caller gives up.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// cut resets the connection of a request without an answer.
func cut(w http.ResponseWriter) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler) // the standard library's own way to end a connection
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
