package pagerfake

import (
	"net/http"
	"strconv"

	"github.com/rollcall-bot/rollcall/bot/playground/standin"
)

// FaultKind is a way in which PagerDuty can fail.
type FaultKind = standin.Kind

// The ways to fail that this stand-in knows.
const (
	Hang      = standin.Hang
	Status    = standin.Status
	Limited   = standin.Limited   // with the headers of the rate
	LimitedNo = standin.LimitedNo // as documented for some limits
	Reset     = standin.Reset
	LostReply = standin.LostReply
)

// Fault is something that goes wrong with requests; Method is the operation, such as "POST /incidents".
type Fault = standin.Fault[Call]

// Inject puts a fault in force; the returned function takes it back.
func (a *Account) Inject(f Fault) (remove func()) { return a.faults.Inject(f) }

// Heal takes all faults back.
func (a *Account) Heal() { a.faults.Heal() }

// SetDown makes PagerDuty unreachable: every connection is reset.
func (a *Account) SetDown(down bool) { a.faults.SetDown(down) }

// spoil keeps a request from being carried out; false when it goes on.
func (a *Account) spoil(w http.ResponseWriter, r *http.Request, f Fault, entry *Call) bool {
	switch f.Kind {
	case Hang:
		f.Hold(r.Context())
		standin.Cut(w)
	case Reset:
		standin.Cut(w)
	case Status:
		entry.Status = f.AnswerStatus(w)
	case Limited, LimitedNo:
		entry.Status = http.StatusTooManyRequests
		if f.Kind == Limited {
			w.Header().Set("ratelimit-limit", strconv.Itoa(restPerMinute))
			w.Header().Set("ratelimit-remaining", "0")
			w.Header().Set("ratelimit-reset", strconv.Itoa(max(1, f.RetryAfter)))
		}
		status, body := refusal(errTooMany, r.URL.Path == "/v2/enqueue")
		answerJSON(w, status, body)
	default:
		return false
	}
	return true
}
