package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/api"
	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/storage/empty"
	"github.com/rollcall-bot/rollcall/templates"
)

const (
	token     = "full-token-of-this-test"
	readToken = "read-token-of-this-test"
)

// world is the API on a database of its own.
type world struct {
	t        *testing.T
	store    *storage.Store
	door     *bot.Service
	handler  http.Handler
	document map[string]any
	last     atomic.Int64
}

type nobody struct{}

func (nobody) Name(incident.PersonID) string { return "somebody" }

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t}
	now := clock.Frozen(time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC))
	id := func() string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", w.last.Add(1)) }
	log := slog.New(slog.DiscardHandler)
	store, err := storage.Open(t.Context(), storage.Options{
		URL: empty.URL(t), Now: now.Now, Wall: time.Now, NewID: id, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close(context.WithoutCancel(t.Context())) })
	book, err := say.Open(templates.Files, nil)
	if err != nil {
		t.Fatal(err)
	}
	chain, err := calls.New([]string{"jitsi:https://jitsi.example.org"}, id)
	if err != nil {
		t.Fatal(err)
	}
	w.store = store
	w.door = bot.New(bot.Options{
		Store: store, Book: book, Calls: chain, Policy: &incident.Policy{DefaultSeverity: 2, Zone: time.UTC}, Clock: now, NewID: id, Log: log,
	})
	mux := http.NewServeMux()
	api.New(api.Options{
		Token: token, ReadToken: readToken, Store: store, Door: w.door,
		Line:    func(_ context.Context, typed string) string { return say.Escape(typed) },
		Choices: func(context.Context, bot.Answer) []api.Choice { return nil },
		Document: func(r *storage.Reader, inc *incident.Incident) (rfo.Document, error) {
			records, err := r.RawRecords(inc.ID, 1)
			return rfo.Build(inc, records, nobody{}, rfo.Options{}), err
		},
		Zone: time.UTC, Now: now.Now, Version: "test", Log: log,
	}).Register(mux)
	w.handler = mux
	w.people()
	body := w.call(http.MethodGet, "/openapi.json", "")
	if err := json.Unmarshal([]byte(body.text), &w.document); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) people() {
	w.t.Helper()
	err := w.store.Write(w.t.Context(), func(tx *storage.Tx) error {
		for _, p := range []storage.Person{
			{SlackID: "U1", Name: "ana", Email: "Ana@example.org", TeamID: "T1"},
			{SlackID: "U2", Name: "gil", Email: "gil@example.org", TeamID: "T1", Guest: true},
			{SlackID: "U3", Name: "gone", TeamID: "T1", Deleted: true},
			{SlackID: "U4", Name: "stranger", TeamID: "T9"},
			{SlackID: "U5", Name: "app", TeamID: "T1", Bot: true},
		} {
			if _, err := tx.UpsertPerson(p); err != nil {
				return err
			}
		}
		return tx.SetTeam("T1")
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// answer is what a program gets.
type answer struct {
	status int
	header http.Header
	text   string
	path   string // below the base, as asked
	method string
}

// call sends a request with the full token, unless a header of "Name: value" says
// otherwise. Every answer is held against the document.
func (w *world) call(method, path, body string, headers ...string) answer {
	w.t.Helper()
	r := httptest.NewRequestWithContext(w.t.Context(), method, "/api/v1"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	res := rec.Result()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	a := answer{res.StatusCode, res.Header, string(text), path, method}
	if w.document != nil {
		w.documented(a)
	}
	return a
}

// wants is call with a status that it must have.
func (w *world) wants(status int, method, path, body string, headers ...string) answer {
	w.t.Helper()
	a := w.call(method, path, body, headers...)
	if a.status != status {
		w.t.Fatalf("%s %s %s: got %d, want %d: %s", method, path, body, a.status, status, a.text)
	}
	return a
}

// documented fails when the document does not know an answer: its address, its
// status, or one of its fields.
func (w *world) documented(a answer) {
	w.t.Helper()
	path, _, _ := strings.Cut(a.path, "?")
	parts := strings.Split(path, "/")
	if len(parts) > 2 && parts[1] == "incidents" {
		parts[2] = "{key}"
	}
	item, ok := dig(w.document, "paths", "/api/v1"+strings.Join(parts, "/"))
	if !ok {
		if a.status != http.StatusNotFound && a.status != http.StatusUnauthorized {
			w.t.Errorf("%s is not in the document and answers %d", a.path, a.status)
		}
		return
	}
	op, ok := item.(map[string]any)[strings.ToLower(strings.Replace(a.method, http.MethodHead, http.MethodGet, 1))]
	if !ok {
		if a.status != http.StatusMethodNotAllowed && a.status != http.StatusUnauthorized {
			w.t.Errorf("%s %s is not in the document and answers %d", a.method, a.path, a.status)
		}
		return
	}
	kind, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	schema, ok := dig(op, "responses", fmt.Sprint(a.status), "content", kind, "schema")
	if !ok {
		w.t.Errorf("%s %s: %d as %s is not in the document", a.method, a.path, a.status, kind)
		return
	}
	if kind != "application/json" || a.method == http.MethodHead {
		return
	}
	var value any
	if err := json.Unmarshal([]byte(a.text), &value); err != nil {
		w.t.Fatalf("%s %s: %v: %s", a.method, a.path, err, a.text)
	}
	w.fits(a.path, value, schema.(map[string]any))
}

// fits holds a value against a schema.
func (w *world) fits(at string, value any, schema map[string]any) {
	w.t.Helper()
	if ref, ok := schema["$ref"].(string); ok {
		found, _ := dig(w.document, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
		schema = found.(map[string]any)
	}
	kinds := map[string]any{"object": map[string]any{}, "array": []any{}, "string": "", "integer": 0.0, "boolean": false}
	if want, got := fmt.Sprintf("%T", kinds[schema["type"].(string)]), fmt.Sprintf("%T", value); want != got {
		w.t.Errorf("%s is a %s, and the document says %s", at, got, want)
		return
	}
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			w.fits(at+"[]", one, schema["items"].(map[string]any))
		}
	case map[string]any:
		fields, _ := schema["properties"].(map[string]any)
		if fields == nil {
			return // a document with a schema of its own
		}
		for name, one := range v {
			field, ok := fields[name].(map[string]any)
			if !ok {
				w.t.Errorf("%s: the field %s is not in the document", at, name)
				continue
			}
			w.fits(at+"."+name, one, field)
		}
		for _, name := range schema["required"].([]any) {
			if _, ok := v[name.(string)]; !ok {
				w.t.Errorf("%s: the document promises the field %s", at, name)
			}
		}
	}
}

func dig(in any, keys ...string) (any, bool) {
	for _, k := range keys {
		m, ok := in.(map[string]any)
		if !ok {
			return nil, false
		}
		if in, ok = m[k]; !ok {
			return nil, false
		}
	}
	return in, true
}
