// Package mint makes rooms for calls at the providers that have to be asked for
// one: Google Meet and Zoom.
//
// Nothing here is in the path of an answer: workers mint ahead of need. A reply
// can be lost after a room was made; neither provider takes a key of ours that
// would find it again, so such a room stays behind, unused. Whoever calls notes it.
package mint
