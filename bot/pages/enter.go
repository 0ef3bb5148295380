package pages

import (
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// gate is the page of whoever is neither signed in nor here by a link. It is the
// same for every incident, and for what is none.
type gate struct {
	To      string // where signing in leads back to
	Code    bool   // there is a box for the code of a link
	Trouble string
	Typed   string // what would be lost otherwise
}

// stop shows the gate.
func (s *Server) stop(w http.ResponseWriter, r *http.Request, status int, g gate) {
	g.To = r.URL.Path
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		g.To = strings.TrimSuffix(g.To, "/note")
	}
	f := frame{Title: "Come in"}
	if g.Code {
		f.Script = "enter.js"
	}
	s.show(w, r, status, layoutGate, f, g)
}

// secretForm is what the secret of a link looks like.
var secretForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9A-Za-z]{40,100}$`) })

const deadLink = "This link opens nothing any more: it was opened before, its time is over, or its incident is. `link` in Slack or in `rollcall do` gives another while the incident goes on."

// errNoLink means that a code opens nothing here.
var errNoLink = errors.New("no such link")

// enter exchanges the secret of a personal link for a visit of this browser. The
// secret came in the fragment of the address, which browsers send to nobody; a
// script, or the person, puts it into the form.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) {
	number, _ := keyNumber(r.PathValue("key"))
	code := strings.TrimSpace(r.PostFormValue("code"))
	if _, after, pasted := strings.Cut(code, "#"); pasted { // the whole link
		code = after
	}
	if !secretForm().MatchString(code) {
		s.stop(w, r, http.StatusForbidden, gate{Code: true, Trouble: "That is no code of a link. Paste the whole link, or what follows its #."})
		return
	}
	if !s.guesses.allowed(s.Now()) {
		w.Header().Set("Retry-After", "60")
		s.stop(w, r, http.StatusTooManyRequests, gate{Code: true, Trouble: "Too many codes were wrong just now. Try again in a minute; yours is still good."})
		return
	}
	var visit storage.Pass
	secret := s.Secret()
	err := s.Store.Write(r.Context(), func(tx *storage.Tx) (err error) {
		visit, err = s.exchange(tx, number, code, secret)
		return err
	})
	switch {
	case errors.Is(err, errNoLink) || storage.IsNotFound(err):
		s.guesses.missed(s.Now())
		s.stop(w, r, http.StatusForbidden, gate{Code: true, Trouble: deadLink})
	case err != nil:
		s.Log.WarnContext(r.Context(), "a link could not be exchanged", slog.Any("error", err))
		s.stop(w, r, http.StatusServiceUnavailable, gate{Code: true, Trouble: "The database did not take it. Your link is still good: try again in a moment."})
	default:
		s.setCookie(w, visitCookie, secret, address(number), visit.Expires.Sub(s.Now()))
		http.Redirect(w, r, address(number), http.StatusSeeOther)
	}
}

// exchange takes a link and stores the visit that it is good for. After an error
// the link is as it was.
func (s *Server) exchange(tx *storage.Tx, number int, code, secret string) (storage.Pass, error) {
	link, err := tx.TakePass(storage.LinkPass, storage.PassKey(code))
	if err != nil {
		return storage.Pass{}, err
	}
	b, err := tx.Visible(link.Person, number)
	if err != nil {
		return storage.Pass{}, err
	}
	if b.ID != link.Incident || b.Status.Over() {
		return storage.Pass{}, errNoLink
	}
	visit := storage.Pass{
		Key: storage.PassKey(secret), Kind: storage.VisitPass, Person: link.Person, Incident: link.Incident, At: s.Now(), Expires: link.Expires,
	}
	_, err = tx.SavePass(visit)
	return visit, err
}

// The cap of wrong codes, for the whole process: a code has 256 random bits and
// cannot be guessed, but nobody has to be let try.
const (
	guessWindow = time.Minute
	maxGuesses  = 120
)

// guesses counts what was tried and was wrong.
type guesses struct {
	mu    sync.Mutex
	since time.Time
	n     int
}

// allowed says whether another one is looked at.
func (g *guesses) allowed(now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.n < maxGuesses || now.Sub(g.since) >= guessWindow || now.Before(g.since)
}

func (g *guesses) missed(now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if now.Sub(g.since) >= guessWindow || now.Before(g.since) {
		g.since, g.n = now, 0
	}
	g.n++
}

// turnAway answers a page that could not be read for its visitor.
func (s *Server) turnAway(w http.ResponseWriter, r *http.Request, v visitor, err error, code bool) {
	switch {
	case errors.Is(err, errStranger):
		s.stop(w, r, http.StatusUnauthorized, gate{Code: code})
	case storage.IsNotFound(err):
		s.missing(w, r, v)
	default:
		s.broken(w, r, err)
	}
}

// whole reads something for whoever is signed in.
func (s *Server) whole(w http.ResponseWriter, r *http.Request, read func(*storage.Reader, visitor) error) (visitor, bool) {
	var v visitor
	err := s.Store.Read(r.Context(), func(rd *storage.Reader) (err error) {
		if v, err = s.session(r, rd); err != nil {
			return err
		}
		return read(rd, v)
	})
	if err != nil {
		s.turnAway(w, r, v, err, false)
	}
	return v, err == nil
}

// one reads something of the incident that an address names, for whoever may see
// it. signedIn keeps visits by a link out.
func (s *Server) one(w http.ResponseWriter, r *http.Request, signedIn bool, read func(*storage.Reader, visitor, *incident.Incident) error) (visitor, bool) {
	var v visitor
	err := s.Store.Read(r.Context(), func(rd *storage.Reader) error {
		var id incident.ID
		var err error
		if v, id, err = s.sees(r, rd); err != nil {
			return err
		}
		if signedIn && v.only != "" {
			return errStranger
		}
		inc, err := rd.VisibleIncident(v.ID, id)
		if err != nil {
			return err
		}
		return read(rd, v, inc)
	})
	if err != nil {
		s.turnAway(w, r, v, err, !signedIn)
	}
	return v, err == nil
}
