package page

import (
	"fmt"
	"net/http"
	"time"
)

// look is how often PagerDuty is looked at, which tells nobody of its changes.
const look = time.Second

// serveEvents tells a browser that something changed, until it leaves. What it is now the browser asks for.
func (p *Page) serveEvents(w http.ResponseWriter, r *http.Request) {
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	changes, end := p.stage.Slack.Subscribe()
	defer end()
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	for n := 1; ; n++ {
		mark, wake := p.mark(), p.next()
		if _, err := fmt.Fprintf(w, "data: %d\n\n", n); err != nil || out.Flush() != nil {
			return
		}
		for waiting := true; waiting; {
			select {
			case <-r.Context().Done():
				return
			case <-changes:
				waiting = false
			case <-wake:
				waiting = false
			case <-ticker.C:
				waiting = p.mark() == mark
			}
		}
	}
}

// next is closed at the next change that no stand-in tells.
func (p *Page) next() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.wake
}

// changed tells whoever watches of a change that no stand-in tells.
func (p *Page) changed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.wake)
	p.wake = make(chan struct{})
}
