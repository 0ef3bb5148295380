package callfake

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	meetScope = "https://www.googleapis.com/auth/meetings.space.created"
	jwtGrant  = "urn:ietf:params:oauth:grant-type:jwt-bearer"
)

// Meet is a Google Workspace with one user who may be acted for. It is safe for
// concurrent use.
type Meet struct {
	faults
	User    string // whom the service account may act for
	Refresh string // the user's refresh token

	key    *rsa.PrivateKey
	base   string
	mu     sync.Mutex
	tokens []string
	spaces []Space
	access string // what every room becomes, whatever was asked for; "" for as asked
}

// ForceAccess makes every room from now on of this access type, whatever was asked
// for, as an organisation's policy may.
func (m *Meet) ForceAccess(kind string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.access = kind
}

// Space is a room that was made.
type Space struct{ Name, URI, Access, Entry string }

// NewMeet is a workspace without rooms.
func NewMeet(user string) (*Meet, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	return &Meet{User: user, Refresh: "refresh-" + rand.Text(), key: key}, nil
}

// Start serves until ctx ends and returns the address.
func (m *Meet) Start(ctx context.Context) (base string, err error) {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", m.handle("token", m.giveToken))
	mux.HandleFunc("POST /v2/spaces", m.handle("create", m.allowed(m.create)))
	mux.HandleFunc("GET /v2/spaces/{id}", m.handle("get", m.allowed(m.get)))
	m.base, err = serve(ctx, mux)
	return m.base, err
}

// TokenURL is where tokens are given out.
func (m *Meet) TokenURL() string { return m.base + "/token" }

// Key is the service account's JSON key. It is no key of anybody's: it is made at
// each start.
func (m *Meet) Key() []byte {
	private := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE " + "KEY", Bytes: x509.MarshalPKCS1PrivateKey(m.key)})
	text, err := json.Marshal(map[string]string{
		"type": "service_account", "client_email": serviceAccount, "private_key_id": "k1", "private_key": string(private), "token_uri": m.TokenURL(),
	})
	if err != nil {
		return nil
	}
	return text
}

const serviceAccount = "rollcall@project.iam.example.org"

// Spaces are the rooms that were made, in order.
func (m *Meet) Spaces() []Space {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.spaces)
}

// Revoke makes every token invalid that was given out.
func (m *Meet) Revoke() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tokens = nil
}

func (m *Meet) giveToken(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		refuse(w, http.StatusBadRequest, "invalid_request")
		return
	}
	switch r.PostForm.Get("grant_type") {
	case jwtGrant:
		if err := m.assertion(r.PostForm.Get("assertion")); err != nil {
			refuse(w, http.StatusUnauthorized, "unauthorized_client")
			return
		}
	case "refresh_token":
		if r.PostForm.Get("refresh_token") != m.Refresh || r.PostForm.Get("client_id") != "client" || r.PostForm.Get("client_secret") != "secret" {
			refuse(w, http.StatusBadRequest, "invalid_grant")
			return
		}
	default:
		refuse(w, http.StatusBadRequest, "unsupported_grant_type")
		return
	}
	token := "ya29." + rand.Text()
	m.mu.Lock()
	m.tokens = append(m.tokens, token)
	m.mu.Unlock()
	reply(w, http.StatusOK, map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": 3600})
}

// assertion checks a signed JWT as Google does (RFC 7523): who signed it, for
// whom, in whose name, for what and for how long.
func (m *Meet) assertion(token string) error {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return errors.New("no JWT")
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(&m.key.PublicKey, crypto.SHA256, sum[:], signature); err != nil {
		return err
	}
	body, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return err
	}
	var claims struct {
		Iss, Sub, Aud, Scope string
		Iat, Exp             int64
	}
	if err := json.Unmarshal(body, &claims); err != nil {
		return err
	}
	now := time.Now() //nolint:forbidigo // whoever signs stamps with the machine's clock
	switch {
	case claims.Iss != serviceAccount, claims.Sub != m.User, claims.Aud != m.TokenURL(), claims.Scope != meetScope:
		return errors.New("not delegated")
	case claims.Exp-claims.Iat > 3600, now.Unix() > claims.Exp, claims.Iat > now.Unix()+60:
		return errors.New("expired, or valid for too long")
	}
	return nil
}

// allowed lets requests with a token of ours through.
func (m *Meet) allowed(do http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		m.mu.Lock()
		known := slices.Contains(m.tokens, token)
		m.mu.Unlock()
		if !known {
			refuse(w, http.StatusUnauthorized, "UNAUTHENTICATED")
			return
		}
		do(w, r)
	}
}

func (m *Meet) create(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Config struct{ AccessType, EntryPointAccess string }
	}
	if json.NewDecoder(r.Body).Decode(&asked) != nil || asked.Config.AccessType == "" {
		refuse(w, http.StatusBadRequest, "INVALID_ARGUMENT")
		return
	}
	code := strings.ToLower(rand.Text()[:10])
	made := Space{
		Name: "spaces/" + rand.Text(), URI: "https://meet.google.com/" + code[:3] + "-" + code[3:7] + "-" + code[7:],
		Access: asked.Config.AccessType, Entry: asked.Config.EntryPointAccess,
	}
	m.mu.Lock()
	if m.access != "" {
		made.Access = m.access
	}
	m.spaces = append(m.spaces, made)
	m.mu.Unlock()
	reply(w, http.StatusOK, made.body())
}

func (m *Meet) get(w http.ResponseWriter, r *http.Request) {
	for _, s := range m.Spaces() {
		if s.Name == "spaces/"+r.PathValue("id") {
			reply(w, http.StatusOK, s.body())
			return
		}
	}
	refuse(w, http.StatusNotFound, "NOT_FOUND")
}

func (s Space) body() map[string]any {
	return map[string]any{
		"name": s.Name, "meetingUri": s.URI, "meetingCode": strings.TrimPrefix(s.URI, "https://meet.google.com/"),
		"config": map[string]string{"accessType": s.Access, "entryPointAccess": s.Entry},
	}
}
