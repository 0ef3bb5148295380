package page

import (
	"crypto/subtle"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
)

// TokenHeader carries the page's token. A page of another origin can neither read the token nor set the header.
const TokenHeader = "X-Playground-Token"

// policy lets the page load nothing but what it came with.
const policy = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// admit refuses what another site made: a Host that is not this machine (DNS rebinding), a foreign origin, a change
// without the page's token.
func (p *Page) admit(w http.ResponseWriter, r *http.Request) bool {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	switch {
	case !local(r.Host):
		refuse(w, http.StatusMisdirectedRequest, "The playground answers at localhost only.")
	case origin != "" && origin != "http://"+r.Host:
		refuse(w, http.StatusForbidden, "The playground takes requests from its own page only.")
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return true
	case site != "" && site != "same-origin",
		subtle.ConstantTimeCompare([]byte(r.Header.Get(TokenHeader)), []byte(p.token)) != 1:
		refuse(w, http.StatusForbidden, "This page is from an earlier start of the playground. Load it again.")
	default:
		return true
	}
	return false
}

// local says whether a Host header names the loopback interface.
func local(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	if name == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(trimBrackets(name))
	return err == nil && ip.IsLoopback()
}

func trimBrackets(s string) string {
	if len(s) > 1 && s[0] == '[' && s[len(s)-1] == ']' {
		return s[1 : len(s)-1]
	}
	return s
}

// refuse answers with one sentence for a person.
func refuse(w http.ResponseWriter, status int, sentence string) {
	answer(w, status, map[string]string{"error": sentence})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
