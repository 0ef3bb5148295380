package slackin_test

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/slackin"
)

// echo answers with what was said.
type echo struct{ door }

func (*echo) Handle(_ context.Context, r bot.Request) bot.Answer {
	return bot.Answer{Kind: bot.Done, Text: r.Text}
}

// TestRequestsAtOnceKeepApart sends commands of many lengths at once: the memory that
// one was read into and answered from is the next one's.
func TestRequestsAtOnceKeepApart(t *testing.T) {
	mux := http.NewServeMux()
	slackin.New(slackin.Options{
		Secret: secret, Door: &echo{}, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
		Render: func(to []byte, a bot.Answer) ([]byte, error) { return append(to, a.Text...), nil },
	}).Register(mux)
	var all sync.WaitGroup
	for c := range 8 {
		all.Go(func() {
			for n := range 60 {
				text := strconv.Itoa(c) + "." + strconv.Itoa(n) + strings.Repeat(string(rune('a'+c)), n*n*7)
				w := post(mux, "/slack/commands", form, command(text), nil)
				if got := w.Body.String(); w.Code != http.StatusOK || got != text {
					t.Errorf("%.20q was answered %d %.20q, %d bytes of %d", text, w.Code, got, len(got), len(text))
				}
			}
		})
	}
	all.Wait()
}
