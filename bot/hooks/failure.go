package hooks

import (
	"errors"
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

// unwilling sorts a status that is no success. A server's own error may have come
// after it acted.
func unwilling(a answer, step string) *outbound.Failure {
	status := strconv.Itoa(a.status)
	f := &outbound.Failure{End: outbound.Refused, Step: step, Code: "http_" + status, Fix: "it answered " + status, Err: errors.New("answered " + status)}
	switch {
	case a.status == http.StatusTooManyRequests || a.status == http.StatusForbidden && a.header.Get("Retry-After") != "" || a.header.Get("X-Ratelimit-Remaining") == "0":
		f.End, f.Code, f.Wait = outbound.Delayed, outbound.RateLimited, limitedWait
		if seconds, err := strconv.Atoi(a.header.Get("Retry-After")); err == nil {
			f.Wait = min(max(time.Duration(seconds)*time.Second, time.Second), longestWait)
		}
	case a.status >= http.StatusInternalServerError || a.status == http.StatusRequestTimeout || a.status == http.StatusTooEarly:
		f.End, f.Code, f.Fix = outbound.Unclear, "", ""
	}
	return f
}
