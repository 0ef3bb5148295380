package playground

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// How long the bot is waited for, in real time. patience is how long nothing may happen before the clock is moved: long
// enough for the bot to come back from its database, short enough that a play takes seconds. It doubles, up to maxPatience,
// while moving the clock leads to nothing: then it is the machine that is slow.
const (
	settleWithin = 8 * time.Second
	patience     = 25 * time.Millisecond
	maxPatience  = 200 * time.Millisecond
	look         = 5 * time.Millisecond
	// nudge is how far the clock is moved when the bot waits for a rate limit.
	nudge = time.Second
)

// backlog is what the bot says it has still to do, at /metrics.
type backlog struct {
	readable bool
	effects  float64 // that are neither done nor given up
	cards    float64
	queued   float64 // jobs that will begin by themselves in a moment of real time
	running  float64 // jobs at work, asleep until the clock is moved, or at their end
	dueLag   float64
}

func (b backlog) empty() bool {
	return b.readable && b.effects == 0 && b.cards == 0 && b.queued == 0 && b.dueLag == 0
}

// idle says that nothing is left to do and nobody is at work. A job counts as at work until that it ended was written
// down, which takes a while.
func (b backlog) idle() bool { return b.empty() && b.running == 0 }

// settle lets the bot bring everything to Slack, moving the clock where it waits for a limit. While Slack is away it only
// lets the bot try.
func (s *stage) settle(ctx context.Context) error {
	if s.away {
		return s.quiet(ctx)
	}
	return s.await(ctx, "everything is in Slack", func(b backlog, still bool) bool {
		if still && !b.empty() {
			s.clock.Advance(nudge)
		}
		return b.idle() || still && b.empty()
	})
}

// quiet waits until nothing more happens before the clock is moved; what cannot be sent now may stay unsent.
func (s *stage) quiet(ctx context.Context) error {
	return s.await(ctx, "nothing more happens", func(b backlog, still bool) bool { return still || b.idle() })
}

// await waits for a state of the bot, in bounded real time. still says that nothing has happened for a while and that no
// job is about to begin, so that nothing will before the clock is moved.
func (s *stage) await(ctx context.Context, what string, holds func(b backlog, still bool) bool) error {
	ctx, cancel := context.WithTimeoutCause(ctx, settleWithin, errors.New("not within "+settleWithin.String()))
	defer cancel()
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	last, since, wait := -1, s.Wall(), patience
	var b backlog
	for {
		now, err := s.backlog(ctx)
		if err != nil {
			return fmt.Errorf("wait until %s: %w; left before: %+v", what, err, b)
		}
		b = now
		at := s.Wall()
		if calls := len(s.slack.Calls("")); calls != last || b.queued > 0 || b.dueLag > 0 || !b.readable {
			last, since, wait = calls, at, patience
		}
		still := at.Sub(since) >= wait
		if holds(b, still) {
			return s.slack.Settle(ctx)
		}
		if still {
			since, wait = at, min(2*wait, maxPatience)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait until %s: %w; left: %+v", what, context.Cause(ctx), b)
		case <-ticker.C:
		}
	}
}

// backlog asks the bot.
func (s *stage) backlog(ctx context.Context) (backlog, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.bot.URL+"/metrics", nil)
	if err != nil {
		return backlog{}, err
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return backlog{}, fmt.Errorf("ask the bot for its backlog: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return backlog{}, fmt.Errorf("ask the bot for its backlog: %s", resp.Status)
	}
	return readBacklog(resp.Body)
}

// readBacklog reads the text format of Prometheus as far as it is needed here.
func readBacklog(r io.Reader) (backlog, error) {
	var b backlog
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		name, value, ok := strings.Cut(lines.Text(), " ")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			continue
		}
		switch {
		case name == "rollcall_backlog_readable":
			b.readable = v == 1
		case name == "rollcall_cards_stale":
			b.cards = v
		case name == "rollcall_due_lag_seconds":
			b.dueLag = v
		case strings.HasPrefix(name, "rollcall_effects{") && !strings.Contains(name, `"failed"`):
			b.effects += v
		case strings.HasPrefix(name, "rollcall_jobs{") && strings.Contains(name, `"available"`):
			b.queued += v
		case strings.HasPrefix(name, "rollcall_jobs{") && strings.Contains(name, `"running"`):
			b.running += v
		}
	}
	return b, lines.Err()
}
