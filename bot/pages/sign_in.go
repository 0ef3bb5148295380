package pages

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/storage"
)

// SignIn is how people sign in with Slack, by OpenID Connect. The zero SignIn
// means that they cannot.
type SignIn struct {
	ClientID, ClientSecret string
	Key                    string // what sessions and sign-ins under way are sealed with; at least 32 characters
	Issuer                 string // https://slack.com, or a stand-in
}

// On says whether people can sign in.
func (i SignIn) On() bool { return i.ClientID != "" && i.ClientSecret != "" && i.Key != "" }

const (
	// CallbackPath is where Slack sends people back to; the app's manifest names it.
	CallbackPath = "/sign-in/callback"
	// signInLife is how long somebody may take at Slack.
	signInLife = 10 * time.Minute
	// slackTimeout bounds each call to Slack. Only the one who signs in waits.
	slackTimeout = 8 * time.Second
)

// issuer is who vouches for people; found at the first sign-in, so that nothing
// waits for Slack at the start.
type issuer struct {
	mu    sync.Mutex
	known *oidc.Provider
	down  time.Time // when it last did not answer
}

// issuerRest is how long Slack is left alone after it did not answer: who waits for
// the one that asks is told the same, instead of asking after them.
const issuerRest = 10 * time.Second

var errIssuerDown = errors.New("no answer from Slack a moment ago")

// provider is Slack's OpenID configuration.
func (s *Server) provider() (*oidc.Provider, error) {
	s.issuer.mu.Lock()
	defer s.issuer.mu.Unlock()
	if s.issuer.known != nil {
		return s.issuer.known, nil
	}
	if since := s.Now().Sub(s.issuer.down); since >= 0 && since < issuerRest {
		return nil, errIssuerDown
	}
	// The context is kept for fetching keys later; the client's timeout bounds each call.
	ctx := oidc.ClientContext(context.Background(), &http.Client{Timeout: slackTimeout})
	p, err := oidc.NewProvider(ctx, s.SignIn.Issuer)
	if err != nil {
		s.issuer.down = s.Now()
		return nil, fmt.Errorf("ask %s how to sign in: %w", s.SignIn.Issuer, err)
	}
	s.issuer.known = p
	return p, nil
}

func (s *Server) oauth(p *oidc.Provider) *oauth2.Config {
	// Who it is, and of which workspace, comes with the first scope; names we have.
	return &oauth2.Config{
		ClientID: s.SignIn.ClientID, ClientSecret: s.SignIn.ClientSecret, Endpoint: p.Endpoint(),
		RedirectURL: s.PublicURL + CallbackPath, Scopes: []string{oidc.ScopeOpenID},
	}
}

// underWay is a sign-in that was begun. The browser keeps it, sealed, so that
// beginning one stores nothing and only the browser that began it can end it.
type underWay struct {
	State, Nonce string
	To           string // where it leads
	Until        time.Time
}

// signIn sends somebody to Slack.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) {
	if !s.SignIn.On() {
		s.missing(w, r, visitor{})
		return
	}
	p, err := s.provider()
	var team string
	if err == nil {
		err = s.Store.Read(r.Context(), func(rd *storage.Reader) error {
			team, err = rd.Team()
			return err
		})
	}
	var sealed string
	u := underWay{State: s.Secret(), Nonce: s.Secret(), To: ourOwn(r.URL.Query().Get("to")), Until: s.Now().Add(signInLife)}
	if err == nil {
		sealed, err = s.seal.close(u)
	}
	if err != nil {
		s.Log.WarnContext(r.Context(), "nobody can sign in", slog.Any("error", err))
		s.refuseSignIn(w, r, http.StatusServiceUnavailable, "Slack does not answer, so nobody can sign in just now. A personal link, fetched beforehand or with `rollcall link`, opens an incident's page all the same.")
		return
	}
	s.setCookie(w, stateCookie, sealed, "/sign-in", signInLife)
	to := s.oauth(p).AuthCodeURL(u.State, oidc.Nonce(u.Nonce), oauth2.SetAuthURLParam("team", team))
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// errSignIn is a sign-in that is not taken, with what to tell whoever tried.
type errSignIn struct {
	status int
	say    string
}

func (e errSignIn) Error() string { return e.say }

var (
	errState = errSignIn{http.StatusForbidden, "This sign-in is over, was used before, or began in another browser. Begin again."}
	errAlien = errSignIn{http.StatusForbidden, "Only full members of the workspace that Rollcall is installed in can sign in. Guests are given a personal link by `link` in their incident's channel. Who joined today tries again in a minute."}
)

// signedIn is where Slack sends people back to.
func (s *Server) signedIn(w http.ResponseWriter, r *http.Request) {
	if !s.SignIn.On() {
		s.missing(w, r, visitor{})
		return
	}
	if !s.returns.allowed(s.Now()) {
		w.Header().Set("Retry-After", "60")
		s.refuseSignIn(w, r, http.StatusTooManyRequests, "Too many sign-ins failed just now. Begin again in a minute.")
		return
	}
	u, err := s.returned(r)
	s.setCookie(w, stateCookie, "", "/sign-in", 0)
	if err == nil {
		var secret string
		if secret, err = s.admit(r, u); err == nil {
			s.setCookie(w, sessionCookie, secret, "/", sessionLife)
			http.Redirect(w, r, u.To, http.StatusSeeOther)
			return
		}
	}
	s.returns.missed(s.Now()) // each of them may have cost a write
	var refused errSignIn
	if !errors.As(err, &refused) {
		refused = errSignIn{http.StatusBadGateway, "Slack did not confirm who you are. Try again; while Slack is down, a personal link opens an incident's page."}
	}
	s.Log.WarnContext(r.Context(), "a sign-in was not taken", slog.Any("error", err))
	s.refuseSignIn(w, r, refused.status, refused.say)
}

func (s *Server) refuseSignIn(w http.ResponseWriter, r *http.Request, status int, text string) {
	s.say(w, r, status, frame{Title: "Not signed in"}, notice{Text: text})
}

// returned is the sign-in that a request ends: begun in this browser, not long
// ago, and never ended before.
func (s *Server) returned(r *http.Request) (u underWay, err error) {
	if err := s.seal.open(cookie(r, stateCookie), &u); err != nil || !s.Now().Before(u.Until) || !same(u.State, r.URL.Query().Get("state")) {
		return u, errState
	}
	fresh := false
	err = s.Store.Write(r.Context(), func(tx *storage.Tx) (err error) {
		fresh, err = tx.SavePass(storage.Pass{Key: storage.PassKey("state " + u.State), Kind: storage.SpentPass, At: s.Now(), Expires: u.Until})
		return err
	})
	switch {
	case err != nil:
		return u, errSignIn{http.StatusServiceUnavailable, "The database did not answer, so nobody can sign in just now. Begin again in a moment."}
	case !fresh:
		return u, errState
	case r.URL.Query().Get("error") != "":
		return u, errSignIn{http.StatusForbidden, "Slack says that you did not want to sign in. Begin again if you do."}
	}
	return u, nil
}

// claims are what Slack says of somebody.
type claims struct {
	User string `json:"https://slack.com/user_id"`
	Team string `json:"https://slack.com/team_id"`
}

// identity asks Slack who has come back.
func (s *Server) identity(r *http.Request, u underWay) (c claims, err error) {
	p, err := s.provider()
	if err != nil {
		return c, err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(r.Context(), &http.Client{Timeout: slackTimeout}), slackTimeout)
	defer cancel()
	token, err := s.oauth(p).Exchange(ctx, r.URL.Query().Get("code"))
	if err != nil {
		return c, errors.New("the code was not exchanged") // the library's error repeats what Slack said, tokens too
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := p.VerifierContext(ctx, &oidc.Config{ClientID: s.SignIn.ClientID, Now: s.Now}).Verify(ctx, raw)
	if err != nil {
		return c, fmt.Errorf("the id token: %w", err)
	}
	if !same(id.Nonce, u.Nonce) {
		return c, errState
	}
	return c, id.Claims(&c)
}

// admit stores a session for whoever has come back, if they are one of us.
func (s *Server) admit(r *http.Request, u underWay) (secret string, err error) {
	c, err := s.identity(r, u)
	if err != nil {
		return "", err
	}
	secret = s.Secret()
	stranger := false
	err = s.Store.Write(r.Context(), func(tx *storage.Tx) error {
		team, err := tx.Team()
		if err != nil {
			return err
		}
		p, err := tx.PersonBySlack(c.User)
		if storage.IsNotFound(err) && c.User != "" && team != "" && c.Team == team {
			stranger = true // perhaps they are new: Slack is asked
			return tx.Enqueue(bot.PersonArgs{SlackID: c.User}, nil)
		}
		if err != nil && !storage.IsNotFound(err) {
			return err
		}
		full, err := tx.IsFull(p.ID)
		if stranger = team == "" || c.Team != team || !full; err != nil || stranger {
			return err
		}
		_, err = tx.SavePass(storage.Pass{
			Key: s.sessionKey(secret), Kind: storage.SessionPass, Person: p.ID, At: s.Now(), Expires: s.Now().Add(sessionLife),
		})
		return err
	})
	if err == nil && stranger {
		err = errAlien
	}
	return secret, err
}

// signOut ends the session of this browser.
func (s *Server) signOut(w http.ResponseWriter, r *http.Request) {
	if secret := cookie(r, sessionCookie); secret != "" && s.SignIn.On() {
		err := s.Store.Write(r.Context(), func(tx *storage.Tx) error {
			return tx.DropPass(storage.SessionPass, s.sessionKey(secret))
		})
		if err != nil {
			s.broken(w, r, err)
			return
		}
	}
	s.setCookie(w, sessionCookie, "", "/", 0)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// ourOwn keeps where a sign-in leads on our own pages.
func ourOwn(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.ContainsAny(to, "\\\r\n") {
		return "/"
	}
	return u.EscapedPath()
}
