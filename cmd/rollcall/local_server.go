package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
)

// localRequest is what `rollcall do` sends.
type localRequest struct {
	ID        string `json:"id"`        // of this call, so that a repeat is one command
	Name      string `json:"name"`      // of the user at the terminal
	Line      string `json:"line"`      // as typed
	Confirmed bool   `json:"confirmed"` // has been asked, and means it
}

// localAnswer is what it gets.
type localAnswer struct {
	Kind    bot.Kind      `json:"kind"`
	Text    string        `json:"text"`
	Choices []localChoice `json:"choices,omitempty"`
}

// localChoice is a button as the command that it runs.
type localChoice struct {
	Label     string `json:"label"`
	Line      string `json:"line,omitempty"`
	Confirmed bool   `json:"confirmed,omitempty"`
	URL       string `json:"url,omitempty"` // where it leads, instead
}

// localBody bounds a request; a text has at most 3,000 characters.
const localBody = 64 << 10

// mount takes commands from the terminal. Whoever reaches it is the user that the
// server runs as: nobody else can open the socket.
func (c *conversation) mount(mux *http.ServeMux) {
	mux.HandleFunc("POST /take", c.takeCopy)
	mux.HandleFunc("POST /do", func(w http.ResponseWriter, r *http.Request) {
		var req localRequest
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, localBody))
		d.DisallowUnknownFields()
		if err := d.Decode(&req); err != nil {
			http.Error(w, "this is not a request of rollcall do", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_ = json.NewEncoder(w).Encode(c.do(r.Context(), req)) // the other side is gone: nobody to tell
	})
}

// listenLocal opens the socket so that only our user can.
func listenLocal(ctx context.Context, path string) (net.Listener, error) {
	if err := privateFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	if err := removeStale(ctx, path); err != nil {
		return nil, err
	}
	// Between making the socket and changing its mode anybody could open it, so it
	// is made with the right mode.
	old := syscall.Umask(0o177)
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	syscall.Umask(old)
	if err != nil {
		return nil, fmt.Errorf("listen for `rollcall do`: %w", err)
	}
	return l, nil
}

// privateFolder makes the socket's folder when there is none; one in a place that
// everybody can write must be ours.
func privateFolder(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return fmt.Errorf("make the folder of the socket: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if ok && info.Mode().Perm()&0o002 != 0 && info.Mode()&os.ModeSticky == 0 && int(owner.Uid) != os.Getuid() {
		return fmt.Errorf("the folder %s is open to everybody: name a path of your own in ROLLCALL_SOCKET", path)
	}
	return nil
}

// removeStale removes the socket of a server that was killed; one that answers
// is left alone.
func removeStale(ctx context.Context, path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode()&os.ModeSocket == 0 {
		return fmt.Errorf("%s is there and is no socket: name another path in ROLLCALL_SOCKET", path)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	c, err := (&net.Dialer{}).DialContext(ctx, "unix", path)
	if err == nil {
		_ = c.Close()
		return fmt.Errorf("another server answers at %s", path)
	}
	return os.Remove(path)
}
