package rest

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/rollcall-bot/rollcall/bot/guard"
	"github.com/rollcall-bot/rollcall/bot/outbound"
)

const (
	// limitedWait is waited when a limit does not say how long.
	limitedWait = 15 * time.Second
	longestWait = time.Minute
)

// Answer is what came back of a call, as far as it matters.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte // its beginning, when it is larger than the client takes
}

// Well says that the status is a success.
func (a Answer) Well() bool { return a.Status >= 200 && a.Status < 300 }

// Exchange makes a call. The failure says whether it certainly did not get there.
func Exchange(client *http.Client, req *http.Request, step string) (Answer, *outbound.Failure) {
	req, sent := traced(req)
	resp, err := client.Do(req) //nolint:gosec // callers give a client of bot/guard, which refuses private addresses
	if err != nil {
		return Answer{}, unanswered(err, sent.Load(), step)
	}
	defer func() { _ = resp.Body.Close() }()
	a := Answer{Status: resp.StatusCode, Header: resp.Header}
	if a.Body, err = io.ReadAll(resp.Body); err != nil && !errors.Is(err, guard.ErrTooLarge) {
		return a, unanswered(err, true, step)
	}
	return a, nil
}

// traced has a request tell whether any of it may have left.
func traced(req *http.Request) (*http.Request, *atomic.Bool) {
	sent := &atomic.Bool{}
	return req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { sent.Store(true) },
	})), sent
}

// unanswered sorts the error of a call without an answer. The address, whose path
// may be a secret, is left out.
func unanswered(err error, sent bool, step string) *outbound.Failure {
	var refused *guard.Refused
	if errors.As(err, &refused) {
		return &outbound.Failure{End: outbound.Refused, Step: step, Code: "forbidden_address", Fix: refused.Error(), Err: refused}
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	f := &outbound.Failure{End: outbound.NotDone, Step: step, Err: err}
	if sent {
		f.End = outbound.Unclear
	}
	return f
}

// Unwilling sorts a status that is no success. A server's own error may have come
// after it acted.
func Unwilling(a Answer, step string) *outbound.Failure {
	status := strconv.Itoa(a.Status)
	f := &outbound.Failure{End: outbound.Refused, Step: step, Code: "http_" + status, Fix: "it answered " + status, Err: errors.New("answered " + status)}
	switch {
	case a.Status == http.StatusTooManyRequests || a.Status == http.StatusForbidden && a.Header.Get("Retry-After") != "" || a.Header.Get("X-Ratelimit-Remaining") == "0":
		f.End, f.Code, f.Wait = outbound.Delayed, outbound.RateLimited, limitedWait
		if seconds, err := strconv.Atoi(a.Header.Get("Retry-After")); err == nil {
			f.Wait = min(max(time.Duration(seconds)*time.Second, time.Second), longestWait)
		}
	case a.Status >= http.StatusInternalServerError || a.Status == http.StatusRequestTimeout || a.Status == http.StatusTooEarly:
		f.End, f.Code, f.Fix = outbound.Unclear, "", ""
	}
	return f
}
