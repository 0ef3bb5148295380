package slackin

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"github.com/rollcall-bot/rollcall/bot"
)

const (
	// sockets is how many connections are kept open. Slack recycles each of them
	// regularly, and the library closes the old before it opens the new one; with
	// two there is always one to deliver to. Slack allows ten an app.
	sockets = 2
	// maxReconnect bounds the wait between two attempts: an hour of a Slack that
	// is down must not cost minutes of a Slack that is back. Slack allows about
	// one new connection a minute.
	maxReconnect = time.Minute
	// handling bounds the requests under way; Slack sends no more than it gets
	// acknowledged for long.
	handling = 64
)

// Socket takes Slack's requests over Socket Mode, which needs no public address.
type Socket struct {
	Options
	api   *slack.Client
	sleep func(context.Context, time.Duration) error

	mu        sync.Mutex
	connected int
}

// NewSocket returns the Socket Mode side. api carries the app-level token.
func NewSocket(o Options, api *slack.Client, sleep func(context.Context, time.Duration) error) *Socket {
	return &Socket{Options: o, api: api, sleep: sleep}
}

// Connected is how many connections are open.
func (s *Socket) Connected() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connected
}

// Run takes requests until ctx ends. It gives up only when Slack refuses the token.
func (s *Socket) Run(ctx context.Context) error {
	errs := make(chan error, sockets)
	for range sockets {
		go func() { errs <- s.keepOpen(ctx) }()
	}
	err := <-errs
	for range sockets - 1 {
		if e := <-errs; err == nil {
			err = e
		}
	}
	return err
}

// keepOpen keeps one connection open.
func (s *Socket) keepOpen(ctx context.Context) error {
	for {
		err := s.connect(ctx)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the program ends; whatever the connection says of it
		}
		if err != nil {
			return fmt.Errorf("slack refuses SLACK_APP_TOKEN: %w", err)
		}
		if s.sleep(ctx, maxReconnect) != nil {
			return nil //nolint:nilerr // the program ends
		}
	}
}

// connect runs one client of the library. It returns nil when the library wants
// to wait for longer than maxReconnect, so that a new one starts afresh.
func (s *Socket) connect(parent context.Context) error {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	client := socketmode.New(s.api)
	ended := make(chan error, 1)
	go func() { ended <- client.RunContext(ctx) }()
	slots := make(chan struct{}, handling)
	open := false
	mark := func(now bool) {
		if now != open {
			open = now
			s.count(now)
		}
	}
	defer mark(false)
	for {
		select {
		case err := <-ended:
			if ctx.Err() != nil {
				return nil
			}
			return err
		case e := <-client.Events:
			switch e.Type {
			case socketmode.EventTypeConnecting:
				mark(false)
			case socketmode.EventTypeConnected:
				mark(true)
				s.Log.InfoContext(ctx, "connected to slack over socket mode")
			case socketmode.EventTypeConnectionError:
				if failed, ok := e.Data.(*slack.ConnectionErrorEvent); ok {
					s.Log.WarnContext(ctx, "cannot connect to slack", "attempt", failed.Attempt, "error", failed.ErrorObj)
					if failed.Backoff > maxReconnect {
						return nil
					}
				}
			default:
				s.dispatch(ctx, client, e, slots)
			}
		}
	}
}

func (s *Socket) count(open bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if open {
		s.connected++
	} else {
		s.connected--
	}
}

// dispatch handles one frame in its own goroutine, so that none waits for another.
func (s *Socket) dispatch(ctx context.Context, client *socketmode.Client, e socketmode.Event, slots chan struct{}) {
	req := e.Request
	if bad, ok := e.Data.(*socketmode.ErrorBadMessage); ok {
		// The library could not decode the inside; ours reads only what it uses.
		req = &socketmode.Request{}
		if json.Unmarshal(bad.Message, req) != nil {
			req = nil
		}
	}
	if req == nil || req.EnvelopeID == "" {
		return
	}
	select {
	case slots <- struct{}{}:
	case <-ctx.Done():
		return
	}
	go func() {
		defer func() { <-slots }()
		s.frame(ctx, client, req)
	}()
}

// frame handles one request and acknowledges it. What was not stored is not
// acknowledged where Slack would send it again.
func (s *Socket) frame(ctx context.Context, client *socketmode.Client, req *socketmode.Request) {
	var payload any
	switch req.Type {
	case "slash_commands":
		c, err := decodeCommandJSON(req.Payload)
		if err != nil {
			break
		}
		payload = s.answer(ctx, s.Door.Handle(ctx, c.request()))
	case "interactive":
		p, err := decodeInteractionJSON(req.Payload)
		if err != nil {
			break
		}
		if r, ok := p.submission(); ok {
			payload = formAnswer(s.Door.Handle(ctx, r))
		} else if r, ok := p.request(); ok {
			a := s.Door.Handle(ctx, r)
			payload = s.answer(ctx, a)
		}
	case "events_api":
		e, err := decodeEvent(req.Payload)
		if err == nil && !(&Server{Options: s.Options}).take(ctx, e) {
			return
		}
	}
	if !req.AcceptsResponsePayload {
		payload = nil
	}
	if err := client.AckCtx(ctx, req.EnvelopeID, payload); err != nil {
		s.Log.LogAttrs(ctx, slog.LevelError, "a request of slack's was not acknowledged", slog.Any("error", err))
	}
}

func (s *Socket) answer(ctx context.Context, a bot.Answer) any {
	if a.Kind == bot.Silent {
		return nil
	}
	body, err := s.Render(nil, a)
	if err != nil {
		s.Log.ErrorContext(ctx, "an answer could not be laid out", "error", err)
		return map[string]string{"response_type": "ephemeral", "text": a.Text}
	}
	return json.RawMessage(body)
}
