package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

const (
	// slackTakes is how long a call of Slack's takes where the way to the channel is measured.
	slackTakes = 100 * time.Millisecond
	// channelCalls are on that way: the channel is made, its purpose says whose it is, and whoever opened the incident is invited.
	channelCalls = 3
	// opened is how many incidents are opened for it: no more than Slack takes at once, or its published rate would be measured.
	opened = 3
	// starts is how often the program is started on a database that is there.
	starts = 9
	// rest is how long it rests before it counts as idle.
	rest = 3 * time.Second
)

// channel measures how long after the answer whoever opened an incident is in its channel.
func (p *plan) channel(ctx context.Context) error {
	ws, addr, err := healthy(ctx, slackTakes)
	if err != nil {
		return err
	}
	r, err := launch(ctx, p.s.program, designHealthy, p.sub("channel"), addr, nil)
	if err != nil {
		return err
	}
	defer r.stop()
	c, err := dial(ctx, r.addr)
	if err != nil {
		return err
	}
	defer func() { _ = c.conn.Close() }()
	known, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	// Everybody is known first, as in a team that has had Rollcall for a minute.
	if err := ws.WaitFor(known, func() bool { return ws.Done("users.list") > 0 }); err != nil {
		return errors.Join(errors.New("rollcall does not read the list of people"), err)
	}
	var took []time.Duration
	for n := range opened {
		one, err := opening(ctx, ws, c, n)
		if err != nil {
			return err
		}
		took = append(took, one)
	}
	slices.Sort(took)
	p.add(goal{
		fmt.Sprintf("from the answer to `open` to the channel, calls of Slack's taking %s: of the %d calls on the way", slackTakes, channelCalls),
		took[len(took)/2].Seconds() / (channelCalls * slackTakes).Seconds(), 3, "×", false,
	})
	return nil
}

// opening opens an incident and waits until whoever opened it is in its channel.
func opening(ctx context.Context, ws *slackfake.Workspace, c *caller, n int) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	before := ws.Done("conversations.invite")
	body, err := c.ask(signed(fmt.Sprintf("open service nr-%d Checkout is down, number %d", n, n), numbers.Add(1)))
	if err != nil || !strings.Contains(string(body), "INC-") {
		return 0, errors.Join(fmt.Errorf("open is answered %s", body), err)
	}
	began := time.Now()
	err = ws.WaitFor(ctx, func() bool { return ws.Done("conversations.invite") > before })
	return time.Since(began), err
}

// start measures starts on a database that is there, and memory: at rest, and after the load.
func (p *plan) start(ctx context.Context) error {
	addr, err := silent(ctx)
	if err != nil {
		return err
	}
	dir := p.sub("start")
	r, err := startRollcall(ctx, p.s.program, designRollcall, dir, addr, p.s.open, nil)
	if err != nil {
		return err
	}
	if _, err := fire(ctx, r.addr, 64, p.s.open, p.s.each, r.good); err != nil {
		r.stop()
		return err
	}
	loaded, err := r.resident()
	r.stop()
	if err != nil {
		return err
	}
	var took []time.Duration
	for range starts {
		began := time.Now()
		if r, err = launch(ctx, p.s.program, designRollcall, dir, addr, nil); err != nil {
			return err
		}
		took = append(took, time.Since(began))
		r.stop()
	}
	slices.Sort(took)
	if r, err = launch(ctx, p.s.program, designRollcall, dir, addr, nil); err != nil {
		return err
	}
	defer r.stop()
	select {
	case <-time.After(rest):
	case <-ctx.Done():
	}
	idle, err := r.resident()
	p.add(goal{"start on a database that is there, after kill -9, until it takes commands", took[len(took)/2].Seconds() * 1e3, 30, "ms", false})
	p.add(goal{"resident at rest", float64(idle) / (1 << 20), 30, "MB", false})
	p.add(goal{"resident under load", float64(loaded) / (1 << 20), 50, "MB", false})
	return err
}

// size measures the program without what debuggers need.
func (p *plan) size(ctx context.Context) error {
	path := filepath.Join(p.sub("size"), "rollcall")
	out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, "github.com/rollcall-bot/rollcall/cmd/rollcall").CombinedOutput() //nolint:gosec // a folder of ours
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	p.add(goal{"stripped program", float64(info.Size()) / (1 << 20), 30, "MB", false})
	return nil
}

// growth holds a log of 10^6 events against shorter ones.
func (p *plan) growth(ctx context.Context) error {
	m, err := benchmark(ctx, "Growth", "-benchtime=300x")
	if err != nil {
		return err
	}
	p.add(goal{"10^6 events: p50 of storing a line, of that with 10^4", m["events=1000000/store p50-µs"] / m["events=10000/store p50-µs"], 1.3, "×", false})
	p.add(goal{"10^6 events: a timeline of 500, of that with 10^5", m["events=1000000/timeline ns/op"] / m["events=100000/timeline ns/op"], 1.3, "×", false})
	return nil
}

// long holds an RFO of 10,000 lines against a plain template.
func (p *plan) long(ctx context.Context) error {
	m, err := benchmark(ctx, "Document", "-benchtime=20x")
	p.add(goal{"an RFO of 10,000 lines: of reading them and printing them by a plain template", m["ratio"], 1.5, "×", false})
	return err
}

// benchmark runs a benchmark of the store and reads its figures, by name and unit.
func benchmark(ctx context.Context, name, times string) (map[string]float64, error) {
	out, err := exec.CommandContext(ctx, "go", "test", "github.com/rollcall-bot/rollcall/storage/storagetest", "-run", "-", "-bench", name, times, "-timeout", "10m").CombinedOutput() //nolint:gosec // ours
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	return figuresOf(string(out)), nil
}

var figure = regexp.MustCompile(`([0-9.]+) ([^\s]+)`)

// figuresOf reads the lines of a benchmark: "BenchmarkX/events=10-2   5   12 ns/op   3 p50-µs".
func figuresOf(out string) map[string]float64 {
	m := map[string]float64{}
	for line := range strings.Lines(out) {
		name, rest, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || !strings.HasPrefix(name, "Benchmark") {
			continue
		}
		name = regexp.MustCompile(`-\d+ *$`).ReplaceAllString(name, "")
		_, name, _ = strings.Cut(name, "/")
		for _, f := range figure.FindAllStringSubmatch(rest, -1) {
			if v, err := strconv.ParseFloat(f[1], 64); err == nil {
				m[strings.TrimSpace(name+" "+f[2])] = v
			}
		}
	}
	return m
}
