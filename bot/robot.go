package bot

import (
	"log/slog"
	"slices"
	"sync"
	"time"
)

const (
	// robotRate is how many commands a program may give in a minute: enough for a
	// deployment that notes its steps, too few for two programs that talk to each other.
	robotRate  = 6
	robotEvery = time.Minute
)

// RobotVerbs are the commands that a program in the chat can be allowed, by their
// stems. To lead, to decide and to approve stays with people.
var RobotVerbs = []string{"open", "note", "detected"}

// robots counts what programs in the chat asked for lately.
type robots struct {
	mu   sync.Mutex
	last map[string][]time.Time // by Slack's id, within robotEvery
}

// take counts one more; false when that is too much.
func (r *robots) take(user string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last == nil {
		r.last = map[string][]time.Time{}
	}
	lately := slices.DeleteFunc(r.last[user], func(t time.Time) bool { return now.Sub(t) >= robotEvery })
	if len(lately) >= robotRate {
		r.last[user] = lately
		return false
	}
	r.last[user] = append(lately, now)
	return true
}

// robotMay says whether a program may have what it asks for. What it may not is
// neither done nor answered: an answer could be what the next request answers.
func (s *Service) robotMay(req Request, r reading) bool {
	log := s.Log.With(slog.String("program", req.From.User))
	switch {
	case r.row == nil || r.row.Change == nil || !slices.Contains(req.From.Robot.May, r.row.Stem) || !slices.Contains(RobotVerbs, r.row.Stem):
		log.Warn("a program mentioned Rollcall and may not have what it asked for", slog.Any("may", req.From.Robot.May))
		return false
	case !s.robots.take(req.From.User, s.Clock.Now()):
		log.Warn("a program mentions Rollcall too often; nothing was done", slog.Int("a_minute", robotRate))
		return false
	}
	return true
}

// Robot is a program in the chat that the operator allows some commands.
type Robot struct {
	May []string // stems
}
