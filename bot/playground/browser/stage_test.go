// Package browser plays the demo's page as a person does: in Chromium, by clicks and keys, on the program as it is built.
package browser

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// updateImages renews the pictures of the README: the tests that play the page take them on their way.
var updateImages = flag.Bool("update-images", false, "write the pictures in docs/images anew")

// images is where the pictures are.
const images = "../../../docs/images"

// chromium is the browser to drive, named by ROLLCALL_TEST_BROWSER. Without one the test is left out, unless nothing may be.
func chromium(t *testing.T) string {
	t.Helper()
	path := os.Getenv("ROLLCALL_TEST_BROWSER")
	switch {
	case path != "":
	case os.Getenv("ROLLCALL_TEST_NO_SKIP") != "":
		t.Fatal("there is no browser: set ROLLCALL_TEST_BROWSER=/usr/bin/chromium")
	default:
		t.Skip("set ROLLCALL_TEST_BROWSER=/usr/bin/chromium to play the demo's page in a browser")
	}
	return path
}

// built is where the program is built, once for all tests of a run.
var built string

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "rollcall-browser-")
	if err != nil {
		return "", err
	}
	built = dir
	path := filepath.Join(dir, "rollcall")
	out, err := exec.Command("go", "build", "-o", path, "github.com/rollcall-bot/rollcall/cmd/rollcall").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	os.Exit(code)
}

// address is what `rollcall demo` says of its page.
var address = regexp.MustCompile(`http://localhost:\d+`)

// openDemo starts `rollcall demo` and returns the address of its page. It ends with the test, and must end well.
func openDemo(t *testing.T) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	cmd := exec.Command(path, "demo")
	cmd.Dir = home
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TMPDIR=" + home, "TZ=UTC"}
	var trouble strings.Builder
	cmd.Stderr = &trouble
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	found, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		said := false
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if at := address.FindString(lines.Text()); at != "" && !said {
				said = true
				found <- at
			}
		}
		ended <- cmd.Wait()
	}()
	t.Cleanup(func() { endDemo(t, cmd, ended, &trouble) })
	select {
	case at := <-found:
		return at
	case err := <-ended:
		ended <- err
		t.Fatalf("the demo ended: %v\n%s", err, trouble.String())
	case <-time.After(30 * time.Second):
		t.Fatal("the demo did not say where its page is")
	}
	return ""
}

func endDemo(t *testing.T, cmd *exec.Cmd, ended <-chan error, trouble *strings.Builder) {
	if err := cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("the demo ended with %v\n%s", err, trouble.String())
		}
	case <-ctx.Done():
		t.Error("the demo did not end within 20 s of being asked to")
		_ = cmd.Process.Kill()
		<-ended //nolint:errcheck // it was killed
	}
}
