package web_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/rollcall-bot/rollcall/bot/web"
)

// Large bodies are read a few at a time, so that strangers cannot fill the memory;
// small ones never wait for them.
func TestLargeBodiesTakeTurns(t *testing.T) {
	w := &world{}
	s := web.New(w.options())
	var reading atomic.Int64
	begun := make(chan struct{}, 64)
	first := make(chan struct{}, 64)
	s.Mux().HandleFunc("POST /take", func(rw http.ResponseWriter, r *http.Request) {
		buffer := make([]byte, 16<<10)
		if _, err := io.ReadFull(r.Body, buffer); err != nil { // small: no turn is needed
			_, _ = io.WriteString(rw, "small")
			return
		}
		first <- struct{}{}
		if n, err := r.Body.Read(buffer); n == 0 || err != nil {
			t.Errorf("%d bytes of a large body: %v", n, err)
		}
		reading.Add(1)
		begun <- struct{}{}
		rest, err := io.Copy(io.Discard, r.Body)
		if err != nil || rest == 0 {
			t.Errorf("the rest: %d, %v", rest, err)
		}
		_, _ = io.WriteString(rw, "large")
	})
	up := serve(t, s)
	post := func(body io.Reader) string {
		resp, err := http.Post(up.base+"/take", "text/plain", body)
		if err != nil {
			t.Error(err)
			return ""
		}
		defer func() { _ = resp.Body.Close() }()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Error(err)
		}
		return string(text)
	}
	const senders = 40
	hold := make(chan struct{})
	var group sync.WaitGroup
	for range senders {
		group.Go(func() {
			// Half of it, and the other half when everybody has begun.
			from, to := io.Pipe()
			go func() {
				_, _ = to.Write(bytes.Repeat([]byte("a"), 40<<10))
				<-hold
				_, _ = to.Write(bytes.Repeat([]byte("b"), 400<<10))
				_ = to.Close()
			}()
			if got := post(from); got != "large" {
				t.Errorf("answered %q", got)
			}
		})
	}
	for range senders {
		<-first
	}
	const turns = 4
	for range turns {
		<-begun
	}
	for range 20 { // time enough for one too many to begin
		if got := post(strings.NewReader("a command")); got != "small" {
			t.Errorf("a small body beside them is answered %q", got)
		}
	}
	if n := reading.Load(); n != turns {
		t.Errorf("%d large bodies are read at once", n)
	}
	close(hold)
	group.Wait()
	if n := reading.Load(); n != senders {
		t.Errorf("%d of %d were read in the end", n, senders)
	}
}
