package main

import (
	"context"
	"fmt"
	"net"

	"github.com/coreos/go-systemd/v22/activation"
)

// listen opens an address; a socket that systemd passes wins over it.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	passed, err := activation.Listeners()
	if err != nil {
		return nil, fmt.Errorf("take the socket that systemd passes: %w", err)
	}
	for _, l := range passed {
		if l != nil {
			return l, nil
		}
	}
	return listenTCP(ctx, "ROLLCALL_ADDR", addr)
}

func listenTCP(ctx context.Context, setting, addr string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot listen on %s (%w); try another port, such as 127.0.0.1:8081", setting, addr, err)
	}
	return l, nil
}
