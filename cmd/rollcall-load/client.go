package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

const (
	// maxCallers bounds the load: this is a measure, not an attack.
	maxCallers = 256
	// secret signs the requests, as Slack would.
	secret = "load"
	// firstTrigger is what trigger ids begin with, as Slack's do: a number of 13 digits that grows.
	firstTrigger = 8_951_316_742_309
	// patience bounds one request.
	patience = 10 * time.Second
)

// numbers are never used twice, so that no request is taken for a repeat.
var numbers atomic.Int64

// request is a signed slash command that notes a line on one of the open incidents, ready to be written.
func request(open int) []byte {
	n := numbers.Add(1)
	return signed(fmt.Sprintf("INC-%d note rolled back the payments service, errors are going down", 1+n%int64(open)), n)
}

func signed(text string, n int64) []byte {
	body := []byte(url.Values{
		"team_id": {loadTeam}, "team_domain": {"load"}, "channel_id": {"C0LOAD"}, "channel_name": {"general"}, "user_id": {loadUser},
		"user_name": {"ana"}, "command": {"/incident"}, "text": {text}, "trigger_id": {strconv.FormatInt(firstTrigger+n, 10) + ".2131400000000.8088930838d88f008e0d3a1f5bbd0b27"}, "api_app_id": {"A0LOAD"},
	}.Encode())
	var b bytes.Buffer
	b.WriteString("POST /slack/commands HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n")
	for name, values := range slackfake.Sign(secret, time.Now(), body) {
		b.WriteString(name + ": " + values[0] + "\r\n")
	}
	b.WriteString("Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n")
	b.Write(body)
	return b.Bytes()
}

// caller sends one request after the other over one connection. It is much leaner than net/http's client, which would
// cost as much as what it measures.
type caller struct {
	conn net.Conn
	in   *bufio.Reader
	body []byte
}

func dial(ctx context.Context, addr string) (*caller, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &caller{conn: conn, in: bufio.NewReaderSize(conn, 16<<10)}, nil
}

// ask sends a request and returns the body of the answer, which has to be a 200.
func (c *caller) ask(request []byte) ([]byte, error) {
	if err := c.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	if _, err := c.conn.Write(request); err != nil {
		return nil, err
	}
	status, err := c.in.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(status, []byte("HTTP/1.1 200")) {
		return nil, fmt.Errorf("the answer is %q", bytes.TrimSpace(status))
	}
	length := -1
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return nil, err
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")): // a long answer
			return c.chunks()
		}
	}
	if length < 0 {
		return nil, errors.New("the answer does not say how long it is")
	}
	c.body = slices.Grow(c.body[:0], length)[:length]
	_, err = io.ReadFull(c.in, c.body)
	return c.body, err
}

// chunks reads the rest of the head and a body that is sent in pieces.
func (c *caller) chunks() ([]byte, error) {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			break
		}
	}
	var err error
	c.body, err = io.ReadAll(httputil.NewChunkedReader(c.in))
	if err == nil {
		_, err = c.in.Discard(len("\r\n")) // after the last piece
	}
	return c.body, err
}

// load is what a round of requests came to.
type load struct {
	took    time.Duration
	answers []time.Duration // sorted
}

func (l load) rate() float64 { return float64(len(l.answers)) / l.took.Seconds() }

// at is a percentile of the answers' times, p from 0 to 1.
func (l load) at(p float64) time.Duration {
	if len(l.answers) == 0 {
		return 0
	}
	return l.answers[min(len(l.answers)-1, int(p*float64(len(l.answers))))]
}

// fire keeps n requests under way for a while. good says whether an answer is one; one that is not ends the round.
func fire(ctx context.Context, addr string, n, open int, each time.Duration, good func([]byte) error) (load, error) {
	var all sync.WaitGroup
	var mu sync.Mutex
	var out load
	var failed error
	began := time.Now()
	until := began.Add(each)
	for range n {
		c, err := dial(ctx, addr)
		if err != nil {
			return out, err
		}
		all.Go(func() {
			defer func() { _ = c.conn.Close() }()
			mine, err := c.keepAsking(ctx, open, until, good)
			mu.Lock()
			defer mu.Unlock()
			out.answers = append(out.answers, mine...)
			failed = errors.Join(failed, err)
		})
	}
	all.Wait()
	out.took = time.Since(began)
	slices.Sort(out.answers)
	return out, failed
}

func (c *caller) keepAsking(ctx context.Context, open int, until time.Time, good func([]byte) error) ([]time.Duration, error) {
	var times []time.Duration
	for ctx.Err() == nil {
		r := request(open)
		asked := time.Now()
		if asked.After(until) {
			break
		}
		body, err := c.ask(r)
		if err == nil {
			err = good(body)
		}
		if err != nil {
			return times, err
		}
		times = append(times, time.Since(asked))
	}
	return times, ctx.Err()
}
