package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"
)

// log is where a server tells what it does: JSON for machines, text on a terminal. end
// writes what is still to be written; it may be called again.
func (p *program) log(level slog.Level) (log *slog.Logger, end func()) {
	o := &slog.HandlerOptions{Level: level}
	if terminal(p.stderr) {
		return slog.New(slog.NewTextHandler(p.stderr, o)), func() {}
	}
	if _, ok := p.stderr.(*os.File); !ok { // memory, of which nobody has to wait for the disk
		return slog.New(slog.NewJSONHandler(p.stderr, o)), func() {}
	}
	g := gather(p.stderr)
	return slog.New(urgent{Handler: slog.NewJSONHandler(g, o), gathered: g}), g.end
}

// quiet is the log of a call that a person waits for: only what goes wrong.
func (p *program) quiet() *slog.Logger {
	return slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// terminal says whether somebody reads along.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

const (
	// gatherFor is how long a line may wait for others, so that a busy server does not
	// write each for itself. It is what a kill may lose of lines that are no warnings.
	gatherFor = 20 * time.Millisecond
	// gatherMost is how much is gathered at most, in bytes.
	gatherMost = 64 << 10
)

// gathered writes lines together where they come fast: a line after a while of silence
// at once, and those that follow within gatherFor in one go. It is safe for concurrent
// use, and keeps their order.
type gathered struct {
	to io.Writer

	writing sync.Mutex // held while lines are written; taken before mu
	spare   []byte

	mu    sync.Mutex
	lines []byte
	fast  bool // lines came within the last gatherFor, and timer will ask again
	ended bool
	timer *time.Timer
}

func gather(to io.Writer) *gathered {
	g := &gathered{to: to, fast: true}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.timer = time.AfterFunc(gatherFor, g.again)
	return g
}

// Write takes lines in. An error is that of lines that came before, or of these.
func (g *gathered) Write(lines []byte) (int, error) {
	g.mu.Lock()
	g.lines = append(g.lines, lines...)
	wait := g.fast && !g.ended && len(g.lines) < gatherMost
	if !g.fast && !g.ended {
		g.fast = true
		g.timer.Reset(gatherFor)
	}
	g.mu.Unlock()
	if wait {
		return len(lines), nil
	}
	return len(lines), g.flush()
}

// again writes what was gathered, and goes on gathering if there was something.
func (g *gathered) again() {
	g.mu.Lock()
	g.fast = len(g.lines) > 0 && !g.ended
	if g.fast {
		g.timer.Reset(gatherFor)
	}
	g.mu.Unlock()
	_ = g.flush() // nobody is left to be told that the log cannot be written
}

// flush writes all that was taken in before.
func (g *gathered) flush() error {
	g.writing.Lock()
	defer g.writing.Unlock()
	g.mu.Lock()
	lines := g.lines
	g.lines = g.spare[:0]
	g.mu.Unlock()
	g.spare = lines
	if len(lines) == 0 {
		return nil
	}
	_, err := g.to.Write(lines)
	return err
}

// end writes what is left; from then on each line is written at once.
func (g *gathered) end() {
	g.mu.Lock()
	g.ended = true
	g.timer.Stop()
	g.mu.Unlock()
	_ = g.flush()
}

// urgent has warnings and errors written at once, with all that was said before.
type urgent struct {
	slog.Handler
	gathered *gathered
}

// Handle implements slog.Handler.
func (u urgent) Handle(ctx context.Context, r slog.Record) error {
	err := u.Handler.Handle(ctx, r)
	if err == nil && r.Level >= slog.LevelWarn {
		err = u.gathered.flush()
	}
	return err
}

// WithAttrs implements slog.Handler.
func (u urgent) WithAttrs(attrs []slog.Attr) slog.Handler {
	return urgent{Handler: u.Handler.WithAttrs(attrs), gathered: u.gathered}
}

// WithGroup implements slog.Handler.
func (u urgent) WithGroup(name string) slog.Handler {
	return urgent{Handler: u.Handler.WithGroup(name), gathered: u.gathered}
}
