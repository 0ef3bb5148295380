package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"github.com/coreos/go-systemd/v22/activation"
)

// listen opens an address; a socket that systemd passes wins over it.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	passed, err := activation.Listeners()
	if err != nil {
		return nil, fmt.Errorf("take the socket that systemd passes: %w", err)
	}
	if len(passed) > 0 {
		return onlySocket(passed)
	}
	return listenTCP(ctx, "ROLLCALL_ADDR", addr)
}

// onlySocket is the one socket that systemd passes; nil stands for one that takes
// no connections, such as a datagram's. Of several none is chosen silently:
// whoever calls the others would wait for ever.
func onlySocket(passed []net.Listener) (net.Listener, error) {
	var why string
	switch {
	case len(passed) > 1:
		why = fmt.Sprintf("%d sockets, and one is served", len(passed))
	case passed[0] == nil:
		why = "a socket that takes no connections"
	default:
		return passed[0], nil
	}
	for _, l := range passed {
		if l != nil {
			_ = l.Close() // nothing was taken from it
		}
	}
	return nil, fmt.Errorf("systemd passes %s; leave a single ListenStream= in rollcall.socket", why)
}

const (
	// addressPatience is how long an address is waited for that is in use. A program that is killed just as it
	// starts another one, such as a rollback's, keeps its socket until that one has begun, which is after it has died itself.
	addressPatience = time.Second
	addressLook     = 20 * time.Millisecond
)

func listenTCP(ctx context.Context, setting, addr string) (net.Listener, error) {
	late, look := time.NewTimer(addressPatience), time.NewTicker(addressLook)
	defer late.Stop()
	defer look.Stop()
	for {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
		if err == nil {
			return l, nil
		}
		failed := fmt.Errorf("%s: cannot listen on %s (%w); try another port, such as 127.0.0.1:8081", setting, addr, err)
		if !errors.Is(err, syscall.EADDRINUSE) {
			return nil, failed
		}
		select {
		case <-late.C:
			return nil, failed
		case <-ctx.Done():
			return nil, failed
		case <-look.C:
		}
	}
}
