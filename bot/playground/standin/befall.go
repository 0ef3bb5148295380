package standin

import (
	"io"
	"net/http"
	"strconv"
)

// Befall carries out a fault that keeps a request from being carried out; over says
// that there was one, and status what it was answered with, 0 for nothing. limited is
// the status by which this service says that it is asked too often.
func (f Fault[C]) Befall(w http.ResponseWriter, r *http.Request, limited int) (status int, over bool) {
	switch f.Kind {
	case Hang:
		f.Hold(r.Context())
		Cut(w)
	case Reset:
		Cut(w)
	case Status:
		return f.AnswerStatus(w), true
	case Limited:
		w.Header().Set("Retry-After", strconv.Itoa(max(1, f.RetryAfter)))
		w.WriteHeader(limited)
		_, _ = io.WriteString(w, `{"message": "You have exceeded a rate limit."}`)
		return limited, true
	default:
		return 0, false
	}
	return 0, true
}
