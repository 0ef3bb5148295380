package pagerin

import (
	"bytes"
	"math/rand"
	"net/http"
	"testing"
)

// TestMalformedBodiesAreNeverOurTrouble sends 10,000 signed bodies that were damaged
// at random: each is answered 202, and none is a panic.
func TestMalformedBodiesAreNeverOurTrouble(t *testing.T) {
	const seed = 20260304
	random := rand.New(rand.NewSource(seed))
	r := newRing(t)
	kinds := []string{"incident.triggered", "incident.annotated", "incident.responder.added", "incident.resolved"}
	for n := range 10_000 {
		body := damaged(random, sample(t, kinds[n%len(kinds)]))
		if got := r.send(body, nil); got != http.StatusAccepted {
			t.Fatalf("seed %d: answered %d to %q", seed, got, body)
		}
	}
	if r.counts["malformed"] == 0 || r.counts["not_saved"] != 0 {
		t.Errorf("counted %v", r.counts)
	}
}

// damaged changes, drops or repeats bytes of a body.
func damaged(random *rand.Rand, body []byte) []byte {
	for range 1 + random.Intn(8) {
		if len(body) < 2 {
			break
		}
		at := random.Intn(len(body) - 1)
		switch random.Intn(4) {
		case 0:
			body[at] = byte(random.Intn(256))
		case 1:
			body = append(body[:at], body[at+1:]...)
		case 2:
			body = body[:at]
		case 3:
			body[at] = `{}[]":,0nt-`[random.Intn(11)]
		}
	}
	return bytes.Clone(body)
}
