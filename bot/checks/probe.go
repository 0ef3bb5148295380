package checks

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Check is an address to look at.
type Check struct {
	Name     string
	URL      string
	Method   string
	Every    time.Duration
	Timeout  time.Duration // of the whole answer; at most Every
	Status   []string      // which are well: "204", or "2xx" for all that begin so
	Text     string        // what the body must hold, in its first MaxBody bytes; "" for anything
	Failures int           // in a row, before there is an alarm; at least 1
	Service  string
	Severity int // of an incident, unless a rule says; 0 for the configured one
}

const (
	// MaxBody bounds what is read of an answer, in bytes.
	MaxBody = 1 << 20
	// redirects bounds how often an answer may lead on, within its host.
	redirects = 5
)

// Prober tries checks. Private addresses are looked at as any other, since the
// operator lists each; but no answer leads it to another host.
type Prober struct{ client http.Client }

// NewProber returns a prober. agent is how it calls itself.
func NewProber(agent string) *Prober {
	return &Prober{client: http.Client{
		Transport: named{agent: agent, next: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, ForceAttemptHTTP2: true,
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		}},
		CheckRedirect: func(next *http.Request, before []*http.Request) error {
			first := before[0].URL
			down := first.Scheme == "https" && next.URL.Scheme != "https"
			if next.URL.Hostname() != first.Hostname() || down || len(before) > redirects {
				return http.ErrUseLastResponse // which is then judged as it is
			}
			return nil
		},
	}}
}

// named says who asks.
type named struct {
	agent string
	next  http.RoundTripper
}

// RoundTrip adds the name to a request.
func (n named) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", n.agent)
	return n.next.RoundTrip(r)
}

// Try looks once. why is what is wrong, in a few words; "" when all is well.
func (p *Prober) Try(ctx context.Context, c Check) (why string) {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, c.Method, c.URL, nil)
	if err != nil {
		return "its address is none"
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return trouble(err, c)
	}
	defer func() { _ = resp.Body.Close() }()
	if !among(c.Status, resp.StatusCode) {
		return wrongStatus(c, resp)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxBody))
	if err != nil {
		return trouble(err, c)
	}
	if c.Text != "" && !bytes.Contains(body, []byte(c.Text)) {
		return fmt.Sprintf("the answer does not hold %q", c.Text)
	}
	return ""
}

func among(wanted []string, status int) bool {
	got := strconv.Itoa(status)
	for _, w := range wanted {
		if w == got || strings.HasSuffix(w, "xx") && w[0] == got[0] {
			return true
		}
	}
	return false
}

func wrongStatus(c Check, resp *http.Response) string {
	why := fmt.Sprintf("answered %d instead of %s", resp.StatusCode, strings.Join(c.Status, " or "))
	if to, err := resp.Location(); err == nil && to.Hostname() != resp.Request.URL.Hostname() {
		why += ", and leads to another host, " + to.Hostname()
	}
	return why
}

// trouble says in a few words why there was no answer, without the address, whose
// query may hold a secret.
func trouble(err error, c Check) string {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer within " + c.Timeout.String()
	case errors.As(err, &name):
		return "the name " + name.Name + " cannot be resolved"
	case errors.As(err, &certificate):
		return "its certificate is not good: " + certificate.Err.Error()
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection is refused"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection ends before the answer does"
	}
	return err.Error()
}

// Place is the address without its query, which may hold a secret.
func (c Check) Place() string {
	u, err := url.Parse(c.URL)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}
