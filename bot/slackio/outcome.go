package slackio

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

const (
	// limitedWait is waited when Slack gives no Retry-After.
	limitedWait = 30 * time.Second
	// installWait is how often it is looked whether an installation that Slack
	// does not accept has been put right.
	installWait = time.Minute
)

// unclearCodes are errors after which the call may have taken place: "It's
// possible some aspect of the operation succeeded before the error was raised",
// says Slack's table of errors.
var unclearCodes = map[string]bool{
	"fatal_error": true, "internal_error": true, "request_timeout": true, "service_unavailable": true,
}

// installCodes are errors of the installation: nothing works until it is put
// right, so steps wait for that instead of being given up.
var installCodes = map[string]bool{
	"invalid_auth": true, "not_authed": true, "account_inactive": true, "token_revoked": true, "token_expired": true,
	"two_factor_setup_required": true, "org_login_required": true, "team_access_not_granted": true,
	"ekm_access_denied": true, "team_added_to_org": true,
}

// classify sorts the error of a call into an end. reached says whether there
// was a connection.
func classify(method string, err error, reached bool) *outbound.Failure {
	if err == nil {
		return nil
	}
	f := &outbound.Failure{Step: method, Err: withoutAddress(err)}
	var limited *slack.RateLimitedError
	var answer slack.SlackErrorResponse
	var status slack.StatusCodeError
	switch {
	case errors.As(err, &limited):
		f.End, f.Code, f.Wait = outbound.Delayed, outbound.RateLimited, max(limited.RetryAfter, time.Second)
	case errors.As(err, &answer):
		byCode(f, answer.Err)
		if answer.Err == "missing_scope" && answer.Needed != "" {
			f.Fix = "Add the scope " + answer.Needed + " to the Slack app (`rollcall manifest` prints all of them) and install it again."
		}
	case errors.As(err, &status) && status.Code == http.StatusTooManyRequests:
		f.End, f.Code, f.Wait = outbound.Delayed, outbound.RateLimited, limitedWait
	case errors.As(err, &status):
		// Also 4xx: Slack answers its refusals with 200, so this was said by
		// something in between, which may think otherwise in a minute.
		f.End = outbound.Unclear
	case !reached && notSent(err):
		f.End = outbound.NotDone
	default:
		f.End = outbound.Unclear
	}
	return f
}

// byCode fills in what an error code of Slack's means.
func byCode(f *outbound.Failure, code string) {
	f.Code = code
	switch {
	case code == "ratelimited" || code == "rate_limited" || code == "message_limit_exceeded":
		f.End, f.Code, f.Wait = outbound.Delayed, outbound.RateLimited, limitedWait
	case unclearCodes[code]:
		f.End = outbound.Unclear
	case installCodes[code]:
		f.End, f.Wait, f.Fix = outbound.Delayed, installWait, fixes[code]
	default:
		f.End, f.Fix = outbound.Refused, fix(code)
	}
}

// notSent says that an error arose before a request could leave: no address, no
// connection, no trust in the certificate, or our own context had ended.
func notSent(err error) bool {
	var dial *net.OpError
	var dns *net.DNSError
	if errors.As(err, &dns) || errors.As(err, &dial) && dial.Op == "dial" {
		return true
	}
	// Without a connection the rest (TLS, proxy, timeouts) failed before the request.
	var asked *url.Error
	return errors.As(err, &asked) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// withoutAddress takes the address out of an error: that of an upload or of a
// reply is a secret, since whoever has it may write there.
func withoutAddress(err error) error {
	var asked *url.Error
	if errors.As(err, &asked) {
		return asked.Err
	}
	return err
}

// is says whether err is a refusal with one of the codes, for the steps that
// take some refusals for success.
func is(err error, codes ...string) bool {
	f, ok := outbound.Refusal(err)
	if !ok {
		return false
	}
	for _, code := range codes {
		if f.Code == code {
			return true
		}
	}
	return false
}
