package guard_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/guard"
)

// door is a listener that counts who connects.
type door struct {
	*httptest.Server
	connects atomic.Int64
	port     string
}

func newDoor(t *testing.T, network, address string, h http.HandlerFunc) *door {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Skipf("this machine has no %s: %v", address, err)
	}
	d := &door{}
	d.Server = &httptest.Server{Listener: l, Config: &http.Server{Handler: h, ReadHeaderTimeout: time.Second}}
	d.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			d.connects.Add(1)
		}
	}
	d.Start()
	t.Cleanup(d.Close)
	_, d.port, _ = net.SplitHostPort(l.Addr().String())
	return d
}

func hello(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }

// names resolves from a list, as old C libraries do for numbers too.
type names map[string][]string

func (n names) look(_ context.Context, _, host string) ([]netip.Addr, error) {
	var all []netip.Addr
	for _, a := range n[host] {
		all = append(all, netip.MustParseAddr(a))
	}
	if all == nil {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return all, nil
}

func get(t *testing.T, c *http.Client, address string) (int, string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		return 0, "", err
	}
	resp, err := c.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), err
}

// TestNoAddressOfOursIsConnectedTo tries every spelling of this machine and of its
// neighbours, by https and by http, and looks at the listener.
func TestNoAddressOfOursIsConnectedTo(t *testing.T) {
	d := newDoor(t, "tcp4", "127.0.0.1:0", hello)
	everywhere := names{}
	for name, a := range map[string]string{
		"0x7f.1": "127.0.0.1", "0x7f000001": "127.0.0.1", "2130706433": "127.0.0.1", "0177.0.0.1": "127.0.0.1", "127.1": "127.0.0.1", "127.0.0.1.": "127.0.0.1",
		"0": "0.0.0.0", "localhost": "127.0.0.1", "localhost.": "127.0.0.1", "LOCALHOST": "127.0.0.1", "a.localhost": "127.0.0.1",
		"rebind.example": "127.0.0.1", "mapped.example": "::ffff:127.0.0.1", "nat64.example": "64:ff9b::7f00:1", "six.example": "2002:7f00:1::",
		"meta.example": "169.254.169.254", "private.example": "10.0.0.1", "carrier.example": "100.64.0.1", "any.example": "0.0.0.0", "multi.example": "224.0.0.1",
	} {
		everywhere[name] = []string{a}
	}
	everywhere["mixed.example"] = []string{"127.0.0.1", "93.184.215.14"}
	hosts := []string{
		"127.0.0.1", "127.8.9.10", "0.0.0.0", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16",
		"224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.0.192", "198.18.0.1",
		"[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]",
		"[ff02::1]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::1]", "[2002:a00:1::1]", "[2001:0:7f00:1::1]", "[fec0::1]",
	}
	for name := range everywhere {
		hosts = append(hosts, name)
	}
	if len(hosts) < 40 {
		t.Fatalf("only %d hosts", len(hosts))
	}
	c := guard.Client(guard.Options{Resolve: everywhere.look, Timeout: 5 * time.Second})
	for _, host := range hosts {
		for _, scheme := range []string{"http", "https"} {
			_, _, err := get(t, c, scheme+"://"+host+":"+d.port+"/")
			var refused *guard.Refused
			if !errors.As(err, &refused) {
				t.Errorf("%s by %s: %v, want it refused", host, scheme, err)
			}
		}
	}
	if n := d.connects.Load(); n != 0 {
		t.Errorf("%d connections arrived", n)
	}
}

// TestADottedNumberIsNoName: the system's own resolver is not asked about numbers
// that it would understand.
func TestADottedNumberIsNoName(t *testing.T) {
	d := newDoor(t, "tcp4", "127.0.0.1:0", hello)
	c := guard.Client(guard.Options{Timeout: 5 * time.Second})
	for _, host := range []string{"0x7f.1", "2130706433", "0177.0.0.1", "127.1", "0x7F.0x1"} {
		_, _, err := get(t, c, "https://"+host+":"+d.port)
		if err == nil || !strings.Contains(err.Error(), "is an address in disguise; outgoing.allow_hosts") {
			t.Errorf("%s: %v", host, err)
		}
	}
	if n := d.connects.Load(); n != 0 {
		t.Errorf("%d connections arrived", n)
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	target := newDoor(t, "tcp4", "127.0.0.1:0", hello)
	for _, status := range []int{301, 302, 303, 307, 308} {
		from := newDoor(t, "tcp4", "127.0.0.1:0", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:"+target.port+"/latest/meta-data", status)
		})
		// Even a host that is allowed is not led to.
		c := guard.Client(guard.Options{Allow: []string{"127.0.0.1"}})
		got, _, err := get(t, c, from.URL)
		if err != nil || got != status {
			t.Errorf("%d: got %d, %v", status, got, err)
		}
	}
	if n := target.connects.Load(); n != 0 {
		t.Errorf("%d connections arrived", n)
	}
}

func TestTheOperatorAllowsHosts(t *testing.T) {
	d := newDoor(t, "tcp4", "127.0.0.1:0", hello)
	look := names{"ci.internal": {"127.0.0.1"}, "meta.internal": {"169.254.169.254"}, "other.internal": {"127.0.0.1"}}.look
	for _, one := range []struct {
		host  string
		allow []string
		open  bool
	}{
		{"ci.internal", []string{"ci.internal"}, true},
		{"CI.internal.", []string{"ci.INTERNAL"}, true},
		{"ci.internal", []string{"ci.internal:" + d.port}, true},
		{"ci.internal", []string{"ci.internal:1"}, false},
		{"ci.internal", []string{"127.0.0.1"}, false}, // http is for hosts that are named
		{"127.0.0.1", []string{"127.0.0.1"}, true},
		{"127.0.0.1", []string{"127.0.0.1:" + d.port}, true},
		{"127.0.0.1", []string{"ci.internal"}, false},
		{"other.internal", []string{"ci.internal"}, false},
		{"x.ci.internal", []string{"ci.internal"}, false},
		{"meta.internal", []string{"meta.internal"}, false}, // a name alone does not open metadata
		{"0x7f.1", []string{"127.0.0.1"}, false},
	} {
		resolve := look
		if one.host == "CI.internal." {
			resolve = names{"CI.internal.": {"127.0.0.1"}}.look
		}
		c := guard.Client(guard.Options{Allow: one.allow, Resolve: resolve})
		_, body, err := get(t, c, "http://"+one.host+":"+d.port)
		if (err == nil && body == "hello") != one.open {
			t.Errorf("%s with %v: %q, %v", one.host, one.allow, body, err)
		}
	}
}

func TestLook(t *testing.T) {
	names := names{"ci.internal": {"10.1.2.3"}, "hooks.example": {"93.184.215.14"}}.look
	look := func(address string, allow ...string) error {
		to, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return guard.Look(t.Context(), guard.Options{Resolve: names, Allow: allow}, to)
	}
	for _, well := range []error{look("https://hooks.example"), look("https://ci.internal:8443/x", "ci.internal"), look("http://ci.internal", "ci.internal:80")} {
		if well != nil {
			t.Error(well)
		}
	}
	for address, want := range map[string]string{
		"https://ci.internal":   "ci.internal leads to 10.1.2.3, a private address; outgoing.allow_hosts in rollcall.yaml can allow it",
		"https://127.0.0.1":     "127.0.0.1 is a loopback address; outgoing",
		"http://hooks.example":  "hooks.example is called by plain http, which others can read; outgoing",
		"https://a@ci.internal": "ci.internal is called with a password in the address; outgoing",
	} {
		if err := look(address); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: said %v, want %s", address, err, want)
		}
	}
	var missing *net.DNSError
	if err := look("https://nowhere.example"); !errors.As(err, &missing) {
		t.Errorf("said %v", err)
	}
}

func TestAnAnswerIsBounded(t *testing.T) {
	d := newDoor(t, "tcp4", "127.0.0.1:0", func(w http.ResponseWriter, r *http.Request) {
		var size int
		_, _ = fmt.Sscanf(r.URL.Path, "/%d", &size)
		_, _ = io.WriteString(w, strings.Repeat("x", size))
	})
	c := guard.Client(guard.Options{Allow: []string{"127.0.0.1"}, MaxBody: 1000, Agent: "Rollcall/test"})
	for size, want := range map[int]error{0: nil, 999: nil, 1000: nil, 1001: guard.ErrTooLarge, 5_000_000: guard.ErrTooLarge} {
		_, body, err := get(t, c, fmt.Sprintf("%s/%d", d.URL, size))
		if !errors.Is(err, want) || len(body) != min(size, 1000) {
			t.Errorf("%d bytes: read %d, %v", size, len(body), err)
		}
	}
}

func TestNobodyIsWaitedForLong(t *testing.T) {
	end := make(chan struct{})
	d := newDoor(t, "tcp4", "127.0.0.1:0", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-end:
		}
	})
	defer close(end)
	c := guard.Client(guard.Options{Allow: []string{"127.0.0.1"}, Timeout: 50 * time.Millisecond})
	_, _, err := get(t, c, d.URL)
	var slow *url.Error
	if !errors.As(err, &slow) || !slow.Timeout() {
		t.Errorf("said %v", err)
	}
}

func TestAPasswordInTheAddressIsRefused(t *testing.T) {
	c := guard.Client(guard.Options{})
	_, _, err := get(t, c, "https://user:pass@hooks.example/")
	var refused *guard.Refused
	if !errors.As(err, &refused) || strings.Contains(refused.Error(), "pass@") {
		t.Errorf("said %v", err)
	}
}
