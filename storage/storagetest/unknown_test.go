package storagetest

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/rollcall-bot/rollcall/storage"
)

// wire is a connection to the database server that can be cut right after a
// COMMIT has been passed on, before its answer comes back.
type wire struct {
	listener net.Listener
	server   string
	cut      atomic.Bool
}

// newWire listens on loopback in front of a server.
func newWire(t *testing.T, server string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: l, server: server}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(c)
		}
	}()
	return w
}

func (w *wire) carry(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", w.server)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() {
		_, _ = io.Copy(client, server)
		_ = client.Close()
	}()
	buf := make([]byte, 64<<10)
	for {
		n, err := client.Read(buf)
		if err != nil {
			return
		}
		if bytes.Contains(buf[:n], []byte("commit")) && w.cut.CompareAndSwap(true, false) {
			_ = client.Close() // nobody hears the answer
		}
		if _, err := server.Write(buf[:n]); err != nil {
			return
		}
	}
}

// TestACommitWithoutAnAnswerIsUnknown loses the answer to a COMMIT: the caller
// is told that nobody can tell, the function is not run a second time, and the
// writer sees afterwards what really happened.
func TestACommitWithoutAnAnswerIsUnknown(t *testing.T) {
	fx := Postgres(t)
	fx.opened("i1")
	u, err := url.Parse(fx.URL)
	if err != nil {
		t.Fatal(err)
	}
	w := newWire(t, u.Host)
	u.Host = w.listener.Addr().String()
	opts := fx.Options()
	opts.URL = u.String()
	s := fx.Another(opts)
	if err := s.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	runs := 0
	w.cut.Store(true)
	err = s.Write(t.Context(), func(tx *storage.Tx) error {
		runs++
		inc, err := tx.RawIncident("i1")
		if err != nil {
			return err
		}
		_, err = tx.Append(inc, fx.stamp(1), notes("x"))
		return err
	})
	if storage.CodeOf(err) != storage.Unknown || runs != 1 {
		t.Errorf("got %v after %d runs", err, runs)
	}
	stored := func(r *storage.Reader) error {
		inc, err := r.RawIncident("i1")
		if err == nil && inc.Head != 2 && inc.Head != 1 {
			t.Errorf("head %d", inc.Head)
		}
		return err
	}
	if err := errors.Join(s.Read(t.Context(), stored), add(s, fx, 2, "i1", notes("y")...)); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if state(t, s, "i1") != state(t, fx.Store, "i1") {
		t.Error("the writer and the database disagree")
	}
}
