package alerts

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"
)

// Kind is what a source speaks; it is the last part of the address.
type Kind string

// The kinds.
const (
	Alertmanager Kind = "alertmanager"
	Grafana      Kind = "grafana"
	Sentry       Kind = "sentry"
	Generic      Kind = "generic"
)

// Kinds are all kinds.
func Kinds() []Kind { return []Kind{Alertmanager, Grafana, Sentry, Generic} }

// Source is a monitor that sends alerts. One that is named like its kind is that
// kind's own address; others add ?source=NAME.
type Source struct {
	Name    string // of its alarms, for the rules
	Kind    Kind
	Token   string   // of its own, "" for none; ROLLCALL_ALERT_TOKEN opens every source
	Secrets []string // any of which may have signed: Sentry's
	Fields  *Fields  // of a generic body; nil for the document of docs/alerts.md
}

// open says whether there is any way in.
func (s Source) open(shared string) bool { return shared != "" || s.Token != "" || len(s.Secrets) > 0 }

// bearer says whether a request carries one of the tokens. It compares digests, so
// that the time tells nothing of a token, not even its length.
func bearer(header http.Header, tokens ...string) bool {
	scheme, token, _ := strings.Cut(header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return false
	}
	got, ok := sha256.Sum256([]byte(strings.TrimSpace(token))), 0
	for _, t := range tokens {
		want := sha256.Sum256([]byte(t))
		if t != "" {
			ok |= subtle.ConstantTimeCompare(got[:], want[:])
		}
	}
	return ok == 1
}

// signatureHeader is where Sentry puts the signature: the HMAC-SHA256 of the body,
// as hexadecimal digits, keyed with the integration's client secret
// (docs.sentry.io, Integration Platform, Webhooks). Its time is not signed, so
// nothing depends on it.
const signatureHeader = "Sentry-Hook-Signature"

// signed says whether one of the secrets signed the body.
func signed(header http.Header, body []byte, secrets []string) bool {
	got, err := hex.DecodeString(strings.TrimSpace(header.Get(signatureHeader)))
	if err != nil || len(got) != sha256.Size {
		return false
	}
	ok := false
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, []byte(secret))
		_, _ = mac.Write(body) // a hash cannot fail
		ok = hmac.Equal(got, mac.Sum(nil)) || ok
	}
	return ok
}
