// Package hookfake is a receiver of rollback webhooks, as a company writes one: it
// checks the signature, knows a repeat by its key, and can fail in every way.
package hookfake

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/standin"
)

// stale is how old a signature may be, either way.
const stale = 5 * time.Minute

// Call is one request that came.
type Call struct {
	Seq    int
	Key    string // its Idempotency-Key
	Header http.Header
	Body   string
	Status int // 0 when there was no answer
	Acted  bool
}

// Fault is something that goes wrong with requests.
type Fault = standin.Fault[Call]

// Receiver is the receiver. It is safe for concurrent use.
type Receiver struct {
	Secret string
	Now    func() time.Time
	Faults *standin.Faults[Call]

	mu     sync.Mutex
	status int             // of success
	done   map[string]bool // keys that were carried out
	acted  []map[string]any
	ledger standin.Ledger[Call]
}

// New makes a receiver that answers 200.
func New(secret string, now func() time.Time) *Receiver {
	return &Receiver{Secret: secret, Now: now, Faults: standin.NewFaults[Call](1), status: http.StatusOK, done: map[string]bool{}}
}

// Start listens on this machine until ctx ends, and returns the address.
func (r *Receiver) Start(ctx context.Context) string {
	server := httptest.NewServer(r)
	context.AfterFunc(ctx, func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

// Answer sets the status of success: 202 says that it goes on afterwards.
func (r *Receiver) Answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

// Orders are what it carried out, each once.
func (r *Receiver) Orders() []map[string]any {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]map[string]any(nil), r.acted...)
}

// Calls are all requests that came, in order.
func (r *Receiver) Calls() []Call { return r.ledger.Calls(func(Call) bool { return true }) }

// ServeHTTP takes an order.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(req.Body, 1<<20)) // half a body has a wrong signature
	c := Call{Key: req.Header.Get("Idempotency-Key"), Header: req.Header.Clone(), Body: string(body)}
	fault := r.Faults.Take("", c)
	defer func() {
		r.ledger.Add(func(seq int) Call {
			c.Seq = seq
			return c
		})
	}()
	if status, over := fault.Befall(w, req, http.StatusTooManyRequests); over {
		c.Status = status
		return
	}
	if why := r.refuse(req, body); why != "" {
		c.Status = http.StatusUnauthorized
		http.Error(w, why, c.Status)
		return
	}
	c.Acted, c.Status = r.act(c.Key, body)
	if fault.Kind == standin.LostReply {
		c.Status = 0
		standin.Cut(w)
		return
	}
	w.WriteHeader(c.Status)
}

// refuse says what is wrong with a request's signature; "" for nothing.
func (r *Receiver) refuse(req *http.Request, body []byte) string {
	timestamp := req.Header.Get("Rollcall-Timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || r.Now().Sub(time.Unix(seconds, 0)).Abs() > stale {
		return "the timestamp is not of now"
	}
	mac := hmac.New(sha256.New, []byte(r.Secret))
	_, _ = io.WriteString(mac, timestamp+"."+string(body))
	given, isV1 := strings.CutPrefix(req.Header.Get("Rollcall-Signature"), "v1=")
	signature, err := hex.DecodeString(given)
	if !isV1 || err != nil || !hmac.Equal(signature, mac.Sum(nil)) {
		return "the signature is wrong"
	}
	if req.Header.Get("Idempotency-Key") == "" {
		return "there is no key"
	}
	return ""
}

func (r *Receiver) act(key string, body []byte) (acted bool, status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var order map[string]any
	if err := json.Unmarshal(body, &order); err != nil {
		return false, http.StatusBadRequest
	}
	if !r.done[key] {
		r.done[key], r.acted, acted = true, append(r.acted, order), true
	}
	return acted, r.status
}
