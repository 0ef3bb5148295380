package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"time"
)

// The designs beside the bare ones.
const (
	designRollcall = "rollcall"
	designBefore   = "before" // another build of Rollcall
	designBolt     = "bolt"   // Bolt for JavaScript, a commit for each request

	designHealthy = "healthy" // Rollcall, with a Slack that answers
	designOne     = "one"     // Rollcall, with one incident open
)

// against is what Rollcall is held against.
var against = []string{bareGroup, designBefore, designBolt, designHealthy, designOne}

// report is what the program prints.
type report struct {
	Program  string            `json:"program"`
	Machine  string            `json:"machine"`
	Rounds   int               `json:"rounds"`
	Each     string            `json:"round_takes"`
	Slow     string            `json:"added_to_each_sync,omitempty"`
	Open     int               `json:"open_incidents"`
	Syncs    float64           `json:"disk_syncs_per_second"` // of 4 KiB, overwritten in place
	Designs  []figures         `json:"designs"`
	Ratios   []ratio           `json:"ratios"`
	Resident map[string]string `json:"resident,omitempty"`
}

// figures are the medians of one design's rounds.
type figures struct {
	Design  string  `json:"design"`
	Callers int     `json:"callers"`
	Rate    float64 `json:"requests_per_second"`
	P50     float64 `json:"p50_ms"`
	P99     float64 `json:"p99_ms"`
	P999    float64 `json:"p999_ms"`
	Cost    float64 `json:"cpu_us_per_request"`
}

// What ratios are of.
const (
	ofRate = "requests/s"
	ofTail = "p99"
)

// ratio holds Rollcall against another design, round by round.
type ratio struct {
	Of      string  `json:"of"`
	To      string  `json:"to"`
	Callers int     `json:"callers"`
	Median  float64 `json:"median"`
	Least   float64 `json:"least"`
	Most    float64 `json:"most"`
}

// round is one measure of one design.
type round struct {
	load
	cost time.Duration // of the processor, for all requests
}

// each is what a request cost of the processor, in microseconds.
func (r round) each() float64 { return r.cost.Seconds() * 1e6 / float64(max(1, len(r.answers))) }

// measure starts every design and lets them take turns.
func measure(ctx context.Context, s settings, dir string) (*report, error) {
	designs, end, err := startAll(ctx, s, dir)
	defer end()
	if err != nil {
		return nil, err
	}
	return race(ctx, s, dir, designs)
}

// race lets designs take turns, and holds Rollcall against the others.
func race(ctx context.Context, s settings, dir string, designs []*process) (*report, error) {
	out := &report{
		Program: "rollcall-load", Machine: fmt.Sprintf("%d cores, %s/%s, %s", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version()),
		Rounds: s.rounds, Each: s.each.String(), Open: s.open, Resident: map[string]string{},
	}
	if s.slow > 0 {
		out.Slow = s.slow.String()
	}
	var err error
	if out.Syncs, err = syncs(dir); err != nil {
		return nil, err
	}
	for _, callers := range s.callers {
		rounds := map[string][]round{}
		for range s.rounds {
			for _, p := range designs {
				r, err := p.round(ctx, callers, s)
				if err != nil {
					return nil, fmt.Errorf("%s with %d at once: %w", p.name, callers, err)
				}
				rounds[p.name] = append(rounds[p.name], r)
			}
		}
		for _, p := range designs {
			out.Designs = append(out.Designs, summary(p.name, callers, rounds[p.name]))
		}
		out.compare(callers, rounds)
	}
	for _, p := range designs {
		if b, err := p.resident(); err == nil {
			out.Resident[p.name] = fmt.Sprintf("%.0f MB", float64(b)/(1<<20))
		}
	}
	return out, nil
}

func (p *process) round(ctx context.Context, callers int, s settings) (round, error) {
	before, err := p.spent()
	if err != nil {
		return round{}, err
	}
	l, err := fire(ctx, p.addr, callers, p.open, s.each, p.good)
	if err != nil {
		return round{}, err
	}
	after, err := p.spent()
	return round{l, after - before}, err
}

func summary(name string, callers int, rounds []round) figures {
	ms := func(p float64) float64 {
		return median(rounds, func(r round) float64 { return r.at(p).Seconds() * 1e3 })
	}
	return figures{
		Design: name, Callers: callers, Rate: median(rounds, func(r round) float64 { return r.rate() }),
		P50: ms(0.5), P99: ms(0.99), P999: ms(0.999),
		Cost: median(rounds, round.each),
	}
}

// compare holds Rollcall against what is worth holding it against.
func (out *report) compare(callers int, rounds map[string][]round) {
	for _, to := range against {
		if len(rounds[to]) == 0 {
			continue
		}
		rate, p99, cost := ratio{Of: ofRate, To: to, Callers: callers}, ratio{Of: ofTail, To: to, Callers: callers}, ratio{Of: "CPU a request", To: to, Callers: callers}
		var rates, tails, costs []float64
		for n, r := range rounds[designRollcall] {
			o := rounds[to][n]
			rates = append(rates, r.rate()/o.rate())
			costs = append(costs, r.each()/o.each())
			tails = append(tails, r.at(0.99).Seconds()/o.at(0.99).Seconds())
		}
		rate.from(rates)
		p99.from(tails)
		cost.from(costs)
		out.Ratios = append(out.Ratios, rate, p99, cost)
	}
}

// rate is a design's requests/s.
func (out *report) rate(design string, callers int) float64 {
	for _, f := range out.Designs {
		if f.Design == design && f.Callers == callers {
			return f.Rate
		}
	}
	return 0
}

func (r *ratio) from(values []float64) {
	slices.Sort(values)
	r.Median, r.Least, r.Most = values[len(values)/2], values[0], values[len(values)-1]
}

func median[T any](list []T, of func(T) float64) float64 {
	var values []float64
	for _, v := range list {
		values = append(values, of(v))
	}
	slices.SortFunc(values, cmp.Compare[float64])
	return values[len(values)/2]
}

// startAll runs the designs; end stops those that run.
func startAll(ctx context.Context, s settings, dir string) (list []*process, end func(), err error) {
	end = func() {
		for _, p := range list {
			p.stop()
		}
	}
	env, err := slowDisk(ctx, s.slow, dir)
	if err != nil {
		return list, end, err
	}
	if s.program == "" {
		if s.program, err = build(ctx, dir); err != nil {
			return list, end, err
		}
	}
	slack, err := silent(ctx)
	if err != nil {
		return list, end, err
	}
	starts := []func() (*process, error){}
	for _, design := range s.designs {
		starts = append(starts, func() (*process, error) { return startBare(ctx, design, dir, env) })
	}
	starts = append(starts, func() (*process, error) {
		return startRollcall(ctx, s.program, designRollcall, dir, slack, s.open, env)
	})
	if s.before != "" {
		starts = append(starts, func() (*process, error) {
			return startRollcall(ctx, s.before, designBefore, dir, slack, s.open, env)
		})
	}
	if s.bolt != "" {
		starts = append(starts, func() (*process, error) { return startBolt(ctx, s.bolt, dir, env) })
	}
	for _, start := range starts {
		p, err := start()
		if err != nil {
			return list, end, err
		}
		list = append(list, p)
	}
	return list, end, nil
}

// syncs is how many pages of 4 KiB the disk takes for good in a second, one after the other, overwritten in place: what
// no design that is durable can beat without sharing.
func syncs(dir string) (float64, error) {
	f, err := os.Create(filepath.Join(dir, "page")) //nolint:gosec // in a folder of ours
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	page := make([]byte, 4096)
	began, n := time.Now(), 0
	for ; time.Since(began) < time.Second/2; n++ {
		if _, err := f.WriteAt(page, 0); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(began).Seconds(), nil
}

// slowShim is a library that is loaded before the C library and makes each sync of the disk take longer.
const slowShim = `#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>
static void wait_(void) { const char *us = getenv("SLOW_SYNC_US"); if (us) usleep((useconds_t)atol(us)); }
int fdatasync(int fd) { static int (*real)(int); if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync"); wait_(); return real(fd); }
int fsync(int fd) { static int (*real)(int); if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync"); wait_(); return real(fd); }
`

// slowDisk is the environment in which each sync takes longer.
func slowDisk(ctx context.Context, by time.Duration, dir string) ([]string, error) {
	if by <= 0 {
		return nil, nil
	}
	source, library := filepath.Join(dir, "slow.c"), filepath.Join(dir, "slow.so")
	if err := os.WriteFile(source, []byte(slowShim), 0o600); err != nil {
		return nil, err
	}
	out, err := exec.CommandContext(ctx, "gcc", "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl").CombinedOutput() //nolint:gosec // ours
	if err != nil {
		return nil, errors.Join(fmt.Errorf("gcc: %w", err), errors.New(string(out)))
	}
	return []string{"LD_PRELOAD=" + library, fmt.Sprint("SLOW_SYNC_US=", by.Microseconds())}, nil
}
