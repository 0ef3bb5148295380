package pagerin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
)

// maxSignatures bounds how many signatures of a request are looked at. PagerDuty
// sends one a secret, two while rotating.
const maxSignatures = 16

// signed says whether one of the secrets made one of the signatures: HMAC-SHA256
// of the raw body in X-PagerDuty-Signature, "v1=HEX,v1=HEX" (PagerDuty on
// verifying webhook signatures). Other versions are not ours to judge.
func signed(secrets []string, h http.Header, body []byte) bool {
	var sent [][]byte
	for _, one := range strings.Split(strings.Join(h.Values("X-PagerDuty-Signature"), ","), ",") {
		word, ok := strings.CutPrefix(strings.TrimSpace(one), "v1=")
		if !ok || len(sent) == maxSignatures {
			continue
		}
		if mac, err := hex.DecodeString(word); err == nil && len(mac) == sha256.Size {
			sent = append(sent, mac)
		}
	}
	ok := false
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		want := mac.Sum(nil)
		for _, got := range sent {
			ok = hmac.Equal(want, got) || ok
		}
	}
	return ok
}
