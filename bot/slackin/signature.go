package slackin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxSkew is how far a request's timestamp may be from our clock, either way:
// Slack's own recommendation against replayed requests.
const maxSkew = 5 * time.Minute

// errSignature is all that anybody learns of a request that is not Slack's.
// slack-go's verifier is not used: its error contains the right signature, and
// whoever reads it in a log can forge the request.
var errSignature = errors.New("the signature is missing or wrong")

// verifier checks signatures made with one secret; without a secret it accepts none.
// Keying a hash costs as much as the short body that is then signed: so hashes that
// are keyed are kept for the next request. It is safe for concurrent use.
type verifier struct {
	secret string
	keyed  sync.Pool // of *keyed
}

// keyed is a hash with the secret in it, and where it writes.
type keyed struct {
	mac  hash.Hash
	head []byte
	sum  []byte
}

func newVerifier(secret string) *verifier {
	v := &verifier{secret: secret}
	v.keyed.New = func() any { return &keyed{mac: hmac.New(sha256.New, []byte(secret))} }
	return v
}

// verify checks Slack's signature of a body.
func (v *verifier) verify(h http.Header, body []byte, now time.Time) error {
	stamps, signatures := h.Values("X-Slack-Request-Timestamp"), h.Values("X-Slack-Signature")
	if v.secret == "" || len(stamps) != 1 || len(signatures) != 1 {
		return errSignature
	}
	unix, err := strconv.ParseInt(stamps[0], 10, 64)
	if err != nil || unix < 0 || now.Sub(time.Unix(unix, 0)).Abs() > maxSkew {
		return errSignature
	}
	sent, ok := strings.CutPrefix(signatures[0], "v0=")
	if !ok || len(sent) != hex.EncodedLen(sha256.Size) || strings.ToLower(sent) != sent {
		return errSignature
	}
	var digits [2 * sha256.Size]byte
	copy(digits[:], sent)
	var got [sha256.Size]byte
	if _, err := hex.Decode(got[:], digits[:]); err != nil {
		return errSignature
	}
	if want := v.sign(stamps[0], body); !hmac.Equal(want[:], got[:]) {
		return errSignature
	}
	return nil
}

// sign is the signature of a body that was sent at a time.
func (v *verifier) sign(stamp string, body []byte) [sha256.Size]byte {
	k := v.keyed.Get().(*keyed)
	defer v.keyed.Put(k)
	k.mac.Reset()
	k.head = append(append(append(k.head[:0], "v0:"...), stamp...), ':')
	k.mac.Write(k.head)
	k.mac.Write(body)
	k.sum = k.mac.Sum(k.sum[:0])
	return [sha256.Size]byte(k.sum)
}
