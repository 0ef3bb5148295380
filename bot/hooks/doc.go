// Package hooks rolls services back by what the operator configured: a signed
// webhook, a workflow on GitHub, or a program on this machine.
//
// It starts a run, or looks how far an earlier attempt has got, and says which;
// whether somebody may have it run, and what follows from its end, is decided
// elsewhere. A reply can be lost after the other side has begun, and a rollback
// that happens twice can be an outage of its own: each kind says how a repeat is
// told apart, or that it cannot be.
package hooks
