package guard

import (
	"encoding/binary"
	"net/netip"
)

// class is how far an address is from the public internet.
type class int

const (
	public class = iota
	inside       // ours or a neighbour's: reached when the operator allows the host
	never        // a machine's own affairs: reached only when the address itself is allowed
)

// block is a range of addresses that is not for everybody.
type block struct {
	prefix netip.Prefix
	class  class
	what   string
}

// blocks are the ranges of IANA's special-purpose registries (IPv4 and IPv6, RFC
// 6890 and later) that are not globally reachable, and what clouds use for their
// own. The first that fits counts.
var blocks = []block{
	// Metadata services hand out the machine's keys to whoever asks.
	{netip.MustParsePrefix("169.254.0.0/16"), never, "a link-local address, as cloud metadata has"},
	{netip.MustParsePrefix("100.100.100.200/32"), never, "a cloud metadata address"}, // Alibaba Cloud
	{netip.MustParsePrefix("168.63.129.16/32"), never, "a cloud metadata address"},   // Azure, though it looks public
	{netip.MustParsePrefix("192.0.0.0/24"), never, "a reserved address"},             // 192.0.0.192 is Oracle Cloud's metadata
	{netip.MustParsePrefix("fd00:ec2::/32"), never, "a cloud metadata address"},      // AWS
	{netip.MustParsePrefix("fd20:ce::254/128"), never, "a cloud metadata address"},   // Google Cloud

	{netip.MustParsePrefix("0.0.0.0/8"), never, "an unspecified address"},
	{netip.MustParsePrefix("10.0.0.0/8"), inside, "a private address"},
	{netip.MustParsePrefix("100.64.0.0/10"), inside, "a carrier's shared address"},
	{netip.MustParsePrefix("127.0.0.0/8"), inside, "a loopback address"},
	{netip.MustParsePrefix("172.16.0.0/12"), inside, "a private address"},
	{netip.MustParsePrefix("192.0.2.0/24"), never, "an address of documentation"},
	{netip.MustParsePrefix("192.88.99.0/24"), never, "a reserved address"},
	{netip.MustParsePrefix("192.168.0.0/16"), inside, "a private address"},
	{netip.MustParsePrefix("198.18.0.0/15"), inside, "an address of benchmarks"}, // some companies use it inside
	{netip.MustParsePrefix("198.51.100.0/24"), never, "an address of documentation"},
	{netip.MustParsePrefix("203.0.113.0/24"), never, "an address of documentation"},
	{netip.MustParsePrefix("224.0.0.0/4"), never, "a multicast address"},
	{netip.MustParsePrefix("240.0.0.0/4"), never, "a reserved address"}, // and broadcast

	{netip.MustParsePrefix("::/128"), never, "an unspecified address"},
	{netip.MustParsePrefix("::1/128"), inside, "a loopback address"},
	{netip.MustParsePrefix("64:ff9b:1::/48"), never, "an address of a local translation"},
	{netip.MustParsePrefix("fc00::/7"), inside, "a private address"},
	{netip.MustParsePrefix("fe80::/10"), never, "a link-local address"},
	{netip.MustParsePrefix("fec0::/10"), never, "a site-local address"},
	{netip.MustParsePrefix("ff00::/8"), never, "a multicast address"},
	{netip.MustParsePrefix("2001:db8::/32"), never, "an address of documentation"},
	{netip.MustParsePrefix("3fff::/20"), never, "an address of documentation"},
	{netip.MustParsePrefix("2001::/23"), never, "a reserved address"}, // Teredo too, which hides an IPv4 address
}

// global is all that IANA has given out for everybody so far (RFC 4291).
var global = netip.MustParsePrefix("2000::/3")

// classify says how far an address is, and in a few words what it is. An address
// of IPv6 that stands for one of IPv4 is judged as what it leads to.
func classify(a netip.Addr) (class, string) {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if within, ok := embedded(a); ok {
			c, what := classify(within)
			return c, what
		}
	}
	for _, b := range blocks {
		if b.prefix.Contains(a) {
			return b.class, b.what
		}
	}
	if a.Is6() && !global.Contains(a) || !a.IsValid() {
		return never, "a reserved address"
	}
	return public, ""
}

// embedded is the address of IPv4 that one of IPv6 leads to, by whatever
// translates between them.
func embedded(a netip.Addr) (netip.Addr, bool) {
	b := a.As16()
	switch {
	case binary.BigEndian.Uint64(b[:8]) == 0x0064ff9b_00000000 && binary.BigEndian.Uint32(b[8:12]) == 0: // NAT64, RFC 6052
		return netip.AddrFrom4([4]byte(b[12:])), true
	case b[0] == 0x20 && b[1] == 0x02: // 6to4, RFC 3056
		return netip.AddrFrom4([4]byte(b[2:6])), true
	case binary.BigEndian.Uint64(b[:8]) == 0 && binary.BigEndian.Uint32(b[8:12]) == 0 && binary.BigEndian.Uint32(b[12:]) > 1: // IPv4-compatible, RFC 4291
		return netip.AddrFrom4([4]byte(b[12:])), true
	case binary.BigEndian.Uint64(b[:8]) == 0 && binary.BigEndian.Uint32(b[8:12]) == 0xffff0000: // IPv4-translated, RFC 2765
		return netip.AddrFrom4([4]byte(b[12:])), true
	case binary.BigEndian.Uint32(b[8:12])&^0x02000000 == 0x00005efe: // ISATAP, RFC 5214
		return netip.AddrFrom4([4]byte(b[12:])), true
	}
	return netip.Addr{}, false
}
