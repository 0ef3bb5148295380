package guard

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

const (
	defaultTimeout = 10 * time.Second
	defaultBody    = 1 << 20 // bytes
	dialTimeout    = 5 * time.Second
	maxHeaders     = 64 << 10 // bytes
)

// ErrTooLarge is the error of reading on in an answer that is longer than
// Options.MaxBody.
var ErrTooLarge = errors.New("the answer is too large")

// Options say what a client may reach, and for how long. The zero value reaches
// public addresses only.
type Options struct {
	// Allow are hosts that may be reached although their address is not public,
	// and by plain http: names or addresses, "ci.internal", "10.1.2.3", each for
	// every port or for one, "ci.internal:8443". A name does not open link-local,
	// metadata and reserved addresses; those are named themselves.
	Allow []string
	// Timeout bounds a call from its beginning to the last byte of the answer's
	// body; 0 for 10 s.
	Timeout time.Duration
	// MaxBody bounds an answer's body, in bytes; 0 for 1 MiB. Reading beyond is ErrTooLarge.
	MaxBody int64
	// Agent is how the client calls itself; "" for Go's own name.
	Agent string
	// Resolve finds the addresses of a name, as net.Resolver.LookupNetIP does; nil
	// for the system's way.
	Resolve func(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Refused is the error of a call that was not made, since the operator did not
// allow where it leads. Nothing was sent.
type Refused struct {
	Host string
	Why  string // completes "HOST …", such as "is a loopback address"
}

// Error says why, and what would allow it.
func (r *Refused) Error() string {
	return fmt.Sprintf("%s %s; outgoing.allow_hosts in rollcall.yaml can allow it", r.Host, r.Why)
}

// Client makes a client that reaches what o allows. A redirect is returned as the
// answer that it is. The client neither reads proxies from the environment, which
// would connect in our place to whatever they like, nor keeps connections.
func Client(o Options) *http.Client {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.MaxBody <= 0 {
		o.MaxBody = defaultBody
	}
	if o.Resolve == nil {
		o.Resolve = net.DefaultResolver.LookupNetIP
	}
	return (&gate{Options: o}).client()
}

func (g *gate) client() *http.Client {
	return &http.Client{
		Timeout:       g.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &guarded{gate: g, next: &http.Transport{
			Proxy: nil, DialContext: g.dial, TLSHandshakeTimeout: dialTimeout, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
			MaxResponseHeaderBytes: maxHeaders, ForceAttemptHTTP2: true,
			// A connection that is used again may be dead, and Go then sends some
			// requests twice by itself.
			DisableKeepAlives: true,
		}},
	}
}

// Look says whether a client of these options would call an address, without
// connecting: nil, a *Refused, or why the name cannot be resolved.
func Look(ctx context.Context, o Options, to *url.URL) error {
	if o.Resolve == nil {
		o.Resolve = net.DefaultResolver.LookupNetIP
	}
	g := &gate{Options: o}
	if err := g.may(to); err != nil {
		return err
	}
	_, err := g.addresses(ctx, "tcp", to.Hostname(), cmp.Or(to.Port(), ports[to.Scheme]))
	return err
}

// ports are those that an address does not name.
var ports = map[string]string{"http": "80", "https": "443"}

// guarded refuses what can be told from the request, and bounds what is read.
type guarded struct {
	gate *gate
	next http.RoundTripper
}

// RoundTrip makes one call.
func (t *guarded) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := t.gate.may(r.URL); err != nil {
		if r.Body != nil {
			_ = r.Body.Close() // as a RoundTripper has to; nothing was sent
		}
		return nil, err
	}
	if t.gate.Agent != "" {
		r = r.Clone(r.Context())
		r.Header.Set("User-Agent", t.gate.Agent)
	}
	resp, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = &limited{body: resp.Body, left: t.gate.MaxBody}
	return resp, nil
}

// may refuses what can be told from an address before its name is looked up.
func (g *gate) may(to *url.URL) error {
	host := to.Hostname()
	switch {
	case to.Scheme == "http" && !g.allowed(host, cmp.Or(to.Port(), ports[to.Scheme])):
		return &Refused{Host: host, Why: "is called by plain http, which others can read"}
	case to.User != nil:
		return &Refused{Host: host, Why: "is called with a password in the address"}
	}
	return nil
}

// limited reads so many bytes and fails at the next.
type limited struct {
	body io.ReadCloser
	left int64
}

// Read gives what is left.
func (l *limited) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, ErrTooLarge
	}
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.body.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return n - 1, ErrTooLarge
	}
	return n, err
}

// Close closes the answer.
func (l *limited) Close() error { return l.body.Close() }

// gate decides where connections go.
type gate struct {
	Options
	connect func(context.Context, *net.Dialer, string, string) (net.Conn, error) // nil for the network's own
}

// dial resolves a name once, judges what came out and connects to exactly that: a
// name that resolves differently the next time changes nothing.
func (g *gate) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	found, err := g.addresses(ctx, network, host, port)
	if err != nil {
		return nil, err
	}
	var failures []error
	for _, a := range found {
		d := net.Dialer{Timeout: dialTimeout, ControlContext: g.control(host, port)} // which looks again, at the socket's own address
		c, err := g.open(ctx, &d, network, net.JoinHostPort(a.String(), port))
		if err == nil {
			return c, nil
		}
		failures = append(failures, err)
	}
	return nil, errors.Join(failures...)
}

func (g *gate) open(ctx context.Context, d *net.Dialer, network, address string) (net.Conn, error) {
	if g.connect != nil {
		return g.connect(ctx, d, network, address)
	}
	return d.DialContext(ctx, network, address)
}

// control looks once more at the address of a socket just before it connects.
func (g *gate) control(host, port string) func(context.Context, string, string, syscall.RawConn) error {
	return func(_ context.Context, _, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return &Refused{Host: host, Why: "leads to no address"}
		}
		return g.judge(host, port, to.Addr())
	}
}

// addresses are where a host is, all of which may be reached: a name with one bad
// address among good ones is not a name to trust.
func (g *gate) addresses(ctx context.Context, network, host, port string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, g.judge(host, port, a)
	}
	if disguised(host) {
		return nil, &Refused{Host: host, Why: "is an address in disguise"}
	}
	found, err := g.Resolve(ctx, "ip"+strings.TrimPrefix(network, "tcp"), host)
	if err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	for _, a := range found {
		if err := g.judge(host, port, a); err != nil {
			return nil, err
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("guard: %s has no address", host)
	}
	return found, nil
}

// disguised says whether a name is a number as old programs read it, 0x7f.1 or
// 2130706433: no name ends in a number (WHATWG URL, "ends in a number").
func disguised(host string) bool {
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	last := strings.ToLower(labels[len(labels)-1])
	if rest, hex := strings.CutPrefix(last, "0x"); hex {
		return strings.Trim(rest, "0123456789abcdef") == ""
	}
	return last == "" || strings.Trim(last, "0123456789") == ""
}

// judge refuses an address that is not public, unless its host is allowed.
func (g *gate) judge(host, port string, a netip.Addr) error {
	c, what := classify(a)
	switch {
	case c == public, g.allowed(a.Unmap().WithZone("").String(), port):
		return nil
	case c == inside && g.allowed(host, port):
		return nil
	case host == a.String():
		return &Refused{Host: host, Why: "is " + what}
	}
	return &Refused{Host: host, Why: "leads to " + a.String() + ", " + what}
}

// allowed says whether the operator lists a host, for every port or for this one.
func (g *gate) allowed(host, port string) bool {
	host = strings.TrimSuffix(host, ".")
	for _, one := range g.Allow {
		name, only, err := net.SplitHostPort(one)
		if err != nil { // there is no port
			name, only = strings.Trim(one, "[]"), port
		}
		if only == port && strings.EqualFold(name, host) {
			return true
		}
	}
	return false
}
