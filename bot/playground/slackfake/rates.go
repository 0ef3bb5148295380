package slackfake

import "time"

// Slack's posting rates: about one message a second in a channel with short bursts, and several hundred a minute in a
// workspace (docs.slack.dev, chat.postMessage).
const (
	channelBurst    = 5
	workspacePosts  = 300
	rateWindow      = time.Minute
	tolerancePerMin = 4 // "20+ per minute" is a floor: a quarter more is let through as a burst,
	toleranceLeast  = 2 // and of the slowest methods these few
)

// rates remembers when what was called, on the workspace's clock.
type rates struct {
	calls  map[string][]time.Time // of the last minute, by method
	tokens map[string]*bucket     // of chat.postMessage, by channel
	shut   map[string]time.Time   // until when, by method or method and channel
}

// bucket holds up to channelBurst messages and fills by one a second.
type bucket struct {
	level float64
	at    time.Time
}

func newRates() rates {
	return rates{calls: map[string][]time.Time{}, tokens: map[string]*bucket{}, shut: map[string]time.Time{}}
}

// limit says how long a call has to wait, and notes a violation when it had been told to wait and did not. Without
// strict only such waits are kept.
func (l *ledger) limit(c *call, m method, strict bool) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	place := ""
	if c.method == "chat.postMessage" {
		place = c.method + " " + c.str("channel")
	}
	for _, key := range []string{c.method, place} {
		if until, shut := l.rates.shut[key]; shut && key != "" {
			if c.at.Before(until) {
				l.violations = append(l.violations, Violation{Key: key, At: c.at, Until: until})
				return until.Sub(c.at)
			}
			delete(l.rates.shut, key)
		}
	}
	if !strict {
		return 0
	}
	if m.tier == posting {
		if wait := l.rates.inChannel(place, c.at); wait > 0 {
			return l.shut(place, c.at, wait)
		}
		m.tier = workspacePosts
	}
	if wait := l.rates.window(c.method, m.tier+max(m.tier/tolerancePerMin, toleranceLeast), c.at); wait > 0 {
		return l.shut(c.method, c.at, wait)
	}
	return 0
}

// shut closes a key for whole seconds, as Retry-After tells them.
func (l *ledger) shut(key string, now time.Time, wait time.Duration) time.Duration {
	wait = (wait + time.Second - 1).Truncate(time.Second)
	l.rates.shut[key] = now.Add(wait)
	return wait
}

// close is what a 429 made on purpose leaves behind. A call that had been told to wait is a violation here too.
func (l *ledger) close(key string, until, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if before := l.rates.shut[key]; now.Before(before) {
		l.violations = append(l.violations, Violation{Key: key, At: now, Until: before})
	}
	l.rates.shut[key] = until
}

func (r *rates) window(key string, most int, now time.Time) time.Duration {
	var recent []time.Time
	for _, t := range r.calls[key] {
		if now.Sub(t) < rateWindow {
			recent = append(recent, t)
		}
	}
	most = max(most, 1)
	if len(recent) >= most {
		r.calls[key] = recent
		return recent[len(recent)-most].Add(rateWindow).Sub(now)
	}
	r.calls[key] = append(recent, now)
	return 0
}

func (r *rates) inChannel(key string, now time.Time) time.Duration {
	b := r.tokens[key]
	if b == nil {
		b = &bucket{level: channelBurst, at: now}
		r.tokens[key] = b
	}
	b.level = min(channelBurst, b.level+max(0, now.Sub(b.at).Seconds()))
	b.at = now
	if b.level < 1 {
		return time.Duration((1 - b.level) * float64(time.Second))
	}
	b.level--
	return 0
}
