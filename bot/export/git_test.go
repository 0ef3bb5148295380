package export_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot/export"
	"github.com/rollcall-bot/rollcall/bot/guard"
	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// bare is a repository of somebody else's, and how to ask it things.
type bare struct {
	t   *testing.T
	dir string
}

func newBare(t *testing.T) bare {
	t.Helper()
	b := bare{t, filepath.Join(t.TempDir(), "incidents.git")}
	b.git("init", "--quiet", "--bare", b.dir)
	return b
}

func (b bare) git(args ...string) string {
	b.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + b.t.TempDir(), "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=Ana", "GIT_AUTHOR_EMAIL=ana@example.org",
		"GIT_COMMITTER_NAME=Ana", "GIT_COMMITTER_EMAIL=ana@example.org",
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		b.t.Fatalf("git %q: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (b bare) target() export.Git {
	return export.Git{Remote: "file://" + b.dir, Branch: "main", Email: "rollcall@example.org"}
}

func (b bare) show(path string) string { return b.git("-C", b.dir, "show", "main:"+path) + "\n" }

// commits is how many the branch has.
func (b bare) commits() string { return b.git("-C", b.dir, "rev-list", "--count", "main") }

// edit is somebody who changes a file by hand and pushes it.
func (b bare) edit(path, from, to string) {
	b.t.Helper()
	work := filepath.Join(b.t.TempDir(), "work")
	b.git("clone", "--quiet", "--branch", "main", b.dir, work)
	file := filepath.Join(work, path)
	text, err := os.ReadFile(file)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(text), from, to)), 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.git("-C", work, "commit", "--quiet", "-am", "by hand")
	b.git("-C", work, "push", "--quiet", "origin", "main")
}

const inGit = "rfo/2026/INC-7-checkout-is-down.md"

func revision(n int, text string) outbound.Paper {
	p := paper()
	p.Revision, p.Text.Edition = n, []byte(text)
	p.Take = func(context.Context, []byte) (outbound.Paper, error) { return p, nil }
	return p
}

func TestGitMakesOneCommitForEachRevision(t *testing.T) {
	b := newBare(t)
	for _, one := range []struct {
		n       int
		text    string
		commits string
	}{{1, "first\n", "1"}, {1, "first\n", "1"}, {2, "second\n", "2"}, {2, "second\n", "2"}} {
		place, err := b.target().Export(context.Background(), revision(one.n, one.text))
		if err != nil || place != inGit {
			t.Fatalf("%q, %v", place, err)
		}
		if got := b.show(inGit); got != one.text {
			t.Errorf("the file says %q", got)
		}
		if got := b.commits(); got != one.commits {
			t.Errorf("%s commits, want %s", got, one.commits)
		}
	}
	if got := b.git("-C", b.dir, "log", "-1", "--format=%an <%ae> %s", "main"); got != "Rollcall <rollcall@example.org> RFO of INC-7, revision 2" {
		t.Error(got)
	}
}

func TestGitKeepsWhatElseIsInTheRepositoryAndWhatPeopleWrote(t *testing.T) {
	b := newBare(t)
	other := revision(1, "another\n")
	other.Name = "INC-3-payments.md"
	for _, p := range []outbound.Paper{other, revision(1, "first\n")} {
		if _, err := b.target().Export(context.Background(), p); err != nil {
			t.Fatal(err)
		}
	}
	b.edit(inGit, "first", "first, by hand")
	next := revision(2, "second\n")
	var found string
	next.Take = func(_ context.Context, copied []byte) (outbound.Paper, error) {
		found = string(copied)
		return revision(2, "second, by hand\n"), nil
	}
	if _, err := b.target().Export(context.Background(), next); err != nil {
		t.Fatal(err)
	}
	if found != "first, by hand\n" || b.show(inGit) != "second, by hand\n" || b.show("rfo/2026/INC-3-payments.md") != "another\n" || b.commits() != "4" {
		t.Errorf("found %q, now %q, %s commits", found, b.show(inGit), b.commits())
	}
	next.Take = func(context.Context, []byte) (outbound.Paper, error) {
		return outbound.Paper{}, errors.New("no database")
	}
	if _, err := b.target().Export(context.Background(), next); outbound.FailureOf(err).End != outbound.NotDone || b.show(inGit) != "second, by hand\n" {
		t.Errorf("what could not be taken back was overwritten: %v", err)
	}
}

func TestGitAfterALostReplyPushesNothingTwice(t *testing.T) {
	b := newBare(t)
	// Over there the branch moves, and the connection is gone before a reply.
	hook := filepath.Join(b.dir, "hooks", "reference-transaction")
	if err := os.WriteFile(hook, []byte("#!/bin/sh\n[ \"$1\" = committed ] && kill -9 $PPID\nexit 0\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := b.target().Export(context.Background(), revision(1, "first\n"))
	if f := outbound.FailureOf(err); f == nil || f.End != outbound.Unclear {
		t.Fatalf("the first attempt: %v", err)
	}
	if err := os.Remove(hook); err != nil {
		t.Fatal(err)
	}
	if _, err := b.target().Export(context.Background(), revision(1, "first\n")); err != nil {
		t.Fatal(err)
	}
	if b.commits() != "1" || b.show(inGit) != "first\n" {
		t.Errorf("%s commits, %q", b.commits(), b.show(inGit))
	}
}

func TestGitGoesOnTopOfWhoWasFaster(t *testing.T) {
	b := newBare(t)
	if _, err := b.target().Export(context.Background(), revision(1, "first\n")); err != nil {
		t.Fatal(err)
	}
	g, once := b.target(), true
	g.Trace = func(args, _ []string) {
		if args[1] == "push" && once {
			once = false
			other := revision(1, "faster\n")
			other.Name = "INC-8.md"
			if _, err := b.target().Export(context.Background(), other); err != nil {
				t.Error(err)
			}
		}
	}
	if _, err := g.Export(context.Background(), revision(2, "second\n")); err != nil {
		t.Fatal(err)
	}
	if once || b.show(inGit) != "second\n" || b.show("rfo/2026/INC-8.md") != "faster\n" {
		t.Errorf("%v %q", once, b.show(inGit))
	}
}

func TestGitKeepsTheTokenToItself(t *testing.T) {
	var header string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header.Get("Authorization")
		w.WriteHeader(http.StatusForbidden)
	}))
	defer server.Close()
	const token = "not-a-real-token"
	g := export.Git{
		Remote: server.URL + "/incidents.git", Branch: "main", Token: token, Email: "r@example.org", Guard: guard.Options{Allow: []string{"127.0.0.1"}},
		Trace: func(args, _ []string) {
			if strings.Contains(strings.Join(args, " "), token) {
				t.Errorf("an argument holds the token: %q", args)
			}
		},
	}
	_, err := g.Export(context.Background(), revision(1, "first\n"))
	f, refused := outbound.Refusal(err)
	if !refused || !strings.HasPrefix(header, "Basic ") || strings.Contains(f.Error()+f.Fix, token) {
		t.Errorf("%v; header %t", err, header != "")
	}
	g.Guard = guard.Options{}
	if _, err := g.Export(context.Background(), revision(1, "first\n")); !strings.Contains(outbound.FailureOf(err).Fix, "outgoing.allow_hosts") {
		t.Errorf("it called an address that is not allowed: %v", err)
	}
}

func TestGitSaysWhatToChange(t *testing.T) {
	g := export.Git{Remote: "file://" + t.TempDir() + "/none.git", Branch: "main"}
	if f, refused := outbound.Refusal(func() error { _, err := g.Look(context.Background()); return err }()); !refused || f.Fix == "" {
		t.Errorf("%+v", f)
	}
	b := newBare(t)
	if found, err := b.target().Look(context.Background()); err != nil || found {
		t.Errorf("an empty repository: %t, %v", found, err)
	}
}
