package pages

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// Names of the cookies.
const (
	sessionCookie = "rollcall_session"
	visitCookie   = "rollcall_visit" // one for each incident, by its path
	stateCookie   = "rollcall_sign_in"
)

// sessionLife is how long somebody stays signed in: long enough that most who need
// the pages when Slack is down have signed in while it was up.
const sessionLife = 7 * 24 * time.Hour

// visitor is who asks for a page.
type visitor struct {
	storage.Person
	only incident.ID // the one incident that a personal link opens; "" for whoever signed in
	zone *time.Location
}

// errStranger means that whoever asks is nobody we know.
var errStranger = errors.New("neither signed in nor here by a link")

// session finds who is signed in. Whoever has left, or has become a guest, is
// signed in no more.
func (s *Server) session(r *http.Request, rd *storage.Reader) (visitor, error) {
	secret := cookie(r, sessionCookie)
	if secret == "" || !s.SignIn.On() {
		return visitor{}, errStranger
	}
	p, err := rd.Pass(storage.SessionPass, s.sessionKey(secret))
	if err != nil {
		return visitor{}, strange(err)
	}
	full, err := rd.IsFull(p.Person)
	if err == nil && !full {
		err = errStranger
	}
	if err != nil {
		return visitor{}, err
	}
	return s.known(rd, p.Person, "")
}

// visit finds who came by a link to the incident with a number. The link's cookie
// is sent for that incident's address only, but that is the browser's word.
func (s *Server) visit(r *http.Request, rd *storage.Reader, number int) (visitor, error) {
	secret := cookie(r, visitCookie)
	if secret == "" {
		return visitor{}, errStranger
	}
	p, err := rd.Pass(storage.VisitPass, storage.PassKey(secret))
	if err != nil {
		return visitor{}, strange(err)
	}
	b, err := rd.Visible(p.Person, number)
	if err == nil && (b.ID != p.Incident || b.Status.Over()) {
		err = errStranger
	}
	if err != nil {
		return visitor{}, strange(err)
	}
	return s.known(rd, p.Person, p.Incident)
}

// known is somebody whose pass is good.
func (s *Server) known(rd *storage.Reader, id incident.PersonID, only incident.ID) (visitor, error) {
	p, err := rd.Person(id)
	if err != nil {
		return visitor{}, strange(err)
	}
	v := visitor{Person: p, only: only, zone: s.Zone}
	if z, err := time.LoadLocation(p.Zone); err == nil && p.Zone != "" {
		v.zone = z
	}
	return v, nil
}

// strange turns a miss into a stranger.
func strange(err error) error {
	if storage.IsNotFound(err) {
		return errStranger
	}
	return err
}

// sees finds the incident that an address names, as whoever asks may see it. The
// error is errStranger when nobody we know asks, and NotFound when the incident is
// hidden or is none.
func (s *Server) sees(r *http.Request, rd *storage.Reader) (v visitor, id incident.ID, err error) {
	number, _ := keyNumber(r.PathValue("key"))
	v, err = s.session(r, rd)
	if err == nil {
		b, seen := rd.Visible(v.ID, number)
		if !storage.IsNotFound(seen) {
			return v, b.ID, seen
		}
		by, visit := s.visit(r, rd, number)
		if visit == nil {
			return by, by.only, nil
		}
		return v, "", seen
	}
	if !errors.Is(err, errStranger) {
		return v, "", err
	}
	v, err = s.visit(r, rd, number)
	return v, v.only, err
}

// frame is the frame of a page for the visitor.
func (v visitor) frame(title, here string) frame {
	return frame{Title: title, Here: here, Who: v.called(), Link: v.only != "", Zone: clockFace{v.zone}}
}

// called is what others call the visitor.
func (v visitor) called() string {
	if v.RealName != "" {
		return v.RealName
	}
	return v.Name
}

// sessionKey is what is stored of a session. It depends on ROLLCALL_SESSION_KEY, so
// that changing that signs everybody out.
func (s *Server) sessionKey(secret string) string {
	mac := hmac.New(sha256.New, []byte(s.SignIn.Key))
	mac.Write([]byte("session " + secret))
	return storage.PassKey(hex.EncodeToString(mac.Sum(nil)))
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// setCookie gives the browser a cookie that no script reads. A life of zero takes
// it away.
func (s *Server) setCookie(w http.ResponseWriter, name, value, path string, life time.Duration) {
	age := int(life / time.Second)
	if age <= 0 {
		age = -1
	}
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // without TLS a Secure cookie would not come back; doctor says so
		Name: name, Value: value, Path: path, MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: strings.HasPrefix(s.PublicURL, "https:"),
	})
}

// keyNumber reads a key as addresses spell it: INC-7.
func keyNumber(key string) (number int, ok bool) {
	n, err := strconv.Atoi(strings.TrimPrefix(key, "INC-"))
	if err != nil || n <= 0 || incident.Key(n) != key {
		return 0, false
	}
	return n, true
}

// address is an incident's page.
func address(number int) string { return "/incidents/" + incident.Key(number) }
