package pages_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// issuer is a stand-in of Slack's sign-in, by its documents: the well-known
// configuration, the keys, and the exchange of a code for an id token.
type issuer struct {
	*httptest.Server
	t   *testing.T
	key *rsa.PrivateKey
	now func() time.Time

	mu    sync.Mutex
	codes map[string]map[string]any // claims by code; each is good once
	down  bool
	spoil func(map[string]any) // spoils the claims
}

// oneKey is made once: making keys is slow.
var oneKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func newIssuer(t *testing.T, now func() time.Time) *issuer {
	t.Helper()
	key, err := oneKey()
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{t: t, key: key, now: now, codes: map[string]map[string]any{}}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		if i.down {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		answer(w, map[string]any{
			"issuer": i.URL, "authorization_endpoint": i.URL + "/openid/connect/authorize", "token_endpoint": i.URL + "/api/openid.connect.token",
			"jwks_uri": i.URL + "/openid/connect/keys", "id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("GET /openid/connect/keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"keys": []any{map[string]string{
			"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1", "n": encode(key.N.Bytes()), "e": encode(big.NewInt(int64(key.E)).Bytes()),
		}}})
	})
	mux.HandleFunc("POST /api/openid.connect.token", func(w http.ResponseWriter, r *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		claims := i.codes[r.PostFormValue("code")]
		delete(i.codes, r.PostFormValue("code"))
		id, secret, ok := r.BasicAuth()
		if !ok {
			id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
		}
		if claims == nil || id != "client" || secret != "secret" { // as Slack does: 200, and not ok
			answer(w, map[string]any{"ok": false, "error": "invalid_code"})
			return
		}
		answer(w, map[string]any{"ok": true, "access_token": "xoxp-of-no-use", "token_type": "Bearer", "id_token": i.sign(claims)})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// sign makes an id token (RFC 7519, RS256).
func (i *issuer) sign(claims map[string]any) string {
	body, err := json.Marshal(claims)
	if err != nil {
		i.t.Error(err)
	}
	text := encode([]byte(`{"alg":"RS256","kid":"1","typ":"JWT"}`)) + "." + encode(body)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, i.key, crypto.SHA256, sum[:])
	if err != nil {
		i.t.Error(err)
	}
	return text + "." + encode(signature)
}

// confirms is where Slack sends a person who confirmed a sign-in.
func (i *issuer) confirms(authorize, user, team string) string {
	i.t.Helper()
	u, err := url.Parse(authorize)
	if err != nil || u.Path != "/openid/connect/authorize" {
		i.t.Fatalf("sent to %q (%v)", authorize, err)
	}
	q := u.Query()
	for name, want := range map[string]string{"client_id": "client", "response_type": "code", "scope": "openid", "team": "T1"} {
		if q.Get(name) != want {
			i.t.Errorf("%s is %q, want %q", name, q.Get(name), want)
		}
	}
	claims := map[string]any{
		"iss": i.URL, "aud": "client", "sub": user, "iat": i.now().Unix(), "exp": i.now().Add(5 * time.Minute).Unix(), "nonce": q.Get("nonce"),
		"https://slack.com/user_id": user, "https://slack.com/team_id": team,
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.spoil != nil {
		i.spoil(claims)
	}
	code := "code-" + q.Get("state")[:8]
	i.codes[code] = claims
	return q.Get("redirect_uri") + "?" + url.Values{"code": {code}, "state": {q.Get("state")}}.Encode()
}
