package rest

import (
	"testing"
	"time"
)

// TestSignatureIsThatOfTheDocument holds it to one that was made as docs/exports.md says:
// printf '1772625600.{}' | openssl dgst -sha256 -hmac secret
// printed it.
func TestSignatureIsThatOfTheDocument(t *testing.T) {
	at, signature := Signature("secret", time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC), []byte("{}"))
	if at != "1772625600" || signature != "v1=2f6612c989416fe33d76e50b48aaa9be1eba60fbe2549fe008d4fbe93a76965c" {
		t.Errorf("at %s it is %s", at, signature)
	}
}
