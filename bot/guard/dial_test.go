package guard

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"testing"
	"time"
)

// errNotJudged means that a socket would connect wherever it is led.
var errNotJudged = errors.New("the socket's own address is not judged")

// dialled is a gate that connects nowhere and remembers where it would have.
func dialled(resolve func(context.Context, string, string) ([]netip.Addr, error)) (*http.Client, *[]string) {
	var to []string
	g := &gate{Options: Options{Timeout: time.Second, MaxBody: 1, Resolve: resolve}}
	g.connect = func(ctx context.Context, d *net.Dialer, _, address string) (net.Conn, error) {
		to = append(to, address)
		var refused *Refused
		if d.ControlContext == nil || !errors.As(d.ControlContext(ctx, "tcp", "127.0.0.1:443", nil), &refused) {
			return nil, errNotJudged
		}
		return nil, errors.New("nobody is there")
	}
	return g.client(), &to
}

func call(t *testing.T, c *http.Client, address string) error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(req)
	if err == nil {
		_ = resp.Body.Close()
	}
	return err
}

// TestANameThatMovesIsNotFollowed has a resolver answer with public addresses
// first and with this machine's ever after: what was judged is what is used.
func TestANameThatMovesIsNotFollowed(t *testing.T) {
	asked := 0
	c, to := dialled(func(context.Context, string, string) ([]netip.Addr, error) {
		if asked++; asked == 1 {
			return []netip.Addr{netip.MustParseAddr("93.184.215.14"), netip.MustParseAddr("2a00::1")}, nil
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	})
	if err := call(t, c, "https://rebind.example:8443/"); err == nil {
		t.Error("the first call succeeded")
	}
	if want := []string{"93.184.215.14:8443", "[2a00::1]:8443"}; asked != 1 || !slices.Equal(*to, want) {
		t.Errorf("resolved %d times and dialled %v, want once and %v", asked, *to, want)
	}
	var refused *Refused
	if err := call(t, c, "https://rebind.example:8443/"); !errors.As(err, &refused) || len(*to) != 2 {
		t.Errorf("the second call: %v, dialled %v", err, *to)
	}
}

// TestTheSocketsAddressIsJudgedAgain: should anything between the resolver and
// the socket choose another address, the last look stops it.
func TestTheSocketsAddressIsJudgedAgain(t *testing.T) {
	g := &gate{}
	judge := g.control("hooks.example", "443")
	if err := judge(t.Context(), "tcp4", "93.184.215.14:443", nil); err != nil {
		t.Error(err)
	}
	var refused *Refused
	for _, address := range []string{"127.0.0.1:443", "[::ffff:10.0.0.1]:443", "169.254.169.254:443", "nonsense"} {
		if err := judge(t.Context(), "tcp", address, nil); !errors.As(err, &refused) {
			t.Errorf("%s: %v", address, err)
		}
	}
	c, _ := dialled(func(context.Context, string, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("93.184.215.14")}, nil
	})
	if err := call(t, c, "https://hooks.example/"); err == nil || errors.Is(err, errNotJudged) {
		t.Errorf("by the client: %v", err)
	}
}

func TestTheEnvironmentsProxyIsNotUsed(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"} {
		t.Setenv(name, "http://proxy.example:3128")
	}
	c, to := dialled(func(context.Context, string, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("93.184.215.14")}, nil
	})
	if err := call(t, c, "https://hooks.example/"); err == nil || !slices.Equal(*to, []string{"93.184.215.14:443"}) {
		t.Errorf("dialled %v, %v", *to, err)
	}
	transport, _ := c.Transport.(*guarded).next.(*http.Transport)
	if transport == nil || transport.Proxy != nil {
		t.Error("there is a proxy")
	}
}
