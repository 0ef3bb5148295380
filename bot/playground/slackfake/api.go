package slackfake

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxRequest bounds what is read of one request.
const maxRequest = 64 << 20

// apiError is a refusal. more is merged into the answer.
type apiError struct {
	code string
	more obj
}

func (e *apiError) Error() string { return e.code }

func fail(code string) error { return &apiError{code: code} }

// failWith is a refusal that says why, where Slack says it: in response_metadata.messages.
func failWith(code string, messages ...string) error {
	return &apiError{code: code, more: obj{"response_metadata": obj{"messages": messages}}}
}

// call is one call of a method while it is carried out, under the lock.
type call struct {
	*Workspace
	method string
	args   map[string]string
	at     time.Time
}

// method is what the Web API offers under one name.
type method struct {
	run   func(*call) (obj, error)
	tier  int      // per minute, by Slack's tiers; 0 for chat.postMessage's own rules
	scope []string // any one of them
	app   bool     // takes the app-level token
}

func (c *call) str(name string) string { return c.args[name] }

func (c *call) number(name string, otherwise int) int {
	n, err := strconv.Atoi(c.args[name])
	if err != nil {
		return otherwise
	}
	return n
}

func (c *call) flag(name string) bool { return c.args[name] == "true" || c.args[name] == "1" }

func (c *call) list(name string) []string {
	var out []string
	for s := range strings.SplitSeq(strings.Trim(c.args[name], "[]"), ",") {
		if s = strings.Trim(strings.TrimSpace(s), `"`); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// serveAPI answers one call of the Web API.
func (ws *Workspace) serveAPI(w http.ResponseWriter, r *http.Request, name string) {
	args, headerToken, err := readArgs(w, r)
	if err != nil {
		answerJSON(w, http.StatusOK, obj{"ok": false, "error": err.Error()})
		return
	}
	token := or(headerToken, args["token"])
	delete(args, "token")
	entry := Call{Method: name, Args: args, Token: ws.tokenKind(token), At: ws.now(), Status: http.StatusOK}
	fault := ws.faults.Take(entry.Method, entry)
	entry.Fault = string(fault.Kind)
	ws.exchange(w, r, fault, &entry, func() (int, obj, http.Header) {
		return ws.invoke(&entry, headerToken, token)
	})
}

// invoke carries a call out.
func (ws *Workspace) invoke(entry *Call, headerToken, token string) (int, obj, http.Header) {
	m, known := methods[entry.Method]
	if !known {
		return http.StatusOK, refusal(entry, &apiError{code: "unknown_method", more: obj{"req_method": entry.Method}}), nil
	}
	ws.mu.Lock()
	defer ws.flush()
	defer ws.mu.Unlock()
	c := &call{Workspace: ws, method: entry.Method, args: entry.Args, at: entry.At}
	if wait := ws.ledger.limit(c, m, ws.opts.StrictRates); wait > 0 {
		return tooMany(entry, wait)
	}
	if err := ws.authorise(m, headerToken, token); err != nil {
		return http.StatusOK, refusal(entry, err), nil
	}
	out, err := m.run(c)
	if err != nil {
		return http.StatusOK, refusal(entry, err), nil
	}
	if out == nil {
		out = obj{}
	}
	entry.OK, out["ok"] = true, true
	var h http.Header
	if entry.Token == "bot" { // Slack says with each answer what the token may do
		h = http.Header{"X-Oauth-Scopes": {strings.Join(ws.opts.Scopes, ",")}}
	}
	return http.StatusOK, out, h
}

// tooMany is Slack's answer above a rate.
func tooMany(entry *Call, wait time.Duration) (int, obj, http.Header) {
	seconds := max(1, int((wait+time.Second-1)/time.Second))
	entry.Error, entry.Status, entry.Retry = "ratelimited", http.StatusTooManyRequests, seconds
	h := http.Header{"Retry-After": {strconv.Itoa(seconds)}}
	return http.StatusTooManyRequests, obj{"ok": false, "error": "ratelimited"}, h
}

func refusal(entry *Call, err error) obj {
	out := obj{"ok": false}
	var e *apiError
	if errors.As(err, &e) {
		for k, v := range e.more {
			out[k] = v
		}
	}
	out["error"] = err.Error()
	entry.Error = err.Error()
	return out
}

// tokenKind names a token without repeating it.
func (ws *Workspace) tokenKind(token string) string {
	switch token {
	case "":
		return ""
	case ws.opts.BotToken:
		return "bot"
	case ws.opts.AppToken:
		return "app"
	default:
		return "unknown"
	}
}

// authorise checks the token and the scopes of a call.
func (ws *Workspace) authorise(m method, headerToken, token string) error {
	kind := ws.tokenKind(token)
	switch {
	case kind == "":
		return fail("not_authed")
	case kind == "unknown":
		return fail("invalid_auth")
	case ws.state.switches.authError != "":
		return fail(ws.state.switches.authError)
	case m.app && headerToken == "": // "Provide the app-level token in the Authorization header"
		return fail("not_authed")
	case m.app != (kind == "app"):
		return fail("not_allowed_token_type")
	case m.app:
		return nil
	}
	return ws.needs(m.scope...)
}

// needs says whether the bot token has one of the scopes.
func (ws *Workspace) needs(anyOf ...string) error {
	if len(anyOf) == 0 || slices.ContainsFunc(anyOf, func(s string) bool { return slices.Contains(ws.opts.Scopes, s) }) {
		return nil
	}
	return &apiError{code: "missing_scope", more: obj{"needed": anyOf[0], "provided": strings.Join(ws.opts.Scopes, ",")}}
}

// readArgs reads the arguments of a call however they were sent: in the query, as a form or as JSON. JSON values that are
// not strings are kept as JSON.
func readArgs(w http.ResponseWriter, r *http.Request) (args map[string]string, headerToken string, err error) {
	args = map[string]string{}
	first := func(values url.Values) {
		for k, v := range values {
			if len(v) > 0 {
				args[k] = v[0]
			}
		}
	}
	headerToken, _ = strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	first(r.URL.Query())
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return nil, "", errors.New("request_timeout")
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case kind == "application/json" && len(body) > 0:
		var fields map[string]json.RawMessage
		if json.Unmarshal(body, &fields) != nil {
			return nil, "", errors.New("invalid_json")
		}
		for k, v := range fields {
			args[k] = jsonArg(v)
		}
		delete(args, "token") // Slack reads a token in JSON from nowhere but the header
	case kind == "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, "", errors.New("invalid_form_data")
		}
		first(form)
	case len(body) > 0:
		return nil, "", errors.New("invalid_post_type")
	}
	return args, headerToken, nil
}

func jsonArg(v json.RawMessage) string {
	var s string
	if json.Unmarshal(v, &s) == nil {
		return s
	}
	return string(v)
}

func answerJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
