package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/guard"
	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// Token is what GitHub lets us in by.
type Token struct {
	Secret   string
	Variable string // of the environment that holds it, for whoever has to mend it
	May      string // what it has to be allowed to, such as "write to the repository's issues"
}

// GitHub calls GitHub's REST API.
type GitHub struct {
	api    string
	token  Token
	client *http.Client
}

// NewGitHub makes one for the API at an address without a slash at its end.
// outgoing bounds its calls; the API's own host is allowed, since the operator
// named it.
func NewGitHub(api string, token Token, outgoing guard.Options) GitHub {
	outgoing.Allow = append(append([]string(nil), outgoing.Allow...), host(api))
	return GitHub{api: api, token: token, client: guard.Client(outgoing)}
}

// host is the API's host with its port.
func host(api string) string {
	u, err := url.Parse(api)
	if err != nil || u.Host == "" {
		return "api.github.com:443"
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// Ask makes a call of the API. body is sent as JSON; nil for none.
func (g GitHub) Ask(ctx context.Context, method, path string, body any) (Answer, *outbound.Failure) {
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			return Answer{}, &outbound.Failure{End: outbound.Refused, Step: "github", Fix: "the order could not be written", Err: err}
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, g.api+path, bytes.NewReader(content))
	if err != nil {
		return Answer{}, &outbound.Failure{End: outbound.Refused, Step: "github", Fix: "the address cannot be used"}
	}
	req.Header.Set("Accept", "application/vnd.github+json")
	req.Header.Set("X-GitHub-Api-Version", "2022-11-28")
	req.Header.Set("Authorization", "Bearer "+g.token.Secret)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return Exchange(g.client, req, "github")
}

// Into makes a call and reads its answer, which has to be a success, into what.
func (g GitHub) Into(ctx context.Context, what any, step, method, path string, body any) *outbound.Failure {
	a, f := g.Ask(ctx, method, path, body)
	switch {
	case f != nil:
		return f
	case !a.Well():
		return g.Unwilling(a, step)
	}
	if err := json.Unmarshal(a.Body, what); err != nil {
		return &outbound.Failure{End: outbound.Unclear, Step: step, Err: err}
	}
	return nil
}

// Unwilling sorts an answer that is no success, in words for whoever runs Rollcall.
func (g GitHub) Unwilling(a Answer, step string) *outbound.Failure {
	f := Unwilling(a, step)
	if f.End != outbound.Refused {
		return f
	}
	var said struct {
		Message string `json:"message"`
	}
	_ = json.Unmarshal(a.Body, &said) // then it is the status alone
	f.Fix = fmt.Sprintf("GitHub answered %d", a.Status)
	if said.Message != "" {
		f.Fix += ": " + strings.TrimSuffix(FirstLine(said.Message), ".")
	}
	switch a.Status {
	case http.StatusUnauthorized:
		f.Fix += "; " + g.token.Variable + " is not valid"
	case http.StatusForbidden:
		f.Fix += "; " + g.token.Variable + " may not " + g.token.May
	case http.StatusNotFound:
		f.Fix += "; what is asked for is not there, or " + g.token.Variable + " does not reach it"
	}
	return f
}

// FirstLine is a text's first line, shortened.
func FirstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	if r := []rune(line); len(r) > 200 {
		return string(r[:199]) + "…"
	}
	return line
}
