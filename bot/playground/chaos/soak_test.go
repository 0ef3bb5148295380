package chaos

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

const mb = 1 << 20

var keyPattern = regexp.MustCompile(`INC-\d+`)

// gauges are what a soak watches. A leak that matters in weeks shows in half an hour as these, and flat_test.go holds
// the judge to it. The memory may grow by what the cache of folded incidents keeps of new ones (storage/folds.go).
var gauges = []Gauge{
	{Name: "resident memory", Unit: mb, As: "MB", Share: 0.05, Beyond: 4 * mb},
	{Name: "live heap", Unit: mb, As: "MB", Share: 0.05, Beyond: 4 * mb},
	{Name: "goroutines", Unit: 1, Share: 0.05, Beyond: 4},
	{Name: "descriptors", Unit: 1, Share: 0.05, Beyond: 4},
	{Name: "write-ahead log", Unit: mb, As: "MB", Share: 0.05, Beyond: mb},
}

// metricOf is where the program itself says how much it has of it.
var metricOf = map[string]string{
	"resident memory": "process_resident_memory_bytes",
	"live heap":       "go_memstats_next_gc_bytes", // twice what lived at the last collection
	"goroutines":      "go_goroutines",
	"descriptors":     "process_open_fds",
}

// TestRunsForHalfAnHour has five people type at a modest rate, reading as much as writing, open incidents and end them,
// click and look, and watches whether the program grows.
func TestRunsForHalfAnHour(t *testing.T) {
	together(t)
	long := time.Duration(Count(4, 1800)) * time.Second
	every, perSecond := 5*time.Second, 3
	if long < 5*time.Minute {
		every, perSecond = long/40, 25
	}
	s := newStage(t)
	p := newProgram(t, s.env)
	s.slack.SetBotURL(p.base())
	p.start()
	if _, ok := p.ready(10 * time.Second); !ok {
		t.Fatal("it does not start")
	}
	w := &walk{stage: s, dice: newDice(Seed()), most: 5}
	samples := map[string][]float64{}
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	look, step := time.NewTicker(every), time.NewTicker(time.Second/time.Duration(perSecond))
	defer look.Stop()
	defer step.Stop()
	for ctx.Err() == nil && !t.Failed() {
		select {
		case <-ctx.Done():
		case <-step.C:
			w.step(t)
		case <-look.C:
			s.sample(t, p, samples)
		}
	}
	var said []string
	for _, g := range gauges {
		if long < 5*time.Minute { // a start, not a run: what is still being filled is no leak
			g.Share, g.Beyond = g.Share+1, g.Beyond*5
		}
		text, err := g.Judge(samples[g.Name])
		if err != nil {
			t.Error(err)
		}
		said = append(said, text)
	}
	p.stop()
	sound(t, p.database())
	Figure{
		Program: "a soak: mixed commands at a modest rate", Seed: Seed(),
		Count:  fmt.Sprintf("%s, %d commands and looks of %d kinds, %d incidents, %d samples", long, w.done, len(walks), w.opened, len(samples["goroutines"])),
		Result: "flat: the median of the second fifth of the time → that of the last: " + strings.Join(said, ", "),
	}.Show(t)
}

// sample asks the program what it has.
func (s *stage) sample(t *testing.T, p *program, into map[string][]float64) {
	t.Helper()
	client := http.Client{Timeout: 5 * time.Second}
	resp, err := client.Get(p.base() + "/metrics")
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	told := map[string]float64{}
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		name, value, ok := strings.Cut(lines.Text(), " ")
		if v, err := strconv.ParseFloat(value, 64); ok && err == nil {
			told[name] = v
		}
	}
	for name, metric := range metricOf {
		v, ok := told[metric]
		if !ok {
			t.Errorf("/metrics does not tell %s", metric)
		}
		if name == "live heap" {
			v /= 2
		}
		into[name] = append(into[name], v)
	}
	info, err := os.Stat(p.database() + "-wal")
	if err != nil {
		t.Error(err)
		return
	}
	into["write-ahead log"] = append(into["write-ahead log"], float64(info.Size()))
}

// walk is a team that goes on and on: up to most incidents at once, each ended after a while.
type walk struct {
	*stage
	dice   *dice
	most   int
	open   []string // keys
	used   map[string]int
	done   int
	opened int
}

// lifetime is how many commands an incident gets before it is ended.
const lifetime = 200

// walks are what is typed; the first word of a good answer is not looked at, only that it is an answer.
var walks = []func(w *walk) string{
	func(w *walk) string { return "note " + w.dice.words() },
	func(w *walk) string { return "note " + w.dice.words() },
	func(*walk) string { return "status" },
	func(*walk) string { return "timeline" },
	func(*walk) string { return "tasks" },
	func(*walk) string { return "list" },
	func(*walk) string { return "rfo check" },
	func(*walk) string { return "similar" },
	func(*walk) string { return "help" },
	func(w *walk) string { return "taks " + w.dice.words() }, // a mistyped word
	func(w *walk) string { return "decide " + w.dice.words() },
	func(w *walk) string {
		return "impact about " + strconv.Itoa(1+w.dice.upTo(90)) + " % " + w.dice.words()
	},
	func(*walk) string { return "undo" },
	func(w *walk) string { return "service " + []string{"checkout", "search", "mail"}[w.dice.upTo(3)] },
	func(w *walk) string { return "lead @" + people[w.dice.upTo(len(people))] },
	func(w *walk) string { return "invite @" + people[w.dice.upTo(len(people))] },
	func(w *walk) string { return "sev " + strconv.Itoa(1+w.dice.upTo(4)) },
}

// step types one command, as somebody who is in the announcement channel.
func (w *walk) step(t *testing.T) {
	t.Helper()
	who := w.slack.Actor(w.users[w.dice.upTo(len(w.users))])
	if w.used == nil {
		w.used = map[string]int{}
	}
	if len(w.open) < w.most {
		text := w.typed(t, who.ID(), "open sev3 Outage "+w.dice.words())
		key := keyPattern.FindString(text)
		if key == "" {
			t.Errorf("open is answered %q", text)
			return
		}
		w.open, w.opened = append(w.open, key), w.opened+1
		return
	}
	at := w.dice.upTo(len(w.open))
	key := w.open[at]
	w.used[key]++
	switch {
	case w.used[key] == lifetime:
		w.typed(t, who.ID(), key+" resolve it is over")
		w.typed(t, who.ID(), key+" rfo skip this was a test of endurance")
		w.open = append(w.open[:at], w.open[at+1:]...)
	case w.used[key]%20 == 10: // a task, and its end
		w.typed(t, who.ID(), key+" task "+w.dice.words())
		w.typed(t, who.ID(), key+" task done T"+strconv.Itoa(w.used[key]/20+1))
	case w.dice.upTo(12) == 0:
		if err := who.OpenHome(t.Context()); err != nil {
			t.Error(err)
		}
		w.done++
	default:
		w.typed(t, who.ID(), key+" "+walks[w.dice.upTo(len(walks))](w))
	}
}

// typed types one line, which has to be answered.
func (w *walk) typed(t *testing.T, user, line string) string {
	t.Helper()
	a, err := w.slack.Actor(user).Slash(t.Context(), "incidents", "/incident", line)
	if err != nil || a.Status != http.StatusOK || a.Text() == "" || strings.HasPrefix(a.Text(), "NOT saved") {
		if t.Context().Err() == nil {
			t.Errorf("%q is answered %d %q %v", line, a.Status, a.Text(), err)
		}
	}
	w.done++
	return a.Text()
}
