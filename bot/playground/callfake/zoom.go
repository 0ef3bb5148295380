package callfake

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// zoomDaily is how many meetings a user may make or change in a day.
const zoomDaily = 100

// Zoom is a Zoom account. It is safe for concurrent use.
type Zoom struct {
	faults
	AccountID string
	ClientID  string
	Secret    string
	Users     []string // e-mail addresses
	Now       func() time.Time

	mu       sync.Mutex
	tokens   []string
	meetings []Meeting
	made     map[string]int // by user and day
	last     int64
	waiting  bool // a waiting room is forced on every meeting
}

// MakeEverybodyWait forces a waiting room on every meeting from now on, as an
// account's administrator may.
func (z *Zoom) MakeEverybodyWait() {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.waiting = true
}

// Meeting is a room that was made.
type Meeting struct {
	ID       int64
	Host     string
	URL      string
	Topic    string
	Type     int
	Settings map[string]any
	Deleted  bool
}

// NewZoom is an account without meetings.
func NewZoom(now func() time.Time, users ...string) *Zoom {
	return &Zoom{AccountID: "account", ClientID: "client", Secret: "secret-" + rand.Text(), Users: users, Now: now, made: map[string]int{}, last: 84_000_000_000}
}

// Start serves until ctx ends and returns the address: tokens are at /oauth/token,
// the API is below /v2.
func (z *Zoom) Start(ctx context.Context) (base string, err error) {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth/token", z.handle("token", z.giveToken))
	mux.HandleFunc("POST /v2/users/{user}/meetings", z.handle("create", z.allowed(z.create)))
	mux.HandleFunc("GET /v2/meetings/{id}", z.handle("get", z.allowed(z.get)))
	mux.HandleFunc("DELETE /v2/meetings/{id}", z.handle("delete", z.allowed(z.remove)))
	return serve(ctx, mux)
}

// Meetings are the rooms that were made, in order, deleted ones too.
func (z *Zoom) Meetings() []Meeting {
	z.mu.Lock()
	defer z.mu.Unlock()
	return slices.Clone(z.meetings)
}

func (z *Zoom) giveToken(w http.ResponseWriter, r *http.Request) {
	id, secret, ok := r.BasicAuth()
	if !ok || id != z.ClientID || secret != z.Secret {
		refuse(w, http.StatusBadRequest, "invalid_client")
		return
	}
	if r.FormValue("grant_type") != "account_credentials" || r.FormValue("account_id") != z.AccountID {
		refuse(w, http.StatusBadRequest, "unsupported_grant_type")
		return
	}
	token := rand.Text()
	z.mu.Lock()
	z.tokens = append(z.tokens, token)
	z.mu.Unlock()
	reply(w, http.StatusOK, map[string]any{"access_token": token, "token_type": "bearer", "expires_in": 3599})
}

func (z *Zoom) allowed(do http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		z.mu.Lock()
		known := slices.Contains(z.tokens, token)
		z.mu.Unlock()
		if !known {
			reply(w, http.StatusUnauthorized, map[string]any{"code": 124, "message": "Invalid access token."})
			return
		}
		do(w, r)
	}
}

func (z *Zoom) create(w http.ResponseWriter, r *http.Request) {
	user := r.PathValue("user")
	if !slices.Contains(z.Users, user) {
		reply(w, http.StatusNotFound, map[string]any{"code": 1001, "message": "User does not exist: " + user})
		return
	}
	var asked struct {
		Topic, Password string
		Type            int
		Settings        map[string]any
	}
	if json.NewDecoder(r.Body).Decode(&asked) != nil || len(asked.Password) > 10 {
		reply(w, http.StatusBadRequest, map[string]any{"code": 300, "message": "Validation Failed."})
		return
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	day := user + z.Now().UTC().Format(time.DateOnly)
	if z.made[day]++; z.made[day] > zoomDaily {
		w.Header().Set("X-RateLimit-Type", "Daily-limit")
		reply(w, http.StatusTooManyRequests, map[string]any{"code": 429, "message": "You have reached the daily limit."})
		return
	}
	z.last++
	if z.waiting {
		asked.Settings["waiting_room"] = true
	}
	m := Meeting{
		ID: z.last, Host: user, Topic: asked.Topic, Type: asked.Type, Settings: asked.Settings,
		URL: "https://us02web.zoom.us/j/" + strconv.FormatInt(z.last, 10) + "?pwd=" + rand.Text(),
	}
	z.meetings = append(z.meetings, m)
	reply(w, http.StatusCreated, m.body())
}

// find is where a meeting stands that is not deleted; -1 for nowhere.
func (z *Zoom) find(id string) int {
	return slices.IndexFunc(z.meetings, func(m Meeting) bool { return strconv.FormatInt(m.ID, 10) == id && !m.Deleted })
}

func (z *Zoom) get(w http.ResponseWriter, r *http.Request) {
	z.mu.Lock()
	defer z.mu.Unlock()
	at := z.find(r.PathValue("id"))
	if at < 0 {
		reply(w, http.StatusNotFound, map[string]any{"code": 3001, "message": "Meeting does not exist."})
		return
	}
	reply(w, http.StatusOK, z.meetings[at].body())
}

func (z *Zoom) remove(w http.ResponseWriter, r *http.Request) {
	z.mu.Lock()
	defer z.mu.Unlock()
	at := z.find(r.PathValue("id"))
	if at < 0 {
		reply(w, http.StatusNotFound, map[string]any{"code": 3001, "message": "Meeting does not exist."})
		return
	}
	z.meetings[at].Deleted = true
	w.WriteHeader(http.StatusNoContent)
}

func (m Meeting) body() map[string]any {
	return map[string]any{"id": m.ID, "join_url": m.URL, "topic": m.Topic, "type": m.Type, "settings": m.Settings}
}
