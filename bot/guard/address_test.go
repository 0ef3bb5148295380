package guard

import (
	"net/netip"
	"testing"
)

// TestEveryKindOfAddressHasItsClass is the table of what is public and what is not.
func TestEveryKindOfAddressHasItsClass(t *testing.T) {
	for _, one := range []struct {
		address string
		want    class
	}{
		{"93.184.215.14", public},
		{"8.8.8.8", public},
		{"100.63.255.255", public},
		{"100.128.0.0", public},
		{"172.15.255.255", public},
		{"172.32.0.0", public},
		{"2606:4700:4700::1111", public},
		{"2a00:1450:4001:80b::200e", public},
		{"::ffff:8.8.8.8", public},
		{"64:ff9b::808:808", public},
		{"2002:808:808::1", public},

		{"10.0.0.1", inside},
		{"10.255.255.255", inside},
		{"127.0.0.1", inside},
		{"127.255.255.254", inside},
		{"172.16.0.1", inside},
		{"172.31.255.255", inside},
		{"192.168.0.1", inside},
		{"100.64.0.1", inside},
		{"100.127.255.255", inside},
		{"198.18.0.1", inside},
		{"::1", inside},
		{"fc00::1", inside},
		{"fd12:3456::1", inside},
		{"::ffff:10.0.0.1", inside},
		{"::ffff:127.0.0.1", inside},
		{"64:ff9b::a00:1", inside},   // 10.0.0.1
		{"64:ff9b::7f00:1", inside},  // 127.0.0.1
		{"2002:7f00:1::1", inside},   // 127.0.0.1
		{"2002:c0a8:101::1", inside}, // 192.168.1.1
		{"::a00:1", inside},          // 10.0.0.1
		{"::ffff:0:7f00:1", inside},  // 127.0.0.1
		{"2a00::5efe:a00:1", inside}, // 10.0.0.1
		{"2a00::200:5efe:7f00:1", inside},

		{"0.0.0.0", never},
		{"0.1.2.3", never},
		{"169.254.169.254", never},
		{"169.254.170.2", never},
		{"100.100.100.200", never},
		{"168.63.129.16", never},
		{"192.0.0.192", never},
		{"192.0.2.1", never},
		{"192.88.99.1", never},
		{"198.51.100.7", never},
		{"203.0.113.7", never},
		{"224.0.0.1", never},
		{"239.255.255.250", never},
		{"240.0.0.1", never},
		{"255.255.255.255", never},
		{"::", never},
		{"fe80::1", never},
		{"fe80::1%eth0", never},
		{"fec0::1", never},
		{"ff02::1", never},
		{"fd00:ec2::254", never},
		{"fd20:ce::254", never},
		{"::ffff:169.254.169.254", never},
		{"64:ff9b::a9fe:a9fe", never},
		{"64:ff9b:1::a00:1", never},
		{"2002:a9fe:a9fe::1", never},
		{"2001:0:7f00:1::1", never}, // Teredo
		{"2001:db8::1", never},
		{"3fff::1", never},
		{"100::1", never},
		{"5f00::1", never},
		{"4000::1", never},
	} {
		got, what := classify(netip.MustParseAddr(one.address))
		if got != one.want {
			t.Errorf("%s is of class %d (%s), want %d", one.address, got, what, one.want)
		}
		if (what == "") != (got == public) {
			t.Errorf("%s: said to be %q in class %d", one.address, what, got)
		}
	}
	if got, _ := classify(netip.Addr{}); got != never {
		t.Errorf("no address at all is of class %d", got)
	}
}
