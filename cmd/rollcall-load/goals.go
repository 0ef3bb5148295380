package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// goal is something that Rollcall is meant to reach, and what came out.
type goal struct {
	what    string
	came    float64
	wanted  float64
	unit    string // "×" for a ratio, else "ms", "MB"
	atLeast bool   // wanted is the least, not the most
}

func (g goal) reached() bool {
	if g.atLeast {
		return g.came >= g.wanted
	}
	return g.came <= g.wanted
}

// plan is one run of all measures. Each holds Rollcall against something of the same run.
type plan struct {
	s     settings
	dir   string
	table strings.Builder
	goals []goal
}

// document measures all goals and puts the figures between the marks of a document.
func document(ctx context.Context, s settings, dir string, out io.Writer) error {
	p := &plan{s: s, dir: dir}
	if p.s.program == "" {
		var err error
		if p.s.program, err = build(ctx, dir); err != nil {
			return err
		}
	}
	for _, step := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"beside bare servers", p.beside},
		{"on a slow disk", p.slowly},
		{"with a Slack that hangs", p.hung},
		{"with many incidents open", p.many},
		{"to the channel", p.channel},
		{"start and memory", p.start},
		{"size", p.size},
		{"growth of the log", p.growth},
		{"a long RFO", p.long},
	} {
		if _, err := fmt.Fprintln(out, step.name); err != nil {
			return err
		}
		if err := step.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return insert(s.goals, p.String())
}

// String is what came out, in Markdown.
func (p *plan) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s.\n\n%s\n| goal | wanted | came out | reached |\n|---|---:|---:|---|\n", time.Now().UTC().Format("2006-01-02"), p.table.String())
	for _, g := range p.goals {
		bound, word := "at most", "**no**"
		if g.atLeast {
			bound = "at least"
		}
		if g.reached() {
			word = "yes"
		}
		fmt.Fprintf(&b, "| %s | %s %s %s | %s %s | %s |\n", g.what, bound, short(g.wanted), g.unit, short(g.came), g.unit, word)
	}
	return b.String()
}

func short(v float64) string {
	if v >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
}

// The marks in a document, between which the figures stand.
const (
	beginMark = "<!-- figures: written by make performance -->"
	endMark   = "<!-- end of figures -->"
)

// insert puts figures between the marks of a document.
func insert(path, figures string) error {
	b, err := os.ReadFile(path) //nolint:gosec // whoever runs this names it
	if err != nil {
		return err
	}
	before, rest, ok1 := strings.Cut(string(b), beginMark)
	_, after, ok2 := strings.Cut(rest, endMark)
	if !ok1 || !ok2 {
		return fmt.Errorf("%s has no place for figures: write %q and %q into it", path, beginMark, endMark)
	}
	return os.WriteFile(path, []byte(before+beginMark+"\n\n"+figures+"\n"+endMark+after), 0o600) //nolint:gosec // whoever runs this names it
}

func (p *plan) add(g goal) { p.goals = append(p.goals, g) }

// beside is the first table.
func (p *plan) beside(ctx context.Context) error {
	out, err := measure(ctx, p.s, p.sub("beside"))
	if err != nil {
		return err
	}
	for _, r := range out.Ratios {
		least, most := map[int]float64{1: 0.85, 8: 0.8, 64: 0.8}[r.Callers], 0.0
		if r.To == designBolt {
			least = map[int]float64{1: 1.2, 8: 2.5, 64: 5}[r.Callers]
		}
		if r.To == bareGroup && r.Callers == 64 {
			most = 1.5
		}
		what := fmt.Sprintf("%s of %s, %d at once", r.Of, describes[r.To], r.Callers)
		switch {
		case r.Of == ofRate && least > 0:
			p.add(goal{what, r.Median, least, "×", true})
		case r.Of == ofTail && most > 0:
			p.add(goal{what, r.Median, most, "×", false})
		}
	}
	return out.table(&p.table)
}

// slowly holds 64 callers against one, where each sync takes 2 ms longer.
func (p *plan) slowly(ctx context.Context) error {
	s := p.s
	s.slow, s.callers, s.designs, s.bolt, s.before = 2*time.Millisecond, []int{1, 64}, []string{bareGroup}, "", ""
	out, err := measure(ctx, s, p.sub("slowly"))
	if err != nil {
		return err
	}
	p.add(goal{"syncs that take 2 ms longer: requests/s of 64 at once, of those of one", out.rate(designRollcall, 64) / out.rate(designRollcall, 1), 20, "×", true})
	return nil
}

// hung holds a Rollcall whose Slack hangs against one whose Slack answers.
func (p *plan) hung(ctx context.Context) error {
	silentAddr, err := silent(ctx)
	if err != nil {
		return err
	}
	_, healthyAddr, err := healthy(ctx, 0)
	if err != nil {
		return err
	}
	rates, tails, err := p.pair(ctx, "hung", entrant{designRollcall, silentAddr, p.s.open}, entrant{designHealthy, healthyAddr, p.s.open})
	p.add(goal{"a Slack that hangs: requests/s of those with one that answers", rates, 0.9, "×", true})
	p.add(goal{"a Slack that hangs: p99 of that with one that answers", tails, 1.3, "×", false})
	return err
}

// many holds a Rollcall with a thousand open incidents against one with a single one.
func (p *plan) many(ctx context.Context) error {
	addr, err := silent(ctx)
	if err != nil {
		return err
	}
	rates, _, err := p.pair(ctx, "many", entrant{designRollcall, addr, manyOpen}, entrant{designOne, addr, 1})
	p.add(goal{"1,000 incidents open: requests/s of those with one", rates, 0.9, "×", true})
	return err
}

const manyOpen = 1000

// entrant is one of two Rollcalls that are held against each other.
type entrant struct {
	name, slack string
	open        int
}

// pair holds one Rollcall against another, 64 callers at once.
func (p *plan) pair(ctx context.Context, step string, one, other entrant) (rates, tails float64, err error) {
	dir := p.sub(step)
	var both []*process
	for _, e := range []entrant{one, other} {
		r, err := startRollcall(ctx, p.s.program, e.name, dir, e.slack, e.open, nil)
		if err != nil {
			return 0, 0, err
		}
		defer r.stop()
		both = append(both, r)
	}
	s := p.s
	s.callers = []int{64}
	out, err := race(ctx, s, dir, both)
	if err != nil {
		return 0, 0, err
	}
	for _, r := range out.Ratios {
		switch r.Of {
		case ofRate:
			rates = r.Median
		case ofTail:
			tails = r.Median
		}
	}
	return rates, tails, nil
}

// sub is a folder of a step's own.
func (p *plan) sub(step string) string {
	dir := filepath.Join(p.dir, step)
	_ = os.MkdirAll(dir, 0o700) // whatever is written into it fails if this did
	return dir
}
