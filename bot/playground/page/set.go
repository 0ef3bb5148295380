package page

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// setting is a request that changes the stage and not what somebody does on it.
type setting struct {
	Name    string `json:"name"`    // of a fault
	On      bool   `json:"on"`      // of a fault
	Seconds int    `json:"seconds"` // of the clock
	Do      string `json:"do"`      // of PagerDuty
	Subject string `json:"subject"`
	Title   string `json:"title"`
	As      string `json:"as"` // who presses, by name
}

// moveLimit is how far the clock is moved at once.
const moveLimit = 24 * time.Hour

// slowness is what a slow Slack adds to each call; slackfake's caller gives up after 10 s.
const slowness = 3 * time.Second

// limitedFor is what Slack asks to wait for in seconds while it is switched to too many requests.
const limitedFor = 10

func (p *Page) serveSet(w http.ResponseWriter, r *http.Request) {
	var s setting
	if err := read(w, r, &s); err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	if err := p.set(r.Context(), r.PathValue("what"), s); err != nil {
		refuse(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	answer(w, http.StatusOK, map[string]bool{"ok": true})
}

func (p *Page) set(ctx context.Context, what string, s setting) error {
	switch what {
	case "fault":
		return p.fault(s.Name, s.On)
	case "clock":
		return p.move(ctx, time.Duration(s.Seconds)*time.Second)
	case "pager":
		return p.alarm(s.Do, s.Subject, s.Title, s.As)
	}
	return fmt.Errorf("there is no setting %q", what)
}

// move moves the clock forward.
func (p *Page) move(ctx context.Context, d time.Duration) error {
	if d <= 0 || d > moveLimit {
		return fmt.Errorf("the clock goes forward only, by at most a day at once")
	}
	p.moving.Lock()
	defer p.moving.Unlock()
	defer p.changed()
	return p.stage.Move(ctx, d)
}

// switches are the faults that can be switched on.
func (p *Page) switches(name string) func() (remove func()) {
	slack := func(f slackfake.Fault) func() func() {
		return func() func() { return p.stage.Slack.Inject(f) }
	}
	return map[string]func() func(){
		"slack-down":    slack(slackfake.Fault{Kind: slackfake.Reset}),
		"slack-limited": slack(slackfake.Fault{Kind: slackfake.Limited, RetryAfter: limitedFor}),
		"slack-slow":    slack(slackfake.Fault{Kind: slackfake.Slow, Delay: slowness}),
		"pager-down":    p.pagerFault,
		"call-down":     p.stage.CallDown,
	}[name]
}

// fault switches one on or off.
func (p *Page) fault(name string, on bool) error {
	begin := p.switches(name)
	if begin == nil {
		return fmt.Errorf("there is no fault %q", name)
	}
	defer p.changed()
	p.mu.Lock()
	defer p.mu.Unlock()
	if end, there := p.faults[name]; there {
		end()
		delete(p.faults, name)
	}
	if on {
		p.faults[name] = begin()
	}
	return nil
}

// inForce are the names of the faults that are switched on.
func (p *Page) inForce() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string{}, slices.Sorted(maps.Keys(p.faults))...)
}

// bodyLimit is what a request may carry.
const bodyLimit = 1 << 20

// read reads the JSON of a request.
func read(w http.ResponseWriter, r *http.Request, into any) error {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyLimit)).Decode(into); err != nil {
		return fmt.Errorf("the request cannot be read: %w", err)
	}
	return nil
}
