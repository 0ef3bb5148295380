package slackfake

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// A response URL takes five messages within 30 minutes (docs.slack.dev, handling user interaction).
const (
	hookUses = 5
	hookLife = 30 * time.Minute
)

// hook is a response URL.
type hook struct {
	user, channel, thread string
	source                string // stamp of the message that was clicked; "" for a command
	hidden                bool   // that message is an ephemeral one
	made                  time.Time
	uses                  int
}

// newHook makes a response URL.
func (ws *Workspace) newHook(kind string, h hook) string {
	ws.state.counters["hook"]++
	n := ws.state.counters["hook"]
	path := fmt.Sprintf("/hooks/%s/%s/%d/%08x", kind, ws.self.TeamID, n, n*2654435761)
	h.made = ws.now()
	ws.state.hooks[path] = &h
	return ws.state.switches.base + path
}

// flexible is a boolean that may be written as a string.
type flexible bool

// UnmarshalJSON takes true and "true".
func (f *flexible) UnmarshalJSON(b []byte) error {
	*f = flexible(strings.Trim(string(b), `"`) == "true")
	return nil
}

// reply is what is posted to a response URL, or answered to a command.
type reply struct {
	ResponseType string          `json:"response_type"`
	Replace      flexible        `json:"replace_original"`
	Delete       flexible        `json:"delete_original"`
	Text         string          `json:"text"`
	Blocks       json.RawMessage `json:"blocks"`
	Attachments  json.RawMessage `json:"attachments"`
	Metadata     json.RawMessage `json:"metadata"`
	ThreadTS     string          `json:"thread_ts"`
}

// content checks what a reply says.
func (r reply) content() (Content, error) {
	m := Content{Text: r.Text}
	err := m.fill(string(r.Blocks), string(r.Attachments), string(r.Metadata), postLimit)
	return m, err
}

// serveHook takes what is posted to a response URL.
func (ws *Workspace) serveHook(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil || r.Method != http.MethodPost {
		http.Error(w, "invalid_payload", http.StatusBadRequest)
		return
	}
	entry := Call{
		Method: "response_url", Args: map[string]string{"url": r.URL.Path, "body": string(body)}, At: ws.now(),
		Status: http.StatusOK,
	}
	fault := ws.faults.Take(entry.Method, entry)
	entry.Fault = string(fault.Kind)
	ws.exchange(w, r, fault, &entry, func() (int, obj, http.Header) {
		ws.mu.Lock()
		defer ws.flush()
		defer ws.mu.Unlock()
		status, err := ws.respond(r.URL.Path, body)
		if err != nil {
			entry.Status = status
			return status, refusal(&entry, err), nil
		}
		entry.OK = true
		return http.StatusOK, obj{"ok": true}, nil
	})
}

// respond carries out what was posted to a response URL. Slack's statuses: 404 for a URL that is used up or expired, 400
// for a payload it cannot use.
func (ws *Workspace) respond(path string, body []byte) (int, error) {
	h, ok := ws.state.hooks[path]
	switch {
	case !ok:
		return http.StatusNotFound, fail("no_such_hook")
	case ws.now().Sub(h.made) > hookLife:
		return http.StatusNotFound, fail("expired_url")
	case h.uses >= hookUses:
		return http.StatusNotFound, fail("used_url")
	}
	var r reply
	if err := json.Unmarshal(body, &r); err != nil {
		return http.StatusBadRequest, fail("invalid_payload")
	}
	content, err := r.content()
	switch {
	case err != nil:
		return http.StatusBadRequest, err
	case content.empty() && !bool(r.Delete):
		return http.StatusBadRequest, fail("no_text")
	}
	h.uses++
	ws.reply(h, r, content, "response_url")
	return http.StatusOK, nil
}

// reply shows what the app said to whom it answers.
func (ws *Workspace) reply(h *hook, r reply, content Content, via string) {
	ch := ws.state.channels[h.channel]
	if ch == nil {
		return
	}
	if (bool(r.Replace) || bool(r.Delete)) && ws.rewrite(ch, h, content, bool(r.Delete)) {
		return
	}
	if r.ResponseType == "in_channel" && !ch.Archived {
		m := &Message{Channel: ch.ID, ThreadTS: h.thread, User: ws.self.BotUserID, App: true, Content: content}
		ws.put(ch, m)
		ws.emitMessage(ch, m)
		return
	}
	ws.whisper(ch, h.user, h.thread, content, via)
}

// rewrite replaces or deletes the message that was clicked; false when there is none.
func (ws *Workspace) rewrite(ch *channel, h *hook, content Content, remove bool) bool {
	if h.source == "" {
		return false
	}
	if h.hidden {
		for _, e := range ws.state.ephemerals {
			if e.TS == h.source && e.To == h.user && !e.Gone {
				if e.Gone = remove; !remove {
					e.Content = content
				}
				return true
			}
		}
		return false
	}
	m := ch.find(h.source)
	switch {
	case m == nil:
		return false
	case remove:
		ws.drop(ch, m)
	default:
		m.Content, m.EditedTS = content, ch.stamp(ws.now())
	}
	return true
}
