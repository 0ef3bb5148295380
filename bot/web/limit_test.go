package web

import (
	"errors"
	"net"
	"testing"
)

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
