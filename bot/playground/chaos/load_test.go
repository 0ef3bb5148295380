package chaos

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// verb is a kind of command that is sent, how many of each hundred, how many at most, and how its success reads.
type verb struct {
	name    string
	percent int
	most    int // for each ten kills; 0 for any number
	success *regexp.Regexp
	line    func(l *load, of *subject, token string) string
}

var verbs = []verb{
	{"open", 6, 0, regexp.MustCompile(`INC-(\d+)`), func(_ *load, _ *subject, token string) string { return "open Outage " + token }},
	{"task", 14, 4, regexp.MustCompile(`^Task \*T`), func(l *load, of *subject, token string) string { return of.key + " task " + l.dice.words() + token }},
	{"decide", 4, 1, regexp.MustCompile(`^Decided`), func(l *load, of *subject, token string) string { return of.key + " decide " + l.dice.words() + token }},
	{"page", 4, 1, regexp.MustCompile(`^Paging`), func(l *load, of *subject, token string) string {
		return of.key + " page @" + people[of.nextPaged()] + " " + token
	}},
	{"action", 4, 1, regexp.MustCompile(`^Action A`), func(l *load, of *subject, token string) string {
		return of.key + " action @ben by 2w " + l.dice.words() + token
	}},
	{"invite", 4, 2, regexp.MustCompile(`being added`), func(l *load, of *subject, _ string) string {
		return of.key + " invite @" + people[l.dice.upTo(len(people))]
	}},
	{"title", 6, 0, regexp.MustCompile(`is now called`), func(_ *load, of *subject, token string) string { return of.key + " title Outage " + token }},
	{"update", 3, 1, regexp.MustCompile(`^Update E`), func(_ *load, of *subject, token string) string { return of.key + " update We know of it " + token }},
	{"note", 55, 0, regexp.MustCompile(`^Noted on`), func(_ *load, of *subject, token string) string { return of.key + " note " + token }},
}

// slow are what a short form does without: an update is held for 20 s, and a topic that shows a title stands for a minute.
var slow = map[string]bool{"update": true, "title": true}

// command is one command and what came of it.
type command struct {
	verb  string
	token string
	saved bool // it was answered as done
	said  string
}

// subject is an incident that the load knows of, since its opening was answered.
type subject struct {
	key   string
	paged atomic.Int64
	acts  atomic.Int64
}

// nextPaged is a person who was not paged about it yet, as long as there is one.
func (s *subject) nextPaged() int { return int(s.paged.Add(1)-1) % len(people) }

// load types commands in several hands and remembers each.
type load struct {
	*stage
	dice  *dice
	opens int // at most
	kills int // that are planned: how much there is to be carried out depends on it
	next  atomic.Int64

	mu       sync.Mutex
	subjects []*subject
	counts   map[string]int
	commands []command
	odd      []string // answers that are neither yes nor no
}

// pick chooses the next verb and its incident.
func (l *load) pick() (verb, *subject) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.subjects) == 0 {
		return verbs[0], nil // whoever is answered first
	}
	at := l.dice.upTo(100)
	of := l.subjects[l.dice.upTo(len(l.subjects))]
	for _, v := range verbs {
		if at -= v.percent; at >= 0 {
			continue
		}
		most := v.most*l.kills/10 + v.most
		switch {
		case v.name == "open" && l.counts["open"] >= l.opens, v.most > 0 && l.counts[v.name] >= most, l.kills < 100 && slow[v.name]:
		case v.name == "page" && of.paged.Load() >= int64(len(people)), v.name == "action" && of.acts.Add(1) > 3:
		case v.name == "open":
			return v, of // counted when it is answered
		default:
			l.counts[v.name]++
			return v, of
		}
		break
	}
	return verbs[len(verbs)-1], of
}

// hand types until ctx ends.
func (l *load) hand(ctx context.Context, n int) {
	for ctx.Err() == nil {
		v, of := l.pick()
		c := command{verb: v.name, token: token(l.next.Add(1))}
		a, err := l.slack.Actor(l.users[n%len(l.users)]).Slash(context.WithoutCancel(ctx), "incidents", "/incident", v.line(l, of, c.token))
		if err != nil {
			l.t.Errorf("%s: %v", v.name, err)
			return
		}
		l.note(v, c, a)
		if a.Status != http.StatusOK {
			select { // it is dead
			case <-ctx.Done():
			case <-time.After(2 * time.Millisecond):
			}
		}
	}
}

// note remembers what a command came to.
func (l *load) note(v verb, c command, a slackfake.Answer) {
	c.said = a.Text()
	found := v.success.FindStringSubmatch(c.said)
	c.saved = a.Status == http.StatusOK && a.Error == "" && found != nil && !strings.HasPrefix(c.said, "NOT saved")
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.saved && v.name == "open" {
		l.counts["open"]++
		l.subjects = append(l.subjects, &subject{key: "INC-" + found[1]})
	}
	if a.Status == http.StatusOK && !c.saved && !strings.HasPrefix(c.said, "NOT saved") {
		l.odd = append(l.odd, v.name+": "+c.said)
	}
	l.commands = append(l.commands, c)
}

// saved are the commands that were answered as done.
func (l *load) saved() (list []command) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.commands {
		if c.saved {
			list = append(list, c)
		}
	}
	return list
}

// end resolves everything and has the RFOs published, which uploads them.
func (l *load) end(ctx context.Context) error {
	l.mu.Lock()
	all := l.subjects
	l.mu.Unlock()
	for _, of := range all {
		for _, line := range []string{" resolve", " rfo publish"} {
			a, err := l.slack.Actor(l.users[0]).Slash(ctx, "incidents", "/incident", of.key+line)
			if err != nil || a.Status != http.StatusOK || strings.HasPrefix(a.Text(), "NOT saved") {
				return fmt.Errorf("%s%s was answered %d %s: %w", of.key, line, a.Status, a.Text(), err)
			}
		}
	}
	return nil
}
