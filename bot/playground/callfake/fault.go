package callfake

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
)

// FaultKind is a way in which a provider can fail.
type FaultKind string

// The ways to fail. In all but LostReply and Garbled the request is not carried out.
const (
	Hang      FaultKind = "hang"       // no answer until the caller gives up
	Status    FaultKind = "status"     // an HTTP status with an HTML body: 500 unless Code says otherwise
	Limited   FaultKind = "limited"    // 429, with RetryAfter in the header unless it is ""
	Reset     FaultKind = "reset"      // the connection is reset
	LostReply FaultKind = "lost_reply" // carried out, then the connection is reset
	Garbled   FaultKind = "garbled"    // carried out, then half of the reply's JSON
)

// Fault is something that goes wrong with requests.
type Fault struct {
	Name       string // of the operation: "token", "create", "get", "delete"; "" for all
	Kind       FaultKind
	Times      int // how often; 0 for until Heal
	Code       int // of Status
	RetryAfter string
}

// faults are those in force, and what was asked.
type faults struct {
	mu    sync.Mutex
	list  []*Fault
	calls map[string]int
}

// Inject puts a fault in force.
func (f *faults) Inject(one Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, &one)
}

// Heal takes all faults back.
func (f *faults) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = nil
}

// Calls is how often an operation was asked for, carried out or not.
func (f *faults) Calls(operation string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[operation]
}

// take counts a request and returns the fault that befalls it; its Kind is "" for none.
func (f *faults) take(name string) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.calls == nil {
		f.calls = map[string]int{}
	}
	f.calls[name]++
	for n, one := range f.list {
		if one.Name != "" && one.Name != name {
			continue
		}
		if one.Times == 1 {
			f.list = append(f.list[:n], f.list[n+1:]...)
		}
		one.Times--
		return *one
	}
	return Fault{}
}

// handle answers an operation, or fails at it.
func (f *faults) handle(name string, do http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		fault := f.take(name)
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil {
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		switch fault.Kind {
		case "":
			do(w, r)
		case Hang:
			<-r.Context().Done()
			reset(w)
		case Reset:
			reset(w)
		case LostReply:
			do(httptest.NewRecorder(), r)
			reset(w)
		case Garbled:
			kept := httptest.NewRecorder()
			do(kept, r)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(kept.Code)
			_, _ = w.Write(kept.Body.Bytes()[:kept.Body.Len()/2])
		case Limited:
			if fault.RetryAfter != "" {
				w.Header().Set("Retry-After", fault.RetryAfter)
			}
			fail(w, http.StatusTooManyRequests)
		case Status:
			if fault.Code == 0 {
				fault.Code = http.StatusInternalServerError
			}
			fail(w, fault.Code)
		}
	}
}

func fail(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<html><body>"+strconv.Itoa(status)+"</body></html>")
}

// reset ends the connection without an answer.
func reset(w http.ResponseWriter) {
	h, ok := w.(http.Hijacker)
	if !ok {
		return
	}
	conn, _, err := h.Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
