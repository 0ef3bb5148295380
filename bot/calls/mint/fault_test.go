package mint_test

import (
	"context"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/playground/callfake"
)

// minter is what both providers are to a worker.
type minter interface {
	Mint(ctx context.Context, host string) (outbound.Room, error)
	Open() bool
}

// provider is one of the two, with its stand-in.
type provider struct {
	minter
	inject func(callfake.Fault)
	heal   func()
	made   func() int
	calls  func(string) int
}

func providers(t *testing.T) map[string]provider {
	t.Helper()
	meet, m := newMeet(t, nil)
	zoom, z := newZoom(t, nil)
	return map[string]provider{
		"meet": {m, meet.Inject, meet.Heal, func() int { return len(meet.Spaces()) }, meet.Calls},
		"zoom": {z, zoom.Inject, zoom.Heal, func() int { return len(zoom.Meetings()) }, zoom.Calls},
	}
}

// TestEveryWayToFail holds what a failure says to what is so: a room that may be
// there is Unclear, everything else is certain.
func TestEveryWayToFail(t *testing.T) {
	for what, tt := range map[string]struct {
		fault callfake.Fault
		end   outbound.End
		code  string
		wait  time.Duration
		made  int
	}{
		"401":                {callfake.Fault{Name: "create", Kind: callfake.Status, Code: 401}, outbound.Refused, "http_401", 0, 0},
		"403":                {callfake.Fault{Name: "create", Kind: callfake.Status, Code: 403}, outbound.Refused, "http_403", 0, 0},
		"a redirect":         {callfake.Fault{Name: "create", Kind: callfake.Status, Code: 302}, outbound.Refused, "http_302", 0, 0},
		"429 with seconds":   {callfake.Fault{Name: "create", Kind: callfake.Limited, RetryAfter: "120"}, outbound.Delayed, outbound.RateLimited, 2 * time.Minute, 0},
		"429 with a date":    {callfake.Fault{Name: "create", Kind: callfake.Limited, RetryAfter: "2026-03-04T13:00:00Z"}, outbound.Delayed, outbound.RateLimited, time.Hour, 0},
		"429 for a year":     {callfake.Fault{Name: "create", Kind: callfake.Limited, RetryAfter: "99999999"}, outbound.Delayed, outbound.RateLimited, 24 * time.Hour, 0},
		"429 in the past":    {callfake.Fault{Name: "create", Kind: callfake.Limited, RetryAfter: "-5"}, outbound.Delayed, outbound.RateLimited, time.Second, 0},
		"429 without header": {callfake.Fault{Name: "create", Kind: callfake.Limited}, outbound.Delayed, outbound.RateLimited, time.Minute, 0},
		"500":                {callfake.Fault{Name: "create", Kind: callfake.Status}, outbound.Unclear, "", 0, 0},
		"hang":               {callfake.Fault{Name: "create", Kind: callfake.Hang}, outbound.Unclear, "", 0, 0},
		"reset":              {callfake.Fault{Name: "create", Kind: callfake.Reset}, outbound.Unclear, "", 0, 0},
		"reset after acting": {callfake.Fault{Name: "create", Kind: callfake.LostReply}, outbound.Unclear, "", 0, 1},
		"malformed JSON":     {callfake.Fault{Name: "create", Kind: callfake.Garbled}, outbound.Unclear, "", 0, 1},
		"no token: 500":      {callfake.Fault{Name: "token", Kind: callfake.Status}, outbound.NotDone, "", 0, 0},
		"no token: 429":      {callfake.Fault{Name: "token", Kind: callfake.Limited, RetryAfter: "7"}, outbound.Delayed, outbound.RateLimited, 7 * time.Second, 0},
		"no token: 403":      {callfake.Fault{Name: "token", Kind: callfake.Status, Code: 403}, outbound.Refused, "no_token", 0, 0},
		"no token: hang":     {callfake.Fault{Name: "token", Kind: callfake.Hang}, outbound.NotDone, "", 0, 0},
		"no token: reset":    {callfake.Fault{Name: "token", Kind: callfake.Reset}, outbound.NotDone, "", 0, 0},
		"no token: garbled":  {callfake.Fault{Name: "token", Kind: callfake.Garbled}, outbound.NotDone, "", 0, 0},
	} {
		for name, p := range providers(t) {
			t.Run(name+": "+what, func(t *testing.T) {
				p.inject(tt.fault)
				_, err := p.Mint(t.Context(), "host1@example.org")
				if f := ends(t, err, tt.end, tt.code); f.Wait != tt.wait || f.End == outbound.Refused && f.Fix == "" {
					t.Errorf("waits %s, fix %q", f.Wait, f.Fix)
				}
				if p.made() != tt.made {
					t.Errorf("%d rooms were made, want %d", p.made(), tt.made)
				}
				if n := p.calls(tt.fault.Name); n != 1 {
					t.Errorf("asked %d times: one failure is one request", n)
				}
				p.heal()
				if _, err := p.Mint(t.Context(), "host1@example.org"); err != nil {
					t.Errorf("afterwards: %v", err)
				}
			})
		}
	}
}

func TestAProviderThatIsGoneIsLeftAlone(t *testing.T) {
	for name, p := range providers(t) {
		t.Run(name, func(t *testing.T) {
			p.inject(callfake.Fault{Kind: callfake.Reset})
			for range 20 {
				if _, err := p.Mint(t.Context(), "host1@example.org"); err == nil {
					t.Fatal("a room of a provider that is gone")
				}
			}
			if n := p.calls("token"); n > 3 || !p.Open() {
				t.Errorf("asked %d times, open: %v", n, p.Open())
			}
			_, err := p.Mint(t.Context(), "host1@example.org")
			_ = ends(t, err, outbound.Delayed, "unreachable")
		})
	}
}

func TestARefusalDoesNotLookLikeAnOutage(t *testing.T) {
	for name, p := range providers(t) {
		t.Run(name, func(t *testing.T) {
			p.inject(callfake.Fault{Name: "create", Kind: callfake.Status, Code: 403})
			for range 5 {
				_, err := p.Mint(t.Context(), "host1@example.org")
				_ = ends(t, err, outbound.Refused, "http_403")
			}
			if p.Open() {
				t.Error("a provider that answers is taken for gone")
			}
		})
	}
}

func TestNobodyThereIsCertain(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, p := range providers(t) {
		_, err := p.Mint(ctx, "host1@example.org")
		if f := outbound.FailureOf(err); f.End != outbound.NotDone || p.calls("token") != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
