package pages

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
)

// sealer closes what a browser keeps for us, so that nobody reads or changes it
// there.
type sealer struct{ aead cipher.AEAD }

// newSealer makes a sealer of a key of any length; a short one is the setting's
// fault, which refuses it.
func newSealer(key string) (sealer, error) {
	derived, err := hkdf.Key(sha256.New, []byte(key), nil, "rollcall sign-in", 32)
	if err != nil {
		return sealer{}, fmt.Errorf("derive a key from ROLLCALL_SESSION_KEY: %w", err)
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return sealer{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return sealer{aead}, err
}

func (s sealer) close(value any) (string, error) {
	plain, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, plain, nil)), nil //nolint:gosec // it makes a random nonce of its own
}

var errSeal = errors.New("not sealed by us")

func (s sealer) open(text string, into any) error {
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return errSeal
	}
	plain, err := s.aead.Open(nil, nil, sealed, nil)
	if err != nil {
		return errSeal
	}
	return json.Unmarshal(plain, into)
}

// same compares secrets in a time that tells nothing; the empty one is never the
// same.
func same(a, b string) bool {
	return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// Secret is 256 random bits, as letters and digits.
func Secret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return fmt.Sprintf("%x", b)
}
