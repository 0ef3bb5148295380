package mint

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"sync"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/jwt"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

const (
	// MeetScope lets an app make meeting spaces and read those that it made
	// (developers.google.com, "Authenticate and authorize Meet REST API requests").
	MeetScope = "https://www.googleapis.com/auth/meetings.space.created"
	// MeetTokens is where Google gives out tokens.
	MeetTokens = "https://oauth2.googleapis.com/token" //nolint:gosec // an address
)

// Who gets into a Meet space without knocking (Meet's REST API, SpaceConfig.AccessType).
const (
	MeetOpen    = "open"    // whoever has the link
	MeetTrusted = "trusted" // the organisation's people and who was invited; others knock
)

// MeetOptions say in whose name rooms are made at Google Meet: a service account
// with domain-wide delegation acts for User, or a user's own refresh token.
type MeetOptions struct {
	Options
	Key      []byte // the service account's JSON key; nil for a refresh token
	User     string // the e-mail address of whom the service account acts for
	ClientID string // of the OAuth client, for a refresh token
	Secret   string
	Refresh  string
	Access   string // MeetOpen or MeetTrusted
	APIURL   string
	TokenURL string // "" for the key's own, or MeetTokens
}

// Meet makes rooms at Google Meet. It is safe for concurrent use.
type Meet struct {
	*client
	access string
}

// serviceKey is what is needed of a service account's JSON key.
type serviceKey struct {
	Type     string `json:"type"`
	Email    string `json:"client_email"`
	Private  string `json:"private_key"`
	ID       string `json:"private_key_id"`
	TokenURI string `json:"token_uri"`
}

// Errors of a key that cannot be used.
var (
	errNoKey     = errors.New("is no JSON key of a Google service account")
	errNoAccount = errors.New("is the JSON file of something else than a service account")
)

// CheckMeetKey says what is wrong with a service account's JSON key; the error
// completes the sentence "the file …" and repeats nothing of it.
func CheckMeetKey(key []byte) error {
	_, err := readKey(key)
	return err
}

func readKey(key []byte) (serviceKey, error) {
	var k serviceKey
	if err := json.Unmarshal(key, &k); err != nil {
		return k, errNoKey
	}
	if k.Type != "service_account" {
		return k, errNoAccount
	}
	if k.Email == "" || k.Private == "" {
		return k, errNoKey
	}
	return k, nil
}

// NewMeet makes a client. It calls nobody yet.
func NewMeet(o MeetOptions) (*Meet, error) {
	c := newClient(o.Options, "Google Meet", o.APIURL, map[int]string{
		tokenRefused:            "Google gives out no token: allow the service account's client ID the scope " + MeetScope + " under domain-wide delegation and look at MEET_USER, or make a new MEET_REFRESH_TOKEN.",
		http.StatusUnauthorized: "Google does not take the token: look at MEET_CREDENTIALS_FILE, or make a new MEET_REFRESH_TOKEN.",
		http.StatusForbidden:    "Switch the Google Meet REST API on in the key's project, and allow the user of MEET_USER to make meetings.",
	})
	m := &Meet{client: c, access: "OPEN"}
	if o.Access == MeetTrusted {
		m.access = "TRUSTED"
	}
	if o.Key == nil {
		conf := oauth2.Config{
			ClientID: o.ClientID, ClientSecret: o.Secret,
			Endpoint: oauth2.Endpoint{TokenURL: cmp.Or(o.TokenURL, MeetTokens), AuthStyle: oauth2.AuthStyleInParams},
		}
		c.fetch = func(ctx context.Context) (*oauth2.Token, error) {
			return conf.TokenSource(ctx, &oauth2.Token{RefreshToken: o.Refresh}).Token()
		}
		return m, nil
	}
	k, err := readKey(o.Key)
	if err != nil {
		return nil, err
	}
	conf := jwt.Config{
		Email: k.Email, PrivateKey: []byte(k.Private), PrivateKeyID: k.ID, Subject: o.User,
		Scopes: []string{MeetScope}, TokenURL: cmp.Or(o.TokenURL, k.TokenURI, MeetTokens),
	}
	c.fetch = func(ctx context.Context) (*oauth2.Token, error) { return conf.TokenSource(ctx).Token() }
	return m, nil
}

// Name is "meet".
func (*Meet) Name() string { return "meet" }

// Hosts is one without a name: a Meet user can have any number of rooms in use.
func (*Meet) Hosts() []string { return []string{""} }

// space is Meet's meeting space.
type space struct {
	Name   string      `json:"name,omitempty"` // spaces/…
	URI    string      `json:"meetingUri,omitempty"`
	Config spaceConfig `json:"config"`
}

type spaceConfig struct {
	Access string `json:"accessType,omitempty"`
	Entry  string `json:"entryPointAccess,omitempty"`
}

// spaceName is the resource name of a space.
var spaceName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^spaces/[A-Za-z0-9_-]{1,128}$`) })

// Mint makes a room. Class: ambiguous; an unclear end leaves at most a room that
// nobody knows of.
func (m *Meet) Mint(ctx context.Context, _ string) (outbound.Room, error) {
	const step = "spaces.create"
	var made space
	want := space{Config: spaceConfig{Access: m.access, Entry: "ALL"}}
	if err := m.ask(ctx, step, http.MethodPost, "/v2/spaces", want, &made); err != nil {
		return outbound.Room{}, err
	}
	if !spaceName().MatchString(made.Name) || !joinable(made.URI) {
		return outbound.Room{}, &outbound.Failure{End: outbound.Unclear, Step: step, Err: errors.New("the reply names no room")}
	}
	return outbound.Room{ID: made.Name, URL: made.URI}, nil
}

// Look reads a room back and says who would wait outside of it.
func (m *Meet) Look(ctx context.Context, room outbound.Room) (outbound.Lobby, error) {
	var there space
	if err := m.ask(ctx, "spaces.get", http.MethodGet, "/v2/"+room.ID, nil, &there); err != nil {
		return outbound.Lobby{}, err
	}
	var l outbound.Lobby
	switch {
	case there.Config.Access == "TRUSTED" && m.access == "TRUSTED":
		l.Notes = append(l.Notes, "people from outside the organisation knock, as MEET_ACCESS says")
	case there.Config.Access != m.access:
		l.Waits = append(l.Waits, "Google made the room for "+plainWord(there.Config.Access)+" access instead of "+m.access+
			": in the Admin console, under Apps, Google Workspace, Google Meet, Meet safety settings, allow people to join without knocking, or set MEET_ACCESS=trusted")
	}
	if there.Config.Entry != "" && there.Config.Entry != "ALL" {
		l.Waits = append(l.Waits, "only the app that made the room may be joined with: the entry points of the project's rooms are restricted")
	}
	return l, nil
}

// Remove does nothing: Meet has no way to delete a space. One that nobody uses
// costs nothing and expires at Google.
func (*Meet) Remove(context.Context, outbound.Room) error { return nil }

// joinable says whether a provider's link is one that people can be sent to.
func joinable(link string) bool {
	u, err := url.Parse(link)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil && len(link) < 1000
}

// plainWord is a word of the provider's, as far as it is one.
func plainWord(s string) string {
	if !regexp.MustCompile(`^[A-Z_]{1,40}$`).MatchString(s) {
		return "unknown"
	}
	return s
}

func bodyError(body []byte) string {
	var said struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	return said.Error
}
