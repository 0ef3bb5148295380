package pagerout

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/PagerDuty/go-pagerduty"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// limitedWait is waited when PagerDuty does not say how long: some of its limits
// answer 429 without the headers.
const limitedWait = 15 * time.Second

// Codes of refusals that callers look at.
const (
	codeNoUser  = "no_such_user"
	codeAbsent  = "absent"
	codeNotMade = "not_configured"
)

// classify sorts the error of a call into an end.
func classify(step string, err error, t *trip) *outbound.Failure {
	if err == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	f := &outbound.Failure{Step: step, End: outbound.Unclear}
	var answer pagerduty.APIError
	switch {
	case errors.As(err, &answer):
		byStatus(f, answer, t.header)
	case t.err != nil:
		// What the library says holds the address, with what was looked for.
		f.Err = t.err
		if !t.connected {
			f.End = outbound.NotDone
		}
	case !t.connected:
		f.End, f.Err = outbound.NotDone, errors.New("the request could not be made")
	default:
		f.Err = errors.New("the reply could not be read")
	}
	return f
}

// byStatus fills in what an HTTP status means.
func byStatus(f *outbound.Failure, answer pagerduty.APIError, h http.Header) {
	status := answer.StatusCode
	switch {
	case status == http.StatusTooManyRequests:
		f.End, f.Code, f.Wait = outbound.Delayed, outbound.RateLimited, limitedWait
		if seconds, err := strconv.Atoi(h.Get("Ratelimit-Reset")); err == nil {
			f.Wait = min(max(time.Duration(seconds)*time.Second, time.Second), 2*time.Minute)
		}
	case status >= 500 || status == http.StatusRequestTimeout:
		f.Err = errors.New("PagerDuty answered " + strconv.Itoa(status)) // and may have acted all the same
	default:
		f.End, f.Code, f.Fix = outbound.Refused, "http_"+strconv.Itoa(status), fixes[status]
		if f.Fix == "" {
			f.Fix = "`rollcall doctor` checks the key, the service and the address in PAGERDUTY_FROM."
		}
		f.Err = errors.New("PagerDuty answered " + strconv.Itoa(status))
	}
}

// fixes say what to change, by PagerDuty's status.
var fixes = map[int]string{
	http.StatusUnauthorized:    "PagerDuty does not take the key: set PAGERDUTY_API_TOKEN to a valid REST API key.",
	http.StatusPaymentRequired: "The account's plan does not include this.",
	http.StatusForbidden:       "The key in PAGERDUTY_API_TOKEN may not do this: make one with full access.",
	http.StatusNotFound:        "PagerDuty does not know the service: look at PAGERDUTY_SERVICE_ID and at `pagerduty` of the services in rollcall.yaml.",
}

// refusedAs says whether err is a refusal with one of these HTTP statuses.
func refusedAs(err error, statuses ...int) bool {
	f, ok := outbound.Refusal(err)
	if !ok {
		return false
	}
	for _, status := range statuses {
		if f.Code == "http_"+strconv.Itoa(status) {
			return true
		}
	}
	return false
}

// doubtful turns the failure of a look into one of the step that was looked for:
// it may still have been carried out.
func doubtful(err error) error {
	f := *outbound.FailureOf(err)
	f.End = outbound.Unclear
	return &f
}
