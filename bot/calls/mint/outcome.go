package mint

import (
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

const (
	// limitedWait is waited when a provider does not say how long.
	limitedWait = time.Minute
	// longestWait bounds what a provider can ask for: the longest limit is a day's.
	longestWait = 24 * time.Hour
)

// status is the failure that an HTTP status means; nil for success.
func (c *client) status(step, method string, resp *http.Response) *outbound.Failure {
	code := resp.StatusCode
	if code >= 200 && code < 300 {
		return nil
	}
	f := &outbound.Failure{Step: step, Err: errors.New(c.peer + " answered " + strconv.Itoa(code))}
	switch {
	case code == http.StatusTooManyRequests:
		f.End, f.Code, f.Wait = outbound.Delayed, outbound.RateLimited, c.retryAfter(resp.Header)
	case code >= 500 || code == http.StatusRequestTimeout:
		f.End = outbound.NotDone
		if method == http.MethodPost {
			f.End = outbound.Unclear // it may have acted all the same
		}
	default:
		f.End, f.Code, f.Fix = outbound.Refused, "http_"+strconv.Itoa(code), c.fixes[code]
		if f.Fix == "" {
			f.Fix = "`rollcall doctor` makes a test room and says what is wrong."
		}
	}
	return f
}

// retryAfter reads Retry-After: seconds, an HTTP date, or (Zoom's daily limit) an
// ISO date.
func (c *client) retryAfter(h http.Header) time.Duration {
	wait, text, now := limitedWait, h.Get("Retry-After"), c.opts.Now()
	if seconds, err := strconv.Atoi(text); err == nil {
		wait = time.Duration(min(max(seconds, 0), int(longestWait/time.Second))) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	} else if at, err := time.Parse(time.RFC3339, text); err == nil {
		wait = at.Sub(now)
	} else if c.daily != nil {
		if until, ok := c.daily(h, now); ok {
			wait = until
		}
	}
	return min(max(wait, time.Second), longestWait)
}

// plainCode is what may be shown of an error's name.
var plainCode = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9_.-]{1,40}$`) })

// noToken is the end of a call for which there is no token: nothing was asked of
// the API, so nothing was done.
func (c *client) noToken(t *trip, err error) *outbound.Failure {
	f := &outbound.Failure{End: outbound.NotDone, Step: "token", Err: errors.New("no token could be had")}
	var answer *oauth2.RetrieveError
	if !errors.As(err, &answer) || answer.Response == nil {
		if !t.connected() {
			f.Err = errors.New("nobody answers where tokens are given out")
		}
		return f
	}
	status := answer.Response.StatusCode
	switch {
	case status == http.StatusTooManyRequests:
		f.End, f.Code, f.Wait = outbound.Delayed, outbound.RateLimited, c.retryAfter(answer.Response.Header)
	case status >= 400 && status < 500:
		f.End, f.Code, f.Fix = outbound.Refused, errorName(answer), c.fixes[tokenRefused]
		f.Err = errors.New(c.peer + " gives out no token")
	default:
		f.Err = errors.New("the token's address answered " + strconv.Itoa(status))
	}
	return f
}

// tokenRefused is where fixes has what to do when no token is given out; no HTTP
// status.
const tokenRefused = 0

// errorName is the provider's word for why it gives out no token (RFC 6749, 5.2).
func errorName(answer *oauth2.RetrieveError) string {
	name := answer.ErrorCode
	if name == "" { // the library reads it for some ways of asking only
		name = bodyError(answer.Body)
	}
	if !plainCode().MatchString(name) {
		return "no_token"
	}
	return name
}
