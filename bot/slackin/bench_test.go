package slackin_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
)

// sink is a ResponseWriter that keeps nothing.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(int)             {}

// BenchmarkCommand is the way in alone: the signature, the form and the answer, without
// net/http's server and without what the command does.
func BenchmarkCommand(b *testing.B) {
	d := &door{answer: bot.Answer{Kind: bot.Done, Text: "Noted on INC-7 as E12: rolled back the payments service, errors are going down\n`undo` takes it back within 10 minutes."}}
	h := serve(d, new(bytes.Buffer))
	body := command("INC-7 note rolled back the payments service, errors are going down")
	r, err := http.NewRequest(http.MethodPost, "/slack/commands", http.NoBody)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", form)
	sign(r, body, now)
	in := bytes.NewReader(nil)
	r.Body = io.NopCloser(in)
	w := &sink{header: http.Header{}}
	b.ReportAllocs()
	raw := []byte(body)
	for b.Loop() {
		in.Reset(raw)
		h.ServeHTTP(w, r)
		if d.requests[0].Text == "" {
			b.Fatal("the text was not read")
		}
		d.requests = d.requests[:0]
	}
}
