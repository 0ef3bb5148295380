package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rollcall-bot/rollcall/bot/rest"
)

// receiverKey is where a script keeps what takes webhooks.
type receiverKey struct{}

// receiver takes webhooks, as somebody else's program would: it looks at the
// signature, and keeps each delivery once by its key.
type receiver struct {
	mu     sync.Mutex
	server *httptest.Server
	secret string
	how    string // "well", "down" or "deaf": takes it and does not answer
	tries  int
	keys   []string
	bodies map[string]string
	bad    []string
}

func (r *receiver) stop() {
	if r.server != nil {
		r.server.Close()
	}
}

func (r *receiver) take(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tries++
	var seconds int64
	_, scanErr := fmt.Sscan(req.Header.Get(rest.TimeHeader), &seconds)
	key := req.Header.Get(rest.KeyHeader)
	_, signature := rest.Signature(r.secret, time.Unix(seconds, 0), body)
	if err != nil || scanErr != nil || key == "" || req.Header.Get(rest.SignatureHeader) != signature {
		r.bad = append(r.bad, fmt.Sprint(err, scanErr, key))
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if r.how == "down" {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	if _, known := r.bodies[key]; !known {
		r.keys = append(r.keys, key)
		r.bodies[key] = string(body)
	}
	if r.how == "deaf" {
		panic(http.ErrAbortHandler) // the reply is lost
	}
}

// receiver starts one and writes its address in place of http://receiver.invalid
// into a file, or breaks and mends it, or prints what it took and how often it was
// tried.
func (s *stage) receiver(ts *testscript.TestScript, neg bool, args []string) {
	const how = "receiver starts FILE SECRET | receiver is well|down|deaf | receiver took"
	usage(ts, !neg && len(args) > 0, how)
	r := ts.Value(receiverKey{}).(*receiver) //nolint:forcetypeassert // set by Setup
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case args[0] == "starts" && len(args) == 3:
		r.secret, r.how, r.bodies = args[2], "well", map[string]string{}
		r.server = httptest.NewServer(http.HandlerFunc(r.take))
		text := strings.ReplaceAll(ts.ReadFile(args[1]), "http://receiver.invalid", r.server.URL)
		ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o600))
	case args[0] == "is" && len(args) == 2:
		r.how = args[1]
	case args[0] == "took" && len(args) == 1:
		for _, key := range r.keys {
			_, _ = fmt.Fprintf(ts.Stdout(), "%s\n", r.bodies[key])
		}
		tries := "once or twice"
		if r.tries > 2 {
			tries = "more often"
		}
		_, _ = fmt.Fprintf(ts.Stdout(), "deliveries: %d, forged: %d, tried: %s\n", len(r.keys), len(r.bad), tries)
	default:
		usage(ts, false, how)
	}
}
