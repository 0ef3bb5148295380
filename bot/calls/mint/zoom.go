package mint

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// ZoomOptions say in whose name rooms are made at Zoom: a server-to-server OAuth
// app of the account, and the users who own the rooms.
type ZoomOptions struct {
	Options
	AccountID string
	ClientID  string
	Secret    string
	Hosts     []string      // e-mail addresses; each can run one call at a time
	APIURL    string        // such as https://api.zoom.us/v2
	TokenURL  string        // such as https://zoom.us/oauth/token
	Random    func() string // unguessable letters and digits, at least 8, anew at each call
}

// Zoom makes rooms at Zoom. It is safe for concurrent use.
type Zoom struct {
	*client
	hosts  []string
	random func() string
}

// NewZoom makes a client. It calls nobody yet.
func NewZoom(o ZoomOptions) *Zoom {
	c := newClient(o.Options, "Zoom", o.APIURL, map[int]string{ //nolint:gosec // names of settings, no values
		tokenRefused:            "Zoom gives out no token: look at ZOOM_ACCOUNT_ID, ZOOM_CLIENT_ID and ZOOM_CLIENT_SECRET, and whether the app is activated.",
		http.StatusBadRequest:   "Give the app the scopes meeting:write:meeting:admin, meeting:read:meeting:admin and meeting:delete:meeting:admin.",
		http.StatusUnauthorized: "Zoom does not take the token: look at whether the app is activated.",
		http.StatusForbidden:    "Give the app the scopes meeting:write:meeting:admin, meeting:read:meeting:admin and meeting:delete:meeting:admin.",
		http.StatusNotFound:     "Zoom does not know the host: ZOOM_HOSTS names users of the account by their e-mail addresses.",
	})
	conf := clientcredentials.Config{
		ClientID: o.ClientID, ClientSecret: o.Secret, TokenURL: o.TokenURL, AuthStyle: oauth2.AuthStyleInHeader,
		EndpointParams: url.Values{"grant_type": {"account_credentials"}, "account_id": {o.AccountID}},
	}
	c.fetch = conf.Token
	c.daily = untilZoomsMidnight
	return &Zoom{client: c, hosts: o.Hosts, random: o.Random}
}

// untilZoomsMidnight is how long Zoom's daily limits hold: until 0:00 UTC.
func untilZoomsMidnight(h http.Header, now time.Time) (time.Duration, bool) {
	if !strings.Contains(strings.ToLower(h.Get("X-RateLimit-Type")), "daily") {
		return 0, false
	}
	return now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now), true
}

// Name is "zoom".
func (*Zoom) Name() string { return "zoom" }

// Hosts are the users who own rooms; each can run one call at a time.
func (z *Zoom) Hosts() []string { return z.hosts }

// meeting is Zoom's meeting.
type meeting struct {
	ID       int64           `json:"id,omitempty"`
	URL      string          `json:"join_url,omitempty"`
	Topic    string          `json:"topic"`
	Type     int             `json:"type"`
	Passcode string          `json:"password,omitempty"`
	Settings meetingSettings `json:"settings"`
}

type meetingSettings struct {
	BeforeHost bool `json:"join_before_host"`
	MinutesOf  int  `json:"jbh_time"` // 0: at any time
	Waiting    bool `json:"waiting_room"`
	SignedIn   bool `json:"meeting_authentication"`
	Register   int  `json:"approval_type"` // 2: nobody registers
}

const (
	// noFixedTime is the type of a meeting that can be joined at any time; Zoom
	// keeps join_before_host for scheduled and recurring ones only.
	noFixedTime = 3
	// noRegistration is the approval_type of a meeting that nobody registers for.
	noRegistration = 2
	// topic tells nobody what the call is about: hosts see it in their calendars.
	topic = "Incident call"
)

// Mint makes a room in a host's name. Class: ambiguous; an unclear end leaves at
// most a meeting that nobody knows of in the host's list.
func (z *Zoom) Mint(ctx context.Context, host string) (outbound.Room, error) {
	const step = "meetings.create"
	want := meeting{
		Topic: topic, Type: noFixedTime, Passcode: z.passcode(),
		Settings: meetingSettings{BeforeHost: true, Register: noRegistration},
	}
	var made meeting
	if err := z.ask(ctx, step, http.MethodPost, "/users/"+url.PathEscape(host)+"/meetings", want, &made); err != nil {
		return outbound.Room{}, err
	}
	if made.ID <= 0 || !joinable(made.URL) {
		return outbound.Room{}, &outbound.Failure{End: outbound.Unclear, Step: step, Err: errors.New("the reply names no room")}
	}
	return outbound.Room{ID: strconv.FormatInt(made.ID, 10), URL: made.URL, Host: host}, nil
}

// passcode keeps strangers out who guess meeting numbers. Zoom takes ten
// characters at most; accounts may ask for a letter, a digit and another sign.
func (z *Zoom) passcode() string {
	word := z.random()
	return "R" + word[max(0, len(word)-7):] + "-9"
}

// Look reads a room back and says who would wait outside of it.
func (z *Zoom) Look(ctx context.Context, room outbound.Room) (outbound.Lobby, error) {
	var there meeting
	if err := z.ask(ctx, "meetings.get", http.MethodGet, "/meetings/"+url.PathEscape(room.ID), nil, &there); err != nil {
		return outbound.Lobby{}, err
	}
	var l outbound.Lobby
	if there.Settings.Waiting {
		l.Waits = append(l.Waits, "everybody waits in a waiting room, which overrides joining before the host: in Zoom's Account Settings, Security, switch Waiting Room off and unlock it")
	}
	if !there.Settings.BeforeHost || there.Settings.MinutesOf != 0 {
		l.Waits = append(l.Waits, "nobody gets in before the host: in Zoom's Account Settings, Schedule Meeting, switch on that participants may join before the host, at any time")
	}
	if there.Settings.SignedIn {
		l.Waits = append(l.Waits, "only people who signed in to Zoom get in: switch off that meetings require authentication")
	}
	if u, err := url.Parse(room.URL); err == nil && u.Query().Get("pwd") == "" {
		l.Notes = append(l.Notes, "people have to type a passcode that they do not know: in Zoom's Account Settings, Security, switch on to embed the passcode in the invite link")
	}
	return l, nil
}

// Remove deletes a room. Class: idempotent; one that is gone is success.
func (z *Zoom) Remove(ctx context.Context, room outbound.Room) error {
	err := z.ask(ctx, "meetings.delete", http.MethodDelete, "/meetings/"+url.PathEscape(room.ID), nil, nil)
	if f, refused := outbound.Refusal(err); refused && f.Code == "http_404" {
		return nil
	}
	return err
}
