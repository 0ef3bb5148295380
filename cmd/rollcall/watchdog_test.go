package main

import (
	"context"
	"database/sql"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// hears is where the program tells systemd what it does.
type hears struct {
	t    *testing.T
	conn *net.UnixConn
	all  []string
}

func newHears(t *testing.T) (*hears, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return &hears{t: t, conn: c}, path
}

// next is what is said within a time, "" for nothing.
func (n *hears) next(within time.Duration) string {
	n.t.Helper()
	must(n.t, n.conn.SetReadDeadline(time.Now().Add(within)))
	buf := make([]byte, 4<<10)
	size, err := n.conn.Read(buf)
	if err != nil {
		return ""
	}
	n.all = append(n.all, string(buf[:size]))
	return string(buf[:size])
}

// until waits for a word.
func (n *hears) until(word string) {
	n.t.Helper()
	for late := time.Now().Add(30 * time.Second); time.Now().Before(late); {
		if n.next(time.Second) == word {
			return
		}
	}
	n.t.Fatalf("never said %s; %q", word, n.all)
}

// TestSystemdHearsThatTheDatabaseCanBeWritten has the watchdog fall silent while
// another program holds the database's lock, which has systemd start the program
// again, and speak again afterwards.
func TestSystemdHearsThatTheDatabaseCanBeWritten(t *testing.T) {
	t.Parallel()
	systemd, path := newHears(t)
	const interval = 400 * time.Millisecond // half of WatchdogSec, here 0.8 s
	s := newSocketed(t, "NOTIFY_SOCKET="+path, "WATCHDOG_USEC=800000")
	s.start()
	systemd.until(daemon.SdNotifyReady)
	s.ready()
	systemd.until(daemon.SdNotifyWatchdog)

	db, err := sql.Open("sqlite3", "file:"+s.database()+"?_txlock=exclusive&_busy_timeout=10000")
	must(t, err)
	defer func() { _ = db.Close() }()
	lock, err := db.BeginTx(context.WithoutCancel(t.Context()), nil)
	must(t, err)
	for systemd.next(5*interval) != "" { // what was said before
		if len(systemd.all) > 1000 {
			t.Fatal("the watchdog goes on while nothing can be written")
		}
	}
	if status, body, err := fetch(t.Context(), http.MethodGet, "http://"+s.l.Addr().String()+"/readyz", nil, nil); err != nil || status != http.StatusServiceUnavailable {
		t.Errorf("/readyz while nothing can be written: %d %q, %v", status, body, err)
	}
	if status, _, err := fetch(t.Context(), http.MethodGet, "http://"+s.l.Addr().String()+"/livez", nil, nil); err != nil || status != http.StatusOK {
		t.Errorf("/livez while nothing can be written: %d, %v", status, err)
	}
	must(t, lock.Rollback())
	systemd.until(daemon.SdNotifyWatchdog)

	s.end(syscall.SIGTERM)
	for systemd.next(100*time.Millisecond) != "" {
		continue
	}
	if n := slices.Index(systemd.all, daemon.SdNotifyStopping); n < 0 || slices.Index(systemd.all, daemon.SdNotifyReady) != 0 {
		t.Errorf("systemd was told %s", strings.Join(systemd.all, " "))
	}
}

// TestAnswersAreGivenWhileStepsEnd has Slack hang when the program ends: the step
// under way is waited for, and whoever types is not kept waiting with it.
func TestAnswersAreGivenWhileStepsEnd(t *testing.T) {
	t.Parallel()
	s := newSocketed(t)
	s.start()
	s.ready()
	s.ws.Inject(slackfake.Fault{Kind: slackfake.Hang, Method: "conversations.create", Delay: 3 * time.Second})
	if answer, err := s.send(t.Context(), http.DefaultClient, s.typed("T.open", "open checkout is down")); err != nil || !strings.Contains(answer, "INC-1") {
		t.Fatalf("%q, %v\n%s", answer, err, s.log)
	}
	must(t, s.ws.WaitFor(t.Context(), func() bool { return len(s.ws.Calls("conversations.create")) > 0 }))
	must(t, s.program.Process.Signal(syscall.SIGTERM))
	for !strings.Contains(s.log.String(), `"draining"`) {
		_, err := s.send(t.Context(), http.DefaultClient, s.typed("T.status", "status"))
		must(t, err)
	}
	began := time.Now()
	if answer, err := s.send(t.Context(), http.DefaultClient, s.typed("T.note", "INC-1 note while it ends")); err != nil || !strings.Contains(answer, "oted") {
		t.Errorf("%q, %v", answer, err)
	}
	if took := time.Since(began); took > time.Second || strings.Contains(s.log.String(), `"ended"`) {
		t.Errorf("answered after %s, ended: %t", took, strings.Contains(s.log.String(), `"ended"`))
	}
	must(t, s.program.Wait())
	s.program = nil
	once(t, s.database(), []string{"while it ends"})
}
