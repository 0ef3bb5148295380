package jobs

import (
	"hash/fnv"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

const (
	firstWait = time.Second
	longest   = time.Minute
)

// failures counts, for each incident, how often in a row a step did not get
// through. It is forgotten with the process: a new one may well try at once.
type failures struct {
	mu   sync.Mutex
	runs map[incident.ID]int
}

// next is how long to wait after one more failure: 1, 2, 4 … 60 seconds, and up
// to a fifth more or less, so that incidents do not all come back at once.
func (f *failures) next(id incident.ID) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.runs == nil {
		f.runs = map[incident.ID]int{}
	}
	f.runs[id]++
	return backoff(string(id), f.runs[id])
}

// clear forgets the failures: something got through.
func (f *failures) clear(id incident.ID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.runs, id)
}

// backoff spreads waits by what is known, not by chance, so that it can be
// tested.
func backoff(key string, failures int) time.Duration {
	wait := longest
	if shift := failures - 1; shift < 6 {
		wait = min(firstWait<<shift, longest)
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte{byte(failures)})
	_, _ = h.Write([]byte(key))
	spread := int64(wait) / 5
	return wait - time.Duration(spread) + time.Duration(int64(h.Sum32())%(2*spread))
}
