package main

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/storage/sqlite"
)

// The scripts in testdata/script are the program's promises, told as incidents.
// Each has a Slack of its own (slackfake) in this process, and runs the program
// as a process of its own, which can be stopped and killed. Both follow one clock
// that scripts move.

// atOnce is how many scripts play at once, unless -parallel says so: they wait for
// processes, disks and each other's answers much more than they work.
const atOnce = "4"

func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", atOnce); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"rollcall": asProcess})
}

// aheadVariable says how far the program's clock is ahead of the machine's.
const aheadVariable = "ROLLCALL_TEST_AHEAD"

// asProcess is the program as scripts run it: as it is, but for a clock that can
// be moved. A server says its address on file 3 when it is ready, and then answers
// there what it is asked on its standard input: "advance 5m", or what is "left".
func asProcess() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	ahead, _ := time.ParseDuration(os.Getenv(aheadVariable)) // none outside scripts
	p := &program{
		environ: os.Environ(), stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		clock: clock.At(time.Now().Add(ahead), time.Now), wall: time.Now, newID: uuid.NewString,
		slackRest: 200 * time.Millisecond, // the machine's time, which scripts do not wait for
	}
	if len(os.Args) > 1 && os.Args[1] == "serve" && os.Getenv(aheadVariable) != "" {
		confirm := os.NewFile(3, "confirm")
		p.started = func(s *server) {
			_, _ = fmt.Fprintln(confirm, s.Addr())
			go obey(ctx, s, confirm)
		}
		p.spoil = defective
	}
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			s := &stage{t: e.T(), dir: e.WorkDir}
			s.ctx, s.cancel = context.WithTimeout(context.Background(), patience)
			s.clock = clock.At(time.Now(), time.Now)
			s.began = s.clock.Now().Truncate(time.Second)
			site := &website{end: func() {}}
			e.Values[stageKey{}], e.Values[pagerKey{}], e.Values[siteKey{}], e.Values[browsersKey{}] = s, &pager{}, site, browsers{}
			reports := &sink{end: func() {}}
			e.Values[sinkKey{}] = reports
			e.Values[deployKey{}], e.Values[githubKey{}] = &deploy{}, &hub{}
			e.Values[publicKey{}] = &public{}
			e.Values[roomsKey{}], e.Values[receiverKey{}] = &callProviders{}, &receiver{}
			e.Defer(func() { e.Values[receiverKey{}].(*receiver).stop() }) //nolint:forcetypeassert // set above
			e.Defer(s.end)
			e.Defer(func() { site.end(); reports.end() })
			for name, value := range map[string]string{
				"DATABASE_URL": sqlite.Scheme + ":" + filepath.Join(e.WorkDir, databaseFile), "ROLLCALL_ADDR": "127.0.0.1:0",
				"ROLLCALL_RFO_DIR": filepath.Join(e.WorkDir, "rfos"), "ROLLCALL_CALL": "jitsi:https://meet.example.org",
			} {
				e.Setenv(name, value)
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"slack": onStage((*stage).slack), "person": onStage((*stage).person),
			"slash": onStage((*stage).slash), "long": onStage((*stage).long), "mention": onStage((*stage).mention), "click": onStage((*stage).click),
			"repeat": onStage((*stage).repeat), "channel": onStage((*stage).channel), "whispers": onStage((*stage).whispers),
			"says": onStage((*stage).says), "react": onStage((*stage).react), "unreact": onStage((*stage).unreact), "edit": onStage((*stage).edit),
			"modal": onStage((*stage).modal), "submit": onStage((*stage).submit), "draft": onStage((*stage).draft), "shortcut": onStage((*stage).shortcut), "home": onStage((*stage).home),
			"press": onStage((*stage).press), "harm": onStage((*stage).harm), "refuses": onStage((*stage).refuses), "dismiss": onStage((*stage).dismiss), "reads": onStage((*stage).reads),
			"dms": onStage((*stage).dms), "told": onStage((*stage).told), "calls": onStage((*stage).calls),
			"start": onStage((*stage).start), "shutdown": onStage((*stage).stop), "crash": onStage((*stage).kill),
			"advance": onStage((*stage).advance), "settle": onStage((*stage).settle), "await": onStage((*stage).await),
			"pagerduty": onStage((*stage).pagerduty), "pages": onStage((*stage).pages), "alarm": onStage((*stage).alarm), "hears": onStage((*stage).hears),
			"hostile": onStage((*stage).hostile), "alive": onStage((*stage).alive),
			"browse": onStage((*stage).browse), "writes": onStage((*stage).writes),
			"meet": onStage((*stage).meet), "zoom": onStage((*stage).zoom),
			"db": onStage((*stage).db), "get": onStage((*stage).get), "post": onStage((*stage).post), "log": onStage((*stage).log), "api": onStage((*stage).api),
			"site": onStage((*stage).site), "outside": onStage((*stage).outside), "deploys": onStage((*stage).deploys), "receiver": onStage((*stage).receiver), "github": onStage((*stage).github),
			"statuspage": onStage((*stage).statuspage), "canvas": onStage((*stage).canvas),
		},
	})
}

// databaseFile is a script's database, in its folder.
const databaseFile = "rollcall.db"

// patience bounds a script.
const patience = 90 * time.Second

type stageKey struct{}

// stage is what a script plays on.
type stage struct {
	t      testscript.T
	dir    string
	ctx    context.Context //nolint:containedctx // of the script
	cancel context.CancelFunc
	moments
	watch

	ws     *slackfake.Workspace
	people map[string]string // id by name
	last   int               // id of the last delivery of a person's
	server *process
	lock   *sql.Conn // holds the database's lock
}

// moments are when a script began, and how far its clock has been moved since.
type moments struct {
	clock *clock.Movable
	began time.Time
	ahead time.Duration
}

func onStage(do func(*stage, *testscript.TestScript, bool, []string)) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		do(ts.Value(stageKey{}).(*stage), ts, neg, args) //nolint:forcetypeassert // set by Setup
	}
}

// end ends what a script left running, and looks at how Slack was treated.
func (s *stage) end() {
	told := s.figures()
	if s.server != nil {
		s.server.end()
	}
	if s.ws != nil {
		s.manners()
		s.opaque()
	}
	s.discreet(told)
	s.cancel()
}

// manners fails a script in which Slack was sent what it does not take.
func (s *stage) manners() {
	for _, c := range s.ws.Calls("") {
		if c.Method == "calls.add" && c.Error == "missing_scope" {
			continue // a scope that Rollcall does without
		}
		switch c.Error {
		case "missing_scope", "invalid_blocks", "invalid_arguments", "invalid_form_data", "unknown_method", "msg_too_long":
			s.t.Log("slack refused:", c.Error, c.String())
			s.t.FailNow()
		}
	}
	if v := s.ws.Violations(); len(v) > 0 {
		s.t.Log("called although slack had asked to wait:", v)
		s.t.FailNow()
	}
}

// want fails a script whose command ended otherwise than it says.
func want(ts *testscript.TestScript, neg bool, err error) {
	switch {
	case err == nil && neg:
		ts.Fatalf("unexpected success")
	case err != nil && !neg:
		ts.Fatalf("%v", err)
	}
}

func usage(ts *testscript.TestScript, ok bool, text string) {
	if !ok {
		ts.Fatalf("usage: %s", text)
	}
}
