package playground

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/clock"
)

// impostor is a bot that reads who is there, has nothing to do, and answers every command the same.
func impostor(t *testing.T, answer string) func(context.Context, []string, *clock.Movable) (Bot, error) {
	return func(ctx context.Context, env []string, _ *clock.Movable) (Bot, error) {
		settings := map[string]string{}
		for _, e := range env {
			name, value, _ := strings.Cut(e, "=")
			settings[name] = value
		}
		mux := http.NewServeMux()
		mux.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("rollcall_backlog_readable 1\n")) })
		mux.HandleFunc("/slack/", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"response_type":"ephemeral","text":"` + answer + `"}`))
		})
		server := httptest.NewServer(mux)
		t.Cleanup(server.Close)
		form := url.Values{"token": {settings["SLACK_BOT_TOKEN"]}}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, settings["SLACK_API_URL"]+"users.list", strings.NewReader(form.Encode()))
		if err != nil {
			return Bot{}, err
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			return Bot{}, err
		}
		return Bot{URL: server.URL, Stop: func() error { return nil }}, resp.Body.Close()
	}
}

func TestAPlayFailsAtTheFirstThingThatIsNotAsTold(t *testing.T) {
	for name, c := range map[string]struct{ answer, want string }{
		"an answer without a call": {"INC-1 is open.", `does not say "Join the call`},
		"no channel":               {"*INC-1* is open. Join the call: https://meet.example.org/x", "there is no channel inc-1-checkout-is-down"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			_, err := Play(t.Context(), Options{Start: impostor(t, c.answer), Out: &out, Dir: t.TempDir(), RFODir: t.TempDir(), Wall: time.Now})
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), `14:09, in "Call first"`) {
				t.Errorf("err = %v, want %q at 14:09", err, c.want)
			}
			if strings.Contains(out.String(), "A leader") {
				t.Error("the story went on")
			}
		})
	}
}

func TestAPlayWithoutABot(t *testing.T) {
	broken := errors.New("no database")
	start := func(context.Context, []string, *clock.Movable) (Bot, error) { return Bot{}, broken }
	var out strings.Builder
	if _, err := Play(t.Context(), Options{Start: start, Out: &out, Dir: t.TempDir(), RFODir: t.TempDir(), Wall: time.Now}); !errors.Is(err, broken) {
		t.Errorf("err = %v", err)
	}
}

func TestTheStoryDoesNotRunBackwards(t *testing.T) {
	s := &stage{clock: clock.Frozen(curtain.Add(10 * time.Minute))}
	if err := s.at(t.Context(), "14:05"); err == nil || !strings.Contains(err.Error(), "14:05:00") {
		t.Errorf("err = %v", err)
	}
	if err := s.at(t.Context(), "later"); err == nil {
		t.Error("a time that is none was taken")
	}
}
