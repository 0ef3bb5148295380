package slackfake

import (
	"io"
	"net/http"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/standin"
)

// FaultKind is a way in which Slack can fail.
type FaultKind = standin.Kind

// The ways to fail, all of standin's but LimitedNo: Slack always says when to come back.
const (
	Hang      = standin.Hang
	Slow      = standin.Slow
	SlowReply = standin.SlowReply
	Status    = standin.Status
	BodyError = standin.BodyError // with internal_error where Error is empty; ErrorDone too
	Limited   = standin.Limited
	Reset     = standin.Reset
	LostReply = standin.LostReply
	Garbled   = standin.Garbled
	ErrorDone = standin.ErrorDone // as fatal_error may be
)

// Fault is something that goes wrong with calls; response_url and upload count as methods.
type Fault = standin.Fault[Call]

// Inject puts a fault in force; the returned function takes it back.
func (ws *Workspace) Inject(f Fault) (remove func()) { return ws.faults.Inject(f) }

// Heal takes all faults back.
func (ws *Workspace) Heal() { ws.faults.Heal() }

// SetDown makes Slack unreachable: every connection is reset, sockets are cut.
func (ws *Workspace) SetDown(down bool) {
	if ws.faults.SetDown(down); down {
		ws.DisconnectAll()
	}
}

// exchange carries a call out under a fault, answers it and writes it down.
func (ws *Workspace) exchange(w http.ResponseWriter, r *http.Request, f Fault, entry *Call, run func() (int, obj, http.Header)) {
	if f.Kind == Hang {
		entry.Status = 0
		ws.record(*entry) // while it hangs, for whoever waits for that
		f.Hold(r.Context())
		standin.Cut(w)
		return
	}
	if ws.spoil(w, r, f, entry) {
		ws.record(*entry)
		return
	}
	status, body, header := run()
	entry.Done = entry.OK
	switch f.Kind {
	case LostReply:
		entry.OK, entry.Status = false, 0
	case ErrorDone:
		entry.OK, entry.Error = false, or(f.Error, "internal_error")
		body = obj{"ok": false, "error": entry.Error}
	case Garbled:
		entry.OK = false
	default: // nothing that the ledger has to tell
	}
	ws.record(*entry) // before the answer, so that whoever got it finds the call
	switch f.Kind {
	case LostReply:
		standin.Cut(w)
		return
	case Garbled:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		raw := encode(body)
		_, _ = w.Write(raw[:len(raw)/2])
		return
	case SlowReply:
		if !standin.Pause(r.Context(), f.Delay) {
			return
		}
	default: // an answer as it should be
	}
	for name, values := range header {
		w.Header()[name] = values
	}
	if entry.Method == "response_url" && entry.OK {
		_, _ = io.WriteString(w, "ok") // what Slack answers there
		return
	}
	answerJSON(w, status, body)
}

// spoil keeps a call from being carried out; false when it goes on.
func (ws *Workspace) spoil(w http.ResponseWriter, r *http.Request, f Fault, entry *Call) bool {
	switch f.Kind {
	case Slow:
		if standin.Pause(r.Context(), f.Delay) {
			return false
		}
		entry.Status = 0
	case Reset:
		entry.Status = 0
		standin.Cut(w)
	case Status:
		entry.Status = f.AnswerStatus(w)
	case BodyError:
		entry.Error = or(f.Error, "internal_error")
		answerJSON(w, http.StatusOK, obj{"ok": false, "error": entry.Error})
	case Limited:
		wait := time.Duration(max(1, f.RetryAfter)) * time.Second
		ws.ledger.close(entry.Method, entry.At.Add(wait), entry.At)
		status, body, header := tooMany(entry, wait)
		w.Header().Set("Retry-After", header.Get("Retry-After"))
		answerJSON(w, status, body)
	default:
		return false
	}
	return true
}

// record writes a call down and tells whoever watches.
func (ws *Workspace) record(entry Call) {
	ws.ledger.Add(func(seq int) Call { entry.Seq = seq; return entry })
	ws.hub.changed(entry.Method)
}
