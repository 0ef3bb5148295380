package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// bounded serves on loopback with limits of its own, and returns how to connect.
func bounded(t *testing.T, l limits) (dial func() net.Conn) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	s := Bare(Options{Metrics: NewMetrics("v1", func(context.Context) Moment { return Moment{} }), Log: log, Now: time.Now})
	s.limits = l
	s.Mux().HandleFunc("POST /", func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			panic(http.ErrAbortHandler)
		}
	})
	inner, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, inner) }()
	var open []net.Conn
	t.Cleanup(func() {
		for _, c := range open {
			_ = c.Close()
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return func() net.Conn {
		t.Helper()
		c, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		open = append(open, c)
		return c
	}
}

// TestSlowSendersAreCutOff: whoever does not send the headers, or the body, in time loses
// the connection, and everybody else is answered on theirs.
func TestSlowSendersAreCutOff(t *testing.T) {
	if want := (limits{header: 5 * time.Second, read: 10 * time.Second, connections: 512}); usual != want {
		t.Errorf("servers have the limits %+v, and docs/threat-model.md says %+v", usual, want)
	}
	const soon = 50 * time.Millisecond
	for what, one := range map[string]struct {
		limits limits
		sent   string
	}{
		"in the headers": {limits{header: soon, read: time.Hour, connections: 8}, "POST / HTTP/1.1\r\nHost: x\r\nX-Slow: a"},
		"in the body":    {limits{header: time.Hour, read: soon, connections: 8}, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			c := bounded(t, one.limits)()
			if _, err := io.WriteString(c, one.sent); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadAll(c); errors.Is(err, context.DeadlineExceeded) || isTimeout(err) {
				t.Errorf("it is still open: %v", err)
			}
		})
	}
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}

// TestAServerBoundsItsConnections: one too many is answered when another has ended.
func TestAServerBoundsItsConnections(t *testing.T) {
	dial := bounded(t, limits{header: time.Hour, read: time.Hour, connections: 2})
	request := "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
	ask := func(c net.Conn) error {
		if _, err := io.WriteString(c, request); err != nil {
			return err
		}
		answer := make([]byte, 1024)
		n, err := c.Read(answer)
		if err == nil && !strings.HasPrefix(string(answer[:n]), "HTTP/1.1 200") {
			err = errors.New(string(answer[:n]))
		}
		return err
	}
	first, second, third := dial(), dial(), dial()
	for _, c := range []net.Conn{first, second} {
		if err := ask(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := third.SetDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if err := ask(third); !isTimeout(err) {
		t.Fatalf("a third one is answered beside two: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := third.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := third.Read(make([]byte, 1024)); err != nil {
		t.Errorf("not when there is room again: %v", err)
	}
}

func TestTheNumberOfConnectionsIsBounded(t *testing.T) {
	inner, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := limited(inner, 1)
	accepted := make(chan net.Conn, 2)
	ended := make(chan error, 1)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				ended <- err
				return
			}
			accepted <- c
		}
	}()
	var dialled []net.Conn
	for range 2 {
		c, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		dialled = append(dialled, c)
	}
	first := <-accepted
	select {
	case <-accepted:
		t.Fatal("two connections at once")
	default:
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	_ = first.Close() // a second time gives no second slot
	second := <-accepted
	if err := l.Close(); err != nil { // ends the wait for a slot
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Fatalf("got %v", err)
	}
	for _, c := range append(dialled, second) {
		_ = c.Close()
	}
}
