package jobs

import (
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// topicRest is how long a topic stands at least. Slack writes a line into the
// channel at each change, so the changes of a busy minute become one; the summary
// shows them at once.
const topicRest = time.Minute

// topics remembers when topics were set. It is forgotten with the process.
type topics struct {
	mu  sync.Mutex
	set map[incident.ID]time.Time
}

func (t *topics) note(id incident.ID, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.set == nil {
		t.set = map[incident.ID]time.Time{}
	}
	for other, at := range t.set { // a few: those of the last minute
		if now.Sub(at).Abs() > topicRest {
			delete(t.set, other)
		}
	}
	t.set[id] = now
}

// next is when an incident's topic may be set; zero for at once.
func (t *topics) next(id incident.ID, now time.Time) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	if at, ok := t.set[id]; ok && now.Sub(at).Abs() <= topicRest {
		return at.Add(topicRest)
	}
	return time.Time{}
}
