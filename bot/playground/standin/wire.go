package standin

import (
	"cmp"
	"context"
	"io"
	"net"
	"net/http"
	"time"
)

// Hold waits for the fault's Delay, or where it has none for as long as the caller does.
func (f Fault[C]) Hold(ctx context.Context) {
	if f.Delay > 0 {
		Pause(ctx, f.Delay)
		return
	}
	<-ctx.Done()
}

// AnswerStatus answers as an edge in front of the service does, and returns the status.
func (f Fault[C]) AnswerStatus(w http.ResponseWriter) int {
	status := cmp.Or(f.Code, http.StatusInternalServerError)
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<html><title>Server Error</title></html>")
	return status
}

// Pause waits in real time; false when the caller gave up first.
func Pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Cut resets the connection of a request without an answer.
func Cut(w http.ResponseWriter) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler) // the standard library's own way to end a connection
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
