package statuspage

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rollcall-bot/rollcall/bot/guard"
	"github.com/rollcall-bot/rollcall/bot/outbound"
)

const (
	// limitedWait is waited when a limit does not say how long; Statuspage counts
	// over a minute.
	limitedWait = 30 * time.Second
	longestWait = 2 * time.Minute
	// enhance is the older of the two statuses for too many requests (its reference,
	// "Rate limiting": 420 or 429).
	enhance = 420
)

// call is the one path of every call: breaker, limit, timeout, classification. The
// answer is decoded into out unless that is nil.
func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	step := method + " " + strings.SplitN(path, "?", 2)[0]
	if wait := c.breaker.RemainingDelay(); c.breaker.IsOpen() && wait > 0 {
		return &outbound.Failure{End: outbound.Delayed, Wait: wait, Code: "unreachable", Step: step}
	}
	if err := c.reserve(ctx, step); err != nil {
		return err
	}
	if !c.breaker.TryAcquirePermit() {
		return &outbound.Failure{End: outbound.Delayed, Wait: time.Second, Code: "unreachable", Step: step}
	}
	f := c.exchange(ctx, step, method, path, in, out)
	switch {
	case f == nil || f.Code != "":
		c.breaker.RecordSuccess()
	case ctx.Err() != nil && c.breaker.IsClosed():
		// We stopped; that says nothing of the page.
	default:
		c.breaker.RecordFailure()
	}
	if f == nil {
		return nil
	}
	if f.Code == outbound.RateLimited && c.opts.Limits != nil {
		if err := c.opts.Limits.Block(ctx, limit.Name, c.opts.Now().Add(f.Wait)); err != nil {
			c.opts.Log.WarnContext(ctx, "a rate limit could not be noted", "bucket", limit.Name, "error", err)
		}
	}
	return f
}

func (c *Client) reserve(ctx context.Context, step string) error {
	if c.opts.Limits == nil {
		return nil
	}
	wait, err := c.opts.Limits.Reserve(ctx, []outbound.Bucket{limit})
	switch {
	case err != nil:
		return &outbound.Failure{End: outbound.NotDone, Step: step, Code: "database", Err: fmt.Errorf("reserve a rate limit: %w", err)}
	case wait > 0:
		return &outbound.Failure{End: outbound.Delayed, Wait: wait, Code: outbound.Limited, Step: step}
	}
	return nil
}

// exchange makes one call. The failure says whether it certainly did not get there.
func (c *Client) exchange(ctx context.Context, step, method, path string, in, out any) *outbound.Failure {
	var content io.Reader
	if in != nil {
		body, err := json.Marshal(in)
		if err != nil {
			return &outbound.Failure{End: outbound.Refused, Step: step, Code: "encode", Fix: "The text could not be encoded; this is an error of Rollcall's.", Err: err}
		}
		content = bytes.NewReader(body)
	}
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { sent.Store(true) }})
	req, err := http.NewRequestWithContext(ctx, method, c.opts.APIURL+path, content)
	if err != nil {
		return &outbound.Failure{End: outbound.Refused, Step: step, Code: "address", Fix: "STATUSPAGE_API_URL cannot be used."}
	}
	req.Header.Set("Authorization", "OAuth "+c.opts.Key)
	req.Header.Set("Accept", "application/json")
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return unanswered(err, sent.Load(), step)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if resp.StatusCode/100 != 2 {
		return unwilling(resp, body, step)
	}
	if err == nil && out != nil {
		err = json.Unmarshal(body, out)
	}
	if err != nil {
		return &outbound.Failure{End: outbound.Unclear, Step: step, Err: errors.New("the answer could not be read")}
	}
	return nil
}

// unanswered sorts the error of a call without an answer.
func unanswered(err error, sent bool, step string) *outbound.Failure {
	var refused *guard.Refused
	if errors.As(err, &refused) {
		return &outbound.Failure{End: outbound.Refused, Step: step, Code: "not_allowed", Fix: refused.Error() + "."}
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // without the address
	}
	f := &outbound.Failure{End: outbound.NotDone, Step: step, Err: err}
	if sent {
		f.End = outbound.Unclear
	}
	return f
}

// fixes say what to change, by Statuspage's status.
var fixes = map[int]string{
	http.StatusUnauthorized: "Statuspage does not take the key: set STATUSPAGE_API_KEY to one that is valid.",
	http.StatusForbidden:    "The key in STATUSPAGE_API_KEY may not write to this page.",
	http.StatusNotFound:     "Statuspage does not know the page: look at statuspage.page in rollcall.yaml.",
}

// unwilling sorts a status that is no success. A server's own error may have come
// after it acted.
func unwilling(resp *http.Response, body []byte, step string) *outbound.Failure {
	status := resp.StatusCode
	f := &outbound.Failure{Step: step, Err: errors.New("Statuspage answered " + strconv.Itoa(status))}
	switch {
	case status == http.StatusTooManyRequests, status == enhance:
		f.End, f.Code, f.Wait = outbound.Delayed, outbound.RateLimited, limitedWait
		if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
			f.Wait = min(max(time.Duration(seconds)*time.Second, time.Second), longestWait)
		}
	case status >= http.StatusInternalServerError, status == http.StatusRequestTimeout:
		f.End = outbound.Unclear
	default:
		f.End, f.Code, f.Fix = outbound.Refused, code(status), fixes[status]
		if f.Fix == "" {
			f.Fix = fmt.Sprintf("Statuspage answered %d%s; `rollcall doctor` looks at the page and its components.", status, said(body))
		}
	}
	return f
}

func code(status int) string { return "http_" + strconv.Itoa(status) }

// said is what Statuspage says is wrong, in one short line.
func said(body []byte) string {
	var answer struct {
		Error any `json:"error"` // a sentence, or a list of them
	}
	if json.Unmarshal(body, &answer) != nil || answer.Error == nil {
		return ""
	}
	line := strings.Join(strings.Fields(strings.Trim(fmt.Sprint(answer.Error), "[]")), " ")
	if r := []rune(line); len(r) > 200 {
		line = string(r[:199]) + "…"
	}
	if line == "" {
		return ""
	}
	return ": " + line
}
