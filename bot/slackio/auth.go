package slackio

import (
	"net/http"
	"net/url"
	"strings"
)

// authorised sends the token in the header with every call to the Web API, as
// Slack recommends. The library puts it into the form of most methods, which
// Slack accepts and a proxy or a stand-in may not. Response URLs and upload
// addresses never get it.
type authorised struct {
	next  http.RoundTripper
	base  *url.URL
	token string
}

func (a authorised) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme == a.base.Scheme && r.URL.Host == a.base.Host && strings.HasPrefix(r.URL.Path, a.base.Path) {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+a.token)
	}
	return a.next.RoundTrip(r)
}
