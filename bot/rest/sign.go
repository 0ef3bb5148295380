package rest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"
)

// The headers of every webhook of ours. Their names are a promise to receivers.
const (
	KeyHeader       = "Idempotency-Key"    // the same at every attempt
	TimeHeader      = "Rollcall-Timestamp" // of this attempt, seconds since 1970
	SignatureHeader = "Rollcall-Signature" // "v1=" and the signature in hexadecimal digits
)

// Signature is the one of a webhook: HMAC-SHA256 of the timestamp, a dot and the body
// as it is sent.
func Signature(secret string, at time.Time, body []byte) (timestamp, signature string) {
	timestamp = strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte(timestamp + ".")) // a hash takes everything
	_, _ = mac.Write(body)
	return timestamp, "v1=" + hex.EncodeToString(mac.Sum(nil))
}

// Sign makes a request a webhook of ours: JSON, signed, with a key by which its
// receiver knows a repeat.
func Sign(req *http.Request, secret, key string, at time.Time, body []byte) {
	timestamp, signature := Signature(secret, at, body)
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set(KeyHeader, key)
	req.Header.Set(TimeHeader, timestamp)
	req.Header.Set(SignatureHeader, signature)
}
