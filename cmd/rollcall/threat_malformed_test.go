package main

import (
	"fmt"
	"math/rand"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot/playground/chaos"
)

// pieces are what malformed requests are made of.
var pieces = []string{
	`{`, `}`, `[`, `]`, `"`, `:`, `,`, `null`, `true`, `-1`, `1e999`, `0.1`, `99999999999999999999999999`, `"\ud800"`, `"\u0000"`, "\x00", "\xff\xfe", "\r\n\r\n",
	`"type"`, `"event"`, `"event_callback"`, `"app_mention"`, `"block_actions"`, `"view_submission"`, `"actions"`, `"user"`, `"id"`, `"U1"`, `"text"`, `"team"`,
	`"incident.triggered"`, `"data"`, `"occurred_at"`, `"alerts"`, `"status"`, `"firing"`, `"labels"`, `"startsAt"`, `"0001-01-01T00:00:00Z"`, `"title"`, `"severity"`,
	"payload=", "&", "=", "%", "%zz", "%00", "+", "text=open", "command=/incident", "ssl_check=1", "user_id=U1", "team_id=T1", "trigger_id=1", "token=", "code=", "id=",
	"open", "INC-1", "note", "<@U1>", "<!channel>", "'; DROP TABLE event;--", "../../etc/passwd", "\u202e", strings.Repeat("a", 5000), strings.Repeat("[", 2000), strings.Repeat(`{"a":`, 2000),
}

var (
	oddKeys  = []string{"INC-1", "inc-0", "INC-99999999999999999999", "INC--1", "", ".", "..", "%00", "\x01", "é😀", "INC-1/../INC-2", strings.Repeat("k", 3000), "style.css", "A1"}
	oddKinds = []string{"application/json", "application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", "multipart/form-data", "a/b; c=\"", ";;;", ""}
	methods  = []string{"GET", "POST", "POST", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW"}
)

func oddBody(random *rand.Rand) []byte {
	var b strings.Builder
	for range random.Intn(30) {
		b.WriteString(pieces[random.Intn(len(pieces))])
	}
	if random.Intn(3) == 0 {
		return []byte(url.Values{"payload": {b.String()}, "text": {b.String()}, "command": {"/incident"}, "user_id": {"U1"}, "team_id": {"T1"}}.Encode())
	}
	return []byte(b.String())
}

// TestMalformedRequestsBreakNothing sends nonsense to every address of the public
// server, mostly past its door: nothing panics, nothing is the server's own fault,
// and nothing stays behind.
func TestMalformedRequestsBreakNothing(t *testing.T) {
	a, c := attack(t), client()
	all := a.addresses()
	each := often(10_000, 150)
	const seed = 5
	random := rand.New(rand.NewSource(seed))
	statuses := map[int]int{}
	c.CloseIdleConnections()
	routines, files := a.figure("go_goroutines"), a.figure("process_open_fds")
	for _, one := range all {
		for range each {
			method, body := one.method, oddBody(random)
			if method == "" || random.Intn(3) == 0 {
				method = methods[random.Intn(len(methods))]
			}
			path := one.filled(oddKeys[random.Intn(len(oddKeys))])
			header := http.Header{}
			if random.Intn(5) > 0 {
				header = authorised(one.path, body)
			}
			if kind := oddKinds[random.Intn(len(oddKinds))]; kind != "" {
				header.Set("Content-Type", kind)
			}
			if random.Intn(4) == 0 {
				path += "?" + strings.ReplaceAll(pieces[random.Intn(len(pieces))], "\n", "") + "&format=pdf&days=x&source=%00&q=" + pieces[random.Intn(len(pieces))]
			}
			header.Set("Cookie", "rollcall_session="+oddKeys[len(oddKeys)-1-random.Intn(2)]+"; rollcall_visit=x; =; ;")
			status, text := a.sends(c, method, path, header, strings.NewReader(string(body)))
			statuses[status]++
			honest := status == http.StatusServiceUnavailable && strings.HasPrefix(one.path, "/sign-in") // Slack is not there
			unknown := status == http.StatusNotImplemented && method == "BREW"
			if status >= 500 && !honest && !unknown {
				t.Fatalf("%s %q with %.300q: %d %.300s", method, path, body, status, text)
			}
		}
	}
	c.CloseIdleConnections()
	// Connections to the database and workers begin when they are first needed. One request in a hundred that left
	// something behind would be more than that.
	a.settles("go_goroutines", routines+40)
	a.settles("process_open_fds", files+5)
	if n := a.figure("rollcall_panics_total"); n != 0 || strings.Contains(a.log.String(), "panic") {
		t.Errorf("%g panics\n%s", n, a.log.String())
	}
	if statuses[0] > each*len(all)/10 {
		t.Errorf("%d requests were never sent: %v", statuses[0], statuses)
	}
	chaos.Figure{
		Program: "malformed requests to every address of the public server", Seed: seed, Count: fmt.Sprintf("%d addresses, %d requests each", len(all), each),
		Result: fmt.Sprintf("0 panics, 0 answers that are the server's own fault, nothing left behind: goroutines %.0f → %.0f, descriptors %.0f → %.0f",
			routines, a.figure("go_goroutines"), files, a.figure("process_open_fds")),
	}.Show(t)
}
