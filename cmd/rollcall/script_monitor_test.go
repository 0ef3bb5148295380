package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// monitorHeader is what a monitor sends beside its body.
func monitorHeader(how string, body []byte) (http.Header, bool) {
	words := strings.SplitN(how, ":", 3)
	switch {
	case words[0] == "bearer" && len(words) == 2:
		return http.Header{"Authorization": {"Bearer " + words[1]}}, true
	case words[0] == "sentry" && len(words) == 3:
		mac := hmac.New(sha256.New, []byte(words[1]))
		_, _ = mac.Write(body)
		return http.Header{"Sentry-Hook-Signature": {hex.EncodeToString(mac.Sum(nil))}, "Sentry-Hook-Resource": {words[2]}}, true
	}
	return nil, false
}

var momentForm = regexp.MustCompile(`\$START(-[0-9a-z]+)?`)

// bodyOf is a body as a script writes it.
func (s *stage) bodyOf(ts *testscript.TestScript, arg string) []byte {
	if name, ok := strings.CutPrefix(arg, "@"); ok {
		arg = ts.ReadFile(name)
	}
	return momentForm.ReplaceAllFunc([]byte(arg), func(m []byte) []byte {
		at := s.began
		if ago := strings.TrimPrefix(string(m), "$START"); ago != "" {
			d, err := time.ParseDuration(ago)
			ts.Check(err)
			at = at.Add(d)
		}
		return []byte(at.UTC().Format(time.RFC3339))
	})
}

// website is a site that the program looks at.
type website struct {
	down atomic.Bool
	seen atomic.Int64
	end  func()
}

// site starts a website and writes its address in place of http://site.invalid
// into a file, or breaks and mends it, or waits until somebody has looked at it
// a number of times more.
func (s *stage) site(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) > 0, "site starts FILE | site is down|up")
	w := ts.Value(siteKey{}).(*website) //nolint:forcetypeassert // set by Setup
	switch strings.Join(args, " ") {
	case "is down":
		w.down.Store(true)
	case "is up":
		w.down.Store(false)
	default:
		usage(ts, args[0] == "starts" && len(args) == 2, "site starts FILE")
		server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			w.seen.Add(1)
			if w.down.Load() {
				rw.WriteHeader(http.StatusInternalServerError)
			}
			_, _ = rw.Write([]byte("all is well")) // the reader may be gone
		}))
		w.end = server.Close
		file := ts.MkAbs(args[1])
		text := strings.ReplaceAll(ts.ReadFile(args[1]), "http://site.invalid", server.URL)
		ts.Check(os.WriteFile(file, []byte(text), 0o600))
	}
}

// siteKey is where a script keeps its website.
type siteKey struct{}
