package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/rollcall-bot/rollcall/bot/clock"
)

// fullThreat says that attacks are run in full; otherwise they are short enough for
// every change.
var fullThreat = os.Getenv("ROLLCALL_THREAT") == "full" || os.Getenv("ROLLCALL_CHAOS") == "full"

// often is how often something is done: in full, or as often as there is time for.
func often(full, short int) int {
	if fullThreat {
		return full
	}
	return short
}

// attacked is the real program in a process of its own, with every way in open and
// a Slack that is not there.
type attacked struct {
	t    *testing.T
	base string
	log  logged
}

// everyDoor are settings with which every address exists.
func everyDoor(dir string) map[string]string {
	return map[string]string{
		"SLACK_BOT_TOKEN": "xoxb-" + canary("bot"), "SLACK_SIGNING_SECRET": canary("signing"), "SLACK_API_URL": "http://127.0.0.1:9/api/",
		"ROLLCALL_ADDR": "127.0.0.1:0", "ROLLCALL_PUBLIC_URL": "http://127.0.0.1:9", "ROLLCALL_CONFIG": "", "ROLLCALL_RFO_DIR": filepath.Join(dir, "rfos"),
		"ROLLCALL_API_TOKEN": canary("api"), "ROLLCALL_API_READ_TOKEN": canary("read"), "ROLLCALL_ALERT_TOKEN": canary("alert"),
		"SENTRY_WEBHOOK_SECRET": canary("sentry"), "PAGERDUTY_WEBHOOK_SECRET": canary("webhook"),
		"SLACK_CLIENT_ID": "1.1", "SLACK_CLIENT_SECRET": canary("client"), "SLACK_ISSUER_URL": "http://127.0.0.1:9",
		"ROLLCALL_SESSION_KEY": canary("session") + canary("session"), "DATABASE_URL": "sqlite:" + filepath.Join(dir, "r.db"),
	}
}

func attack(t *testing.T) *attacked {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	a := &attacked{t: t}
	dir := t.TempDir()
	cmd := exec.Command(self)
	cmd.Args = []string{"rollcall", "serve"}
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.Env = dir, &a.log, &a.log, []string{aheadVariable + "=0s", "HOME=" + dir, "PATH=" + os.Getenv("PATH")}
	for name, value := range everyDoor(dir) {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	tell, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.ExtraFiles = []*os.File{write}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = write.Close() // the program has its own
	t.Cleanup(func() {
		_, _ = tell.Close(), cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
		_ = read.Close()
	})
	addr, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("it did not start: %v\n%s", err, a.log.String())
	}
	a.base = "http://" + strings.TrimSpace(addr)
	return a
}

// figure is a figure of /metrics.
func (a *attacked) figure(name string) float64 {
	a.t.Helper()
	_, body, err := fetch(a.t.Context(), http.MethodGet, a.base+"/metrics", nil, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindStringSubmatch(body)
	if found == nil {
		a.t.Fatalf("no %s in\n%s", name, body)
	}
	v, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		a.t.Fatal(err)
	}
	return v
}

// settles waits until a figure has come down again.
func (a *attacked) settles(name string, most float64) {
	a.t.Helper()
	ctx, cancel := context.WithTimeout(a.t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		now := a.figure(name)
		if now <= most {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			a.t.Errorf("%s is %g, and does not come below %g", name, now, most)
			return
		}
	}
}

// patterns are all addresses of the public server, read off its mux, so that a new
// one is attacked without anybody thinking of it.
func patterns(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	var env []string
	for name, value := range everyDoor(dir) {
		env = append(env, name+"="+value)
	}
	var log strings.Builder
	p := &program{
		environ: env, stdin: strings.NewReader(""), stdout: &log, stderr: &log,
		clock: clock.Real(time.Now), wall: time.Now, newID: uuid.NewString,
	}
	c, err := p.config()
	if err != nil {
		t.Fatal(err)
	}
	s, err := newServer(t.Context(), p, c, p.quiet())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	muxPatterns(reflect.ValueOf(s.public().Mux()), map[uintptr]bool{}, found)
	_ = s.doors.public.Close()
	if s.doors.local != nil {
		_ = s.doors.local.Close()
	}
	if err := s.store.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	var all []string
	for one := range found {
		all = append(all, one)
	}
	slices.Sort(all)
	if len(all) < 20 || !found["/slack/commands"] || !found["POST /incidents/{key}/note"] || !found["GET /readyz"] {
		t.Fatalf("the mux has %q: the test cannot read it any more", all)
	}
	return all
}

// muxPatterns walks a mux, which tells nobody what it serves: each pattern keeps the
// text that it was registered by.
func muxPatterns(v reflect.Value, seen map[uintptr]bool, found map[string]bool) {
	switch v.Kind() { //nolint:exhaustive // the others hold nothing
	case reflect.Pointer:
		if v.IsNil() || seen[v.Pointer()] {
			return
		}
		seen[v.Pointer()] = true
		muxPatterns(v.Elem(), seen, found)
	case reflect.Struct:
		if v.Type().PkgPath() == "net/http" && v.Type().Name() == "pattern" {
			found[v.FieldByName("str").String()] = true
			return
		}
		for n := range v.NumField() {
			muxPatterns(v.Field(n), seen, found)
		}
	case reflect.Slice:
		for n := range v.Len() {
			muxPatterns(v.Index(n), seen, found)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			muxPatterns(v.MapIndex(key), seen, found)
		}
	}
}

// authorised are the headers with which a body gets past the door of an address.
func authorised(path string, body []byte) http.Header {
	switch {
	case strings.HasPrefix(path, "/slack/"):
		return slackHeader(body)
	case strings.HasPrefix(path, "/pagerduty/"):
		return http.Header{"X-Pagerduty-Signature": {"v1=" + hexMAC(canary("webhook"), body)}, "X-Webhook-Id": {fmt.Sprint(len(body))}}
	case path == "/alerts/sentry":
		h, _ := monitorHeader("sentry:"+canary("sentry")+":event_alert", body)
		return h
	case strings.HasPrefix(path, "/alerts/"):
		return http.Header{"Authorization": {"Bearer " + canary("alert")}}
	case strings.HasPrefix(path, "/api/"):
		return http.Header{"Authorization": {"Bearer " + canary("api")}}
	}
	return http.Header{"Sec-Fetch-Site": {"same-origin"}}
}
