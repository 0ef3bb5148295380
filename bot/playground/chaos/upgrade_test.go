package chaos

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/storage/storagetest"
)

// upgrade is a program of two versions, as one process or as two replicas, that people type at while one takes
// the other's place.
type upgrade struct {
	*load
	old, new string // programs
	places   []*program
	driver   string
	source   string
	starts   int
	rest     func() // ends the typing
}

// What the answers begin with that are neither yes nor a failure, and what only the newer version says.
const (
	heldBack  = "Rollcall is just being updated"
	unread    = "A newer Rollcall wrote to this incident"
	newerStep = "A step of the newer version for "
	newerCard = "A card of the newer version."
)

// newUpgrade starts the older version in each place and has people type.
func newUpgrade(t *testing.T, places int, url string) *upgrade {
	t.Helper()
	s := newStage(t)
	s.env["DATABASE_URL"] = url
	u := &upgrade{load: &load{stage: s, dice: newDice(Seed()), opens: 3, kills: 1, counts: map[string]int{}}, driver: "pgx", source: url}
	var err error
	if u.new, err = newer(); err != nil {
		t.Fatal(err)
	}
	if u.old, err = build(); err != nil {
		t.Fatal(err)
	}
	for range places {
		u.places = append(u.places, newProgram(t, s.env))
	}
	if url == "" {
		u.driver, u.source = "sqlite3", "file:"+u.places[0].database()+"?mode=ro&_busy_timeout=5000"
	}
	front := httptest.NewServer(&balancer{replicas: u.places, client: http.Client{Timeout: 10 * time.Second}})
	t.Cleanup(front.Close)
	s.slack.SetBotURL(front.URL)
	for _, p := range u.places {
		u.begin(p, u.old)
	}
	ctx, rest := context.WithCancel(context.Background())
	var all sync.WaitGroup
	u.rest = sync.OnceFunc(func() { rest(); all.Wait() })
	t.Cleanup(u.rest)
	all.Go(func() { u.hand(ctx, 1) })
	return u
}

// begin starts a version in a place, whose former life has ended. Each start has to come to something: nobody restarts in circles.
func (u *upgrade) begin(p *program, version string) {
	u.t.Helper()
	p.path = version
	p.start()
	u.starts++
	if _, ok := p.ready(30 * time.Second); !ok {
		u.t.Fatalf("it does not start on what the other version left:\n%s", p.lastLog(2000))
	}
}

// takes waits until more commands were saved, so that the present versions took some.
func (u *upgrade) takes(more int) {
	u.t.Helper()
	before := len(u.saved())
	if !within(context.Background(), time.Minute, func() bool { return len(u.saved()) >= before+more }) {
		u.t.Fatalf("only %d commands were saved", len(u.saved())-before)
	}
	for _, p := range u.places {
		select {
		case <-p.ended():
			u.t.Fatalf("a program ended by itself:\n%s", p.lastLog(2000))
		default:
		}
	}
}

// says types one command and remembers it as the others are; the answer may be no.
func (u *upgrade) says(name, line string) (answer string) {
	u.t.Helper()
	at := slices.IndexFunc(verbs, func(v verb) bool { return v.name == name })
	c := command{verb: name, token: token(u.next.Add(1))}
	a, err := u.slack.Actor(u.users[0]).Slash(context.Background(), "incidents", "/incident", line+" "+u.dice.words()+c.token)
	if err != nil {
		u.t.Fatal(err)
	}
	u.note(verbs[at], c, a)
	return a.Text()
}

// until types a command until it is answered in some way.
func (u *upgrade) until(verb, line, answer string) (said string) {
	u.t.Helper()
	if !within(context.Background(), time.Minute, func() bool { said = u.says(verb, line); return strings.HasPrefix(said, answer) }) {
		u.t.Fatalf("%s is answered %q, and never %q", line, said, answer)
	}
	return said
}

// count asks the database past the program.
func (u *upgrade) count(query string) (n int) {
	u.t.Helper()
	db, err := sql.Open(u.driver, u.source)
	if err != nil {
		u.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(context.Background(), query).Scan(&n); err != nil {
		u.t.Fatal(err)
	}
	return n
}

// open opens an incident by itself and returns its key.
func (u *upgrade) open(title string) (key string) {
	u.t.Helper()
	said := u.until("open", "open "+title, "")
	found := verbs[0].success.FindStringSubmatch(said)
	if found == nil {
		u.t.Fatalf("answered %q", said)
	}
	return "INC-" + found[1]
}

// TestReplicasOfTwoVersions rolls a newer version out over two replicas on one PostgreSQL while people type, kills the older
// one beside it and starts it again on the newer tables, takes the newer version back after it has written what the older
// one does not know, and rolls it out once more.
func TestReplicasOfTwoVersions(t *testing.T) {
	together(t)
	kills := Count(1, 20)
	u := newUpgrade(t, 2, storagetest.PostgresURL(t))
	one, two := u.places[0], u.places[1]
	quiet := u.open("Outage newer")
	u.takes(10)

	two.stop()
	u.begin(two, u.new)
	u.takes(10)
	u.until("decide", quiet+" decide", heldBack) // by the newer one, for the older one's sake
	u.until("decide", quiet+" decide", "Decided")
	for range kills {
		one.kill()
		u.begin(one, u.old) // on the newer tables
		u.takes(10)
	}
	if n := u.count(`SELECT count(*) FROM event WHERE kind = 'newer.said' OR kind = 'decision.made' AND version > 1`); n != 0 {
		t.Errorf("%d entries were written that the older version beside it cannot read", n)
	}

	one.stop()
	u.begin(one, u.new)
	u.shows(quiet)
	back := u.left()
	one.kill()
	u.begin(one, u.old)
	two.stop()
	u.begin(two, u.old)
	u.takenBack(quiet, back)
	one.stop()
	u.begin(one, u.new)
	two.kill()
	u.begin(two, u.new)
	u.wholeAgain(t, quiet, back, "two replicas of two versions on PostgreSQL: rolled out, the older one killed beside the newer one, taken back, rolled out again")
}

// TestTwoVersionsOnOneFile does so with one process on an SQLite file.
func TestTwoVersionsOnOneFile(t *testing.T) {
	together(t)
	u := newUpgrade(t, 1, "")
	p := u.places[0]
	quiet := u.open("Outage newer")
	u.takes(10)
	p.kill()
	u.begin(p, u.new)
	u.shows(quiet)
	back := u.left()
	p.kill()
	u.begin(p, u.old)
	u.takenBack(quiet, back)
	p.stop()
	u.begin(p, u.new)
	u.wholeAgain(t, quiet, back, "two versions on one SQLite file, one after the other: brought up, taken back, brought up again")
	sound(t, p.database())
}

// shows waits until the newer version, which is alone by now, has done what is new about it.
func (u *upgrade) shows(key string) {
	u.t.Helper()
	u.until("decide", key+" decide", "Decided")
	if !within(context.Background(), 20*time.Second, func() bool {
		return u.count(`SELECT count(*) FROM event WHERE kind = 'newer.said'`) == 1 && u.posted(newerStep) == 1 && u.posted(newerCard) == 1 &&
			u.count(`SELECT count(*) FROM event WHERE kind = 'decision.made' AND version = 2`) > 0
	}) {
		u.t.Fatalf("the newer version does not do what is new about it: %d entries of its clock, %d steps, %d cards; %d decisions of its kind", u.count(`SELECT count(*) FROM event WHERE kind = 'newer.said'`),
			u.posted(newerStep), u.posted(newerCard), u.count(`SELECT count(*) FROM event WHERE kind = 'decision.made' AND version = 2`))
	}
}

// left has the newer version decide on a step and a card that Slack does not take, so that they are left to whoever comes.
func (u *upgrade) left() (key string) {
	u.t.Helper()
	u.slack.Inject(slackfake.Fault{Method: "chat.postMessage", Kind: slackfake.Status, Match: func(c slackfake.Call) bool {
		return strings.Contains(c.Args["text"], "the newer version")
	}})
	key = u.open("Outage newer, late")
	u.until("decide", key+" decide", "Decided")
	if !within(context.Background(), time.Minute, func() bool { return u.count(`SELECT count(*) FROM event WHERE kind = 'newer.said'`) == 2 }) {
		u.t.Fatal("the newer version's clock does not go on")
	}
	return key
}

// takenBack looks at what the older version does with what the newer one wrote.
func (u *upgrade) takenBack(keys ...string) {
	u.t.Helper()
	u.slack.Heal()
	for _, key := range keys {
		u.until("note", key+" note", unread)
	}
	u.takes(20) // in all others
	if got := u.posted(newerStep); got != 1 {
		u.t.Errorf("the older version took %d steps that it does not know", got-1)
	}
	if n := u.count(`SELECT count(*) FROM effect WHERE kind = 'newer.post' AND state IN ('pending', 'sending')`); n != 1 {
		u.t.Errorf("%d steps wait for the newer version", n)
	}
	if n := u.count(`SELECT count(*) FROM card WHERE target = 'newer:1' AND wanted > sent`); n != 1 {
		u.t.Errorf("%d cards wait for the newer version", n)
	}
}

// wholeAgain has the newer version go on, and compares what was answered with what is there.
func (u *upgrade) wholeAgain(t *testing.T, quiet, back, program string) {
	t.Helper()
	for _, key := range []string{quiet, back} {
		u.until("note", key+" note", "Noted on")
	}
	u.takes(10)
	u.rest()
	var j journal
	if !within(context.Background(), time.Duration(Count(120, 600))*time.Second, func() bool { j = readOn(t, u.driver, u.source); return j.open == 0 }) {
		t.Errorf("%d outbound steps are still to do", j.open)
	}
	for _, p := range u.places {
		p.stop()
	}
	got := u.compare(u.saved(), u.commands, j)
	if steps, cards := u.posted(newerStep), u.posted(newerCard); steps != 2 || cards != 2 {
		t.Errorf("%d steps and %d cards of the newer version, for two incidents", steps, cards)
	}
	held, later := 0, 0
	for _, odd := range u.odd {
		switch {
		case strings.Contains(odd, heldBack):
			held++
		case strings.Contains(odd, unread):
			later++
		default:
			t.Logf("neither saved nor refused as not saved: %s", odd)
		}
	}
	Figure{
		Program: program, Seed: Seed(),
		Count: fmt.Sprintf("%d starts, %d commands answered as saved, %d effects outside; %d commands held back while the older version ran, %d left to the newer one", u.starts, got.saved, got.effects, held, later),
		Result: fmt.Sprintf("%d commands lost, %d doubled; %d effects doubled, %d missing; each start ready on the other version's tables",
			got.lost, got.doubled, len(got.twice), len(got.missing)),
	}.Show(t)
}

// posted counts the messages that stand in Slack with some words.
func (u *upgrade) posted(words string) (n int) {
	for _, ch := range u.slack.Snapshot().Channels {
		for _, m := range ch.Messages {
			if strings.Contains(m.Plain(), words) {
				n++
			}
		}
	}
	return n
}
