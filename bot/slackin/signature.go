package slackin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxSkew is how far a request's timestamp may be from our clock, either way:
// Slack's own recommendation against replayed requests.
const maxSkew = 5 * time.Minute

// errSignature is all that anybody learns of a request that is not Slack's.
// slack-go's verifier is not used: its error contains the right signature, and
// whoever reads it in a log can forge the request.
var errSignature = errors.New("the signature is missing or wrong")

// verify checks Slack's signature of a body.
func verify(secret string, h http.Header, body []byte, now time.Time) error {
	stamps, signatures := h.Values("X-Slack-Request-Timestamp"), h.Values("X-Slack-Signature")
	if secret == "" || len(stamps) != 1 || len(signatures) != 1 {
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
	got, err := hex.DecodeString(sent)
	if err != nil {
		return errSignature
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamps[0] + ":"))
	mac.Write(body)
	if !hmac.Equal(mac.Sum(nil), got) {
		return errSignature
	}
	return nil
}
