package slackfake

import (
	"context"
	"io"
	"math/rand"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// FaultKind is a way in which Slack can fail.
type FaultKind string

// The ways to fail. In all but LostReply and SlowReply the call is not carried out, Slow aside, which is only late.
const (
	Hang      FaultKind = "hang"       // no answer for Delay, or until the caller gives up; then the connection ends
	Slow      FaultKind = "slow"       // carried out after Delay
	SlowReply FaultKind = "slow_reply" // carried out at once, answered after Delay
	Status    FaultKind = "status"     // an HTTP status with HTML, as Slack's edge sends: 500 unless Code says otherwise
	BodyError FaultKind = "body_error" // a refusal with Error
	Limited   FaultKind = "limited"    // 429 with RetryAfter seconds
	Reset     FaultKind = "reset"      // the connection is reset
	LostReply FaultKind = "lost_reply" // carried out, then the connection is reset
	Garbled   FaultKind = "garbled"    // carried out, then half an answer
	ErrorDone FaultKind = "error_done" // carried out, then answered with Error, as fatal_error may be
)

// Fault is something that goes wrong with calls.
type Fault struct {
	Method string // "" for all; response_url and upload count as methods
	Kind   FaultKind
	Times  int     // how often; 0 for until it is removed
	Chance float64 // of each call, 0 < Chance < 1; otherwise every call
	Skip   int     // how many calls to let through first
	// Match picks calls by what is in them; nil for all. It must not ask the workspace.
	Match func(Call) bool

	Delay      time.Duration // of Hang (0 for as long as the caller waits), Slow and SlowReply; real time
	Code       int           // of Status
	Error      string        // of BodyError and ErrorDone; internal_error when empty
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
func (ws *Workspace) Inject(f Fault) (remove func()) {
	b := &ws.faults
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
func (ws *Workspace) Heal() {
	ws.faults.mu.Lock()
	defer ws.faults.mu.Unlock()
	ws.faults.list, ws.faults.down = nil, false
}

// SetDown makes Slack unreachable: every connection is reset, sockets are cut.
func (ws *Workspace) SetDown(down bool) {
	ws.faults.mu.Lock()
	ws.faults.down = down
	ws.faults.mu.Unlock()
	if down {
		ws.DisconnectAll()
	}
}

func (b *faultBox) isDown() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.down
}

// take returns the fault that befalls a call; its Kind is "" for none.
func (b *faultBox) take(c *Call) Fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down {
		return Fault{Kind: Reset}
	}
	for n, f := range b.list {
		switch {
		case f.Method != "" && f.Method != c.Method, f.Match != nil && !f.Match(*c):
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

// exchange carries a call out under a fault, answers it and writes it down.
func (ws *Workspace) exchange(w http.ResponseWriter, r *http.Request, f Fault, entry *Call, run func() (int, obj, http.Header)) {
	if f.Kind == Hang {
		entry.Status = 0
		ws.record(*entry) // while it hangs, for whoever waits for that
		hang(r.Context(), f.Delay)
		cut(w)
		return
	}
	if ws.spoil(w, r, f, entry) {
		ws.record(*entry)
		return
	}
	status, body, header := run()
	entry.Done = entry.OK
	switch f.Kind {
	case LostReply:
		entry.OK, entry.Status = false, 0
	case ErrorDone:
		entry.OK, entry.Error = false, or(f.Error, "internal_error")
		body = obj{"ok": false, "error": entry.Error}
	case Garbled:
		entry.OK = false
	default: // nothing that the ledger has to tell
	}
	ws.record(*entry) // before the answer, so that whoever got it finds the call
	switch f.Kind {
	case LostReply:
		cut(w)
		return
	case Garbled:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		raw := encode(body)
		_, _ = w.Write(raw[:len(raw)/2])
		return
	case SlowReply:
		if !pause(r.Context(), f.Delay) {
			return
		}
	default: // an answer as it should be
	}
	for name, values := range header {
		w.Header()[name] = values
	}
	if entry.Method == "response_url" && entry.OK {
		_, _ = io.WriteString(w, "ok") // what Slack answers there
		return
	}
	answerJSON(w, status, body)
}

// spoil keeps a call from being carried out; false when it goes on.
func (ws *Workspace) spoil(w http.ResponseWriter, r *http.Request, f Fault, entry *Call) bool {
	switch f.Kind {
	case Slow:
		if pause(r.Context(), f.Delay) {
			return false
		}
		entry.Status = 0
	case Reset:
		entry.Status = 0
		cut(w)
	case Status:
		entry.Status = f.Code
		if entry.Status == 0 {
			entry.Status = http.StatusInternalServerError
		}
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(entry.Status)
		_, _ = io.WriteString(w, "<html><title>Server Error</title></html>")
	case BodyError:
		entry.Error = or(f.Error, "internal_error")
		answerJSON(w, http.StatusOK, obj{"ok": false, "error": entry.Error})
	case Limited:
		wait := time.Duration(max(1, f.RetryAfter)) * time.Second
		ws.ledger.close(entry.Method, entry.At.Add(wait), entry.At)
		status, body, header := tooMany(entry, wait)
		w.Header().Set("Retry-After", header.Get("Retry-After"))
		answerJSON(w, status, body)
	default:
		return false
	}
	return true
}

// hang waits for d, or for as long as the caller does.
func hang(ctx context.Context, d time.Duration) {
	if d > 0 {
		pause(ctx, d)
		return
	}
	<-ctx.Done()
}

// record writes a call down and tells whoever watches.
func (ws *Workspace) record(entry Call) {
	ws.ledger.add(entry)
	ws.hub.changed(entry.Method)
}

// pause waits in real time; false when the caller gave up first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
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
