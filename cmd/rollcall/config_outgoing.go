package main

import (
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/guard"
)

// Outgoing says which hosts may be called although they are not public.
type Outgoing struct {
	AllowHosts []string `key:"allow_hosts" as:"outgoing host" doc:"Hosts, each for every port or for one, that may be called although their address is private or this machine's, and by plain http. A cloud's metadata address is not reached by a name: it would have to stand here itself."`
}

// kindOutgoingHost is a name or an address, with a port or without.
var kindOutgoingHost = kind[string]{noun: "a host's name or address, with or without a port", try: "ci.internal:8443", parse: func(s string) (string, error) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		host, port = strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"), ""
	} else if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 || strconv.FormatUint(n, 10) != port {
		return "", errNotOne
	}
	if a, err := netip.ParseAddr(host); err == nil {
		host = a.String()
	} else if name, err := kindHostName.parse(host); err != nil || strings.HasPrefix(name, "*") {
		return "", errNotOne
	} else {
		host = name
	}
	if port == "" {
		return host, nil
	}
	return net.JoinHostPort(host, port), nil
}}

// outgoing are the bounds of calls to addresses that this file chose.
func (p Practice) outgoing() guard.Options {
	return guard.Options{Allow: p.Outgoing.AllowHosts, Agent: "Rollcall/" + version()}
}
