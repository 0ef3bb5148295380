package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheSocketIsFoundFromTheSettingsAlone(t *testing.T) {
	dir := t.TempDir()
	deep := filepath.Join(dir, strings.Repeat("deep/", 30))
	for name, c := range map[string]struct {
		config Config
		env    []string
		want   string // a suffix
	}{
		"set":          {Config{Server: ServerConfig{Socket: "/run/r.sock"}, DatabaseURL: NewSecret("sqlite:r.db")}, nil, "/run/r.sock"},
		"beside":       {Config{DatabaseURL: NewSecret("sqlite:" + dir + "/r.db")}, nil, dir + "/r.db.sock"},
		"too long":     {Config{DatabaseURL: NewSecret("sqlite:" + deep + "r.db")}, []string{"XDG_RUNTIME_DIR=/run/user/1"}, ".sock"},
		"postgres":     {Config{DatabaseURL: NewSecret("postgres://u:secret@h/d")}, []string{"XDG_RUNTIME_DIR=/run/user/1"}, ".sock"},
		"nothing else": {Config{DatabaseURL: NewSecret("postgres://u:secret@h/d")}, nil, ".sock"},
	} {
		p := &program{environ: c.env}
		one, err := p.socketPath(c.config)
		two, err2 := p.socketPath(c.config)
		if err != nil || err2 != nil || one != two || !strings.HasSuffix(one, c.want) {
			t.Errorf("%s: %q and %q (%v, %v), want …%s", name, one, two, err, err2, c.want)
		}
		if len(one) > socketPathMax || strings.Contains(one, "secret") {
			t.Errorf("%s: %q is too long, or tells the password", name, one)
		}
		if len(c.env) > 0 && !strings.HasPrefix(one, "/run/user/1/") {
			t.Errorf("%s: %q is not in the user's own folder", name, one)
		}
	}
}

func TestOnlyItsUserOpensTheSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "own", "r.sock")
	l, err := listenLocal(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		info, err := os.Stat(at)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want %v", at, info.Mode(), err, want)
		}
	}
	if _, err := listenLocal(t.Context(), path); err == nil || !strings.Contains(err.Error(), "another server answers") {
		t.Errorf("a second server: %v", err)
	}
	// A server that was killed leaves its socket behind.
	l.(*net.UnixListener).SetUnlinkOnClose(false) //nolint:forcetypeassert // of a unix socket
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := listenLocal(t.Context(), path)
	if err != nil {
		t.Fatalf("after a crash: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	// What is no socket is nobody's to remove.
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := listenLocal(t.Context(), path); err == nil || !strings.Contains(err.Error(), "no socket") {
		t.Errorf("a file in the way: %v", err)
	}
	if body, err := os.ReadFile(path); err != nil || string(body) != "precious" {
		t.Errorf("the file is %q, %v", body, err)
	}
}
