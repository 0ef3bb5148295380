package pagerfake

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/standin"
)

// maxRequest bounds what is read of one request.
const maxRequest = 8 << 20

// apiError is a refusal in the form of the REST API.
type apiError struct {
	status  int
	code    int
	message string
	details []string
}

func (e *apiError) Error() string {
	return strings.TrimSpace(e.message + ": " + strings.Join(e.details, "; "))
}

// The refusals of the REST API, by its own codes.
var (
	errUnauthorized = &apiError{status: http.StatusUnauthorized, code: 2006, message: "Unauthorized"}
	errNotFound     = &apiError{status: http.StatusNotFound, code: 2100, message: "Not Found"}
	errTooMany      = &apiError{status: http.StatusTooManyRequests, code: 2020, message: "Rate Limit Exceeded"}
)

func invalid(details ...string) error {
	return &apiError{status: http.StatusBadRequest, code: 2001, message: "Invalid Input Provided", details: details}
}

func arguments(details ...string) error {
	return &apiError{status: http.StatusBadRequest, code: 2002, message: "Arguments Caused Error", details: details}
}

// call is one request while it is carried out, under the lock.
type call struct {
	*Account
	r    *http.Request
	body []byte
	from *User // whom the From header names
	at   time.Time
}

// handler carries a request out: the status of success and the answer.
type handler func(*call) (int, obj, error)

// decode reads the body.
func (c *call) decode(into any) error {
	if err := json.Unmarshal(c.body, into); err != nil {
		return invalid("The request body must be valid JSON")
	}
	return nil
}

// needsFrom finds the person in whose name something is done ("From: the email address of a valid user", 400 without).
func (c *call) needsFrom() error {
	email := c.r.Header.Get("From")
	if email == "" {
		return invalid("From header is required")
	}
	for _, u := range c.state.people {
		if strings.EqualFold(u.Email, email) {
			c.from = u
			return nil
		}
	}
	return invalid("Requester User Not Found")
}

func (c *call) query(name string) string     { return c.r.URL.Query().Get(name) }
func (c *call) queries(name string) []string { return c.r.URL.Query()[name+"[]"] }

// page cuts a list as PagerDuty pages it: 25 at first, 100 at most.
func page[T any](c *call, name string, all []T) (int, obj, error) {
	limit, offset := 25, 0
	if s := c.query("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 100 {
			return 0, nil, invalid("Limit must be between 1 and 100")
		}
		limit = n
	}
	if s := c.query("offset"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 {
			return 0, nil, invalid("Offset must be at least 0")
		}
		offset = n
	}
	start := min(offset, len(all))
	end := min(start+limit, len(all))
	out := obj{name: append([]T{}, all[start:end]...), "limit": limit, "offset": offset, "more": end < len(all), "total": nil}
	if c.query("total") == "true" {
		out["total"] = len(all)
	}
	return http.StatusOK, out, nil
}

// serve answers one request under the faults in force and writes it down.
func (a *Account) serve(w http.ResponseWriter, r *http.Request, name string, run handler) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, "request entity too large", http.StatusRequestEntityTooLarge)
		return
	}
	entry := Call{Name: name, Path: r.URL.Path, Query: r.URL.RawQuery, From: r.Header.Get("From"), Body: string(body), At: a.now()}
	fault := a.faults.Take(name, entry)
	entry.Fault = fault.Kind
	if a.spoil(w, r, fault, &entry) {
		a.ledger.add(entry)
		return
	}
	status, answer := a.invoke(r, name, run, body, w.Header())
	entry.Status, entry.Done = status, status < 300
	if !entry.Done {
		entry.Error = string(encode(answer))
	}
	if fault.Kind == LostReply {
		entry.Status = 0
		a.ledger.add(entry)
		standin.Cut(w)
		return
	}
	a.ledger.add(entry) // before the answer, so that whoever got it finds the call
	answerJSON(w, status, answer)
}

// invoke carries a request out.
func (a *Account) invoke(r *http.Request, name string, run handler, body []byte, header http.Header) (int, obj) {
	events := name == "POST /v2/enqueue"
	a.mu.Lock()
	defer a.flush()
	defer a.mu.Unlock()
	c := &call{Account: a, r: r, body: body, at: a.now()}
	if !events && !a.authorised(r) {
		return refusal(errUnauthorized, events)
	}
	left, reset := a.ledger.limit(rateKey(events, body), events, c.at)
	if !events {
		header.Set("ratelimit-limit", strconv.Itoa(restPerMinute))
		header.Set("ratelimit-remaining", strconv.Itoa(max(0, left)))
		header.Set("ratelimit-reset", strconv.Itoa(reset))
	}
	if left < 0 && a.opts.StrictRates {
		return refusal(errTooMany, events)
	}
	if run == nil {
		return refusal(errNotFound, events)
	}
	status, out, err := run(c)
	if err != nil {
		return refusal(err, events)
	}
	return status, out
}

// authorised checks the key: "Token token=…", or "Bearer …" for OAuth.
func (a *Account) authorised(r *http.Request) bool {
	header := r.Header.Get("Authorization")
	token, ok := strings.CutPrefix(header, "Token token=")
	if !ok {
		token, ok = strings.CutPrefix(header, "Bearer ")
	}
	return ok && token == a.opts.Token
}

// refusal is the answer to what is refused; the Events API has a form of its own.
func refusal(err error, events bool) (int, obj) {
	var e *apiError
	if !errors.As(err, &e) {
		e = &apiError{status: http.StatusInternalServerError, code: 2000, message: "Internal Error"}
	}
	if events {
		status := "invalid event"
		if e.status == http.StatusTooManyRequests {
			status = "throttle exceeded"
		}
		out := obj{"status": status, "message": e.message}
		if len(e.details) > 0 {
			out["errors"] = e.details
		}
		return e.status, out
	}
	inner := obj{"message": e.message, "code": e.code}
	if len(e.details) > 0 {
		inner["errors"] = e.details
	}
	return e.status, obj{"error": inner}
}

func answerJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if status != http.StatusNoContent {
		_ = json.NewEncoder(w).Encode(body)
	}
}
