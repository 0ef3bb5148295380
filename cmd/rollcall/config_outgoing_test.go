package main

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot/guard"
)

func TestOutgoingHosts(t *testing.T) {
	c, err := loadConfig(t, nil, "outgoing: {allow_hosts: [CI.internal, 'ci.internal:8443', 10.1.2.3, '10.1.2.3:80', '::1', '[::1]', '[::1]:8080', localhost]}")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"ci.internal", "ci.internal:8443", "10.1.2.3", "10.1.2.3:80", "::1", "::1", "[::1]:8080", "localhost"}; !slices.Equal(c.Practice.Outgoing.AllowHosts, want) {
		t.Errorf("allowed %v, want %v", c.Practice.Outgoing.AllowHosts, want)
	}
	if err := guard.Look(t.Context(), c.Practice.outgoing(), &url.URL{Scheme: "https", Host: "10.1.2.3"}); err != nil {
		t.Error(err)
	}
	if err := guard.Look(t.Context(), c.Practice.outgoing(), &url.URL{Scheme: "https", Host: "10.1.2.4"}); err == nil || !strings.Contains(err.Error(), "10.1.2.4 is a private address") {
		t.Errorf("said %v", err)
	}
	for _, bad := range []string{"https://ci.internal", "ci.internal/x", "'*.internal'", "'ci.internal:0'", "'ci.internal:99999'", "'ci.internal:'", "user@ci.internal", "10.0.0.0/8"} {
		_, err := loadConfig(t, nil, "outgoing:\n  allow_hosts: ["+bad+"]\n")
		mustRefuseConfig(t, bad, err, "rollcall.yaml:2: outgoing.allow_hosts[]: ")
	}
}
