package calls

import "strings"

// publicJitsi asks the first to join to sign in; self-hosted servers do not.
const publicJitsi = "meet.jit.si"

// jitsi makes rooms by naming them: a Jitsi server opens any room that somebody
// joins, so an unguessable name is all it takes, and no network.
type jitsi struct {
	base   string
	public bool
	random func() string
}

func newJitsi(base string, random func() string) (Provider, error) {
	u, err := webAddress(base)
	if err != nil {
		return nil, err
	}
	return jitsi{base: strings.TrimRight(u.String(), "/"), public: u.Hostname() == publicJitsi, random: random}, nil
}

func (jitsi) Name() string { return "jitsi" }

func (j jitsi) Link(Ask) (string, bool) { return j.base + "/rollcall-" + j.random(), true }

func (j jitsi) Hint() string {
	if j.public {
		return "the first to join may have to sign in at " + publicJitsi
	}
	return ""
}
