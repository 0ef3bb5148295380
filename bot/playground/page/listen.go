package page

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// tries is how many ports are tried.
const tries = 50

// Listen opens a port on the loopback interface: the given one, or the next that is free; 0 for any. Where the machine has
// IPv6 it listens there too, since that is what localhost means first in a browser. It returns the address for a browser.
func Listen(ctx context.Context, port int) (listeners []net.Listener, url string, err error) {
	for n := range tries {
		at := port
		if port > 0 {
			at += n
		}
		listeners, err = listenAt(ctx, at)
		if err == nil {
			_, name, _ := net.SplitHostPort(listeners[0].Addr().String())
			return listeners, "http://localhost:" + name, nil
		}
		if !errors.Is(err, syscall.EADDRINUSE) {
			break
		}
	}
	return nil, "", fmt.Errorf("open a port for the page: %w", err)
}

// listenAt listens on one port of 127.0.0.1 and ::1.
func listenAt(ctx context.Context, port int) ([]net.Listener, error) {
	var config net.ListenConfig
	four, err := config.Listen(ctx, "tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	_, name, err := net.SplitHostPort(four.Addr().String())
	if err != nil {
		return nil, errors.Join(err, four.Close())
	}
	six, err := config.Listen(ctx, "tcp6", net.JoinHostPort("::1", name))
	switch {
	case err == nil:
		return []net.Listener{four, six}, nil
	case errors.Is(err, syscall.EADDRINUSE): // somebody else would be asked by some browsers
		return nil, errors.Join(err, four.Close())
	}
	return []net.Listener{four}, nil
}
