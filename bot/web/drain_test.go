package web_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/web"
)

// client is a connection to a server.
type client struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

func (s *served) dial() *client {
	s.t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = c.Close() })
	return &client{t: s.t, conn: c, in: bufio.NewReader(c)}
}

// ask asks once, and returns whether the server takes another request.
func (c *client) ask() (again bool) {
	c.t.Helper()
	if _, err := fmt.Fprint(c.conn, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		c.t.Fatal(err)
	}
	resp, err := http.ReadResponse(c.in, nil)
	if err != nil {
		c.t.Fatalf("a request was lost: %v", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		c.t.Fatalf("got %s", resp.Status)
	}
	return !resp.Close
}

// TestTheEndAnswersWhatWasSentToIt ends a server while one client keeps a connection
// open and another has just come: both are answered, and told to go elsewhere.
func TestTheEndAnswersWhatWasSentToIt(t *testing.T) {
	w := &world{}
	o := w.options()
	o.Now = time.Now
	up := serve(t, web.New(o))
	kept, early := up.dial(), up.dial()
	if !kept.ask() {
		t.Fatal("a connection is not kept")
	}
	up.stop()
	for late := time.Now().Add(10 * time.Second); up.dial().ask(); { // until the end has begun
		if time.Now().After(late) {
			t.Fatal("nobody is told that the server ends")
		}
	}
	if kept.ask() || early.ask() {
		t.Error("a client is not told that the server ends")
	}
	if err := <-up.done; err != nil {
		t.Fatal(err)
	}
}

// TestASilentClientDoesNotHoldUpTheEnd leaves connections open on which nothing is
// sent any more: the program that comes next waits for this one.
func TestASilentClientDoesNotHoldUpTheEnd(t *testing.T) {
	w := &world{}
	o := w.options()
	o.Now = time.Now
	up := serve(t, web.New(o))
	up.dial()
	up.dial().ask()
	up.stop()
	began := time.Now()
	if err := <-up.done; err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 4*time.Second { // 1 s; net/http alone takes 5
		t.Errorf("the end took %s", took)
	}
}
