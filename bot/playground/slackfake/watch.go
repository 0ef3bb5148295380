package slackfake

import "sync"

// Change says that something is different now. Changes may be dropped for whoever does not keep up: the number tells, and
// Snapshot shows what is.
type Change struct {
	Number int
	What   string // the method or the act that changed it
}

// hub tells whoever listens.
type hub struct {
	mu     sync.Mutex
	number int
	to     map[chan Change]bool
	waits  chan struct{} // closed at the next change
}

func (h *hub) init() { h.to, h.waits = map[chan Change]bool{}, make(chan struct{}) }

func (h *hub) changed(what string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.number++
	close(h.waits)
	h.waits = make(chan struct{})
	for ch := range h.to {
		select {
		case ch <- Change{Number: h.number, What: what}:
		default:
		}
	}
}

// Subscribe returns a channel of changes and a function that ends it.
func (ws *Workspace) Subscribe() (changes <-chan Change, end func()) {
	h := &ws.hub
	ch := make(chan Change, 64)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.to[ch] = true
	var once sync.Once
	return ch, func() {
		once.Do(func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			delete(h.to, ch)
			close(ch)
		})
	}
}

func (h *hub) next() <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.waits
}
