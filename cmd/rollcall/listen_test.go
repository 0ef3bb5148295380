package main

import (
	"net"
	"strings"
	"testing"
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
