package main

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"
)

func TestOnlyOneSocketOfSystemdIsServed(t *testing.T) {
	open := func() net.Listener {
		l, err := listenTCP(t.Context(), "ROLLCALL_ADDR", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		return l
	}
	one := open()
	if l, err := onlySocket([]net.Listener{one}); err != nil || l != one {
		t.Errorf("one socket gives %v, %v", l, err)
	}
	for want, passed := range map[string][]net.Listener{
		"2 sockets": {open(), open()}, "takes no connections": {nil}, "3 sockets": {nil, open(), nil},
	} {
		_, err := onlySocket(passed)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "a single ListenStream=") {
			t.Errorf("%v gives %v", passed, err)
		}
		for _, l := range passed {
			if l != nil && l.Close() == nil {
				t.Errorf("%s: a socket is still open", want)
			}
		}
	}
}

// TestAnAddressThatIsGivenUpAMomentLaterIsTaken starts beside one that still has the address, as the child of a
// program does that was killed while it made it.
func TestAnAddressThatIsGivenUpAMomentLaterIsTaken(t *testing.T) {
	former, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := former.Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := listenTCP(ctx, "ROLLCALL_ADDR", addr); err == nil || !strings.Contains(err.Error(), "try another port") {
		t.Errorf("while another has it: %v", err)
	}
	time.AfterFunc(5*addressLook, func() { _ = former.Close() })
	l, err := listenTCP(t.Context(), "ROLLCALL_ADDR", addr)
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
}
