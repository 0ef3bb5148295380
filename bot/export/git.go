package export

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/guard"
	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// Git says which repository RFOs are committed to.
type Git struct {
	Remote string // https, or file for one on this machine; without a password
	Branch string
	Token  string // for https; "" for none
	Email  string // of the commits' author
	Guard  guard.Options
	// Trace hears of each call of git, for tests; nil for nobody.
	Trace func(args, env []string)
}

const (
	// gitTimeout bounds one call of git, so that an export with all of its calls
	// ends within what a job may take.
	gitTimeout = 15 * time.Second
	// gitTries is how often a push is tried again that somebody else's came before.
	gitTries = 3
	// copyLimit bounds a file that is taken back; an RFO has some ten kilobytes.
	copyLimit = 1 << 20
)

// Path is where a paper stands in the repository.
func Path(p outbound.Paper) string {
	return path.Join("rfo", strconv.Itoa(p.Opened.UTC().Year()), p.Name)
}

// Export commits a revision to the branch and pushes it: one commit, and none when
// the file says that already, as it does after a push whose reply was lost. What
// people wrote into the file there is taken back first and stays in it.
func (g Git) Export(ctx context.Context, p outbound.Paper) (place string, err error) {
	if err := g.allowed(ctx); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "rollcall-git-")
	if err != nil {
		return "", &outbound.Failure{End: outbound.NotDone, Step: "git", Code: "folder", Err: err}
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	r := repository{Git: g, dir: dir}
	if _, err := r.git(ctx, nil, "init", "--quiet", "--bare", "."); err != nil {
		return "", err
	}
	for range gitTries {
		if err = r.bring(ctx, p); !errors.Is(err, errOvertaken) {
			break
		}
	}
	if err != nil {
		return "", err
	}
	return Path(p), nil
}

// allowed asks the guard about the remote's host: git makes its own connections.
func (g Git) allowed(ctx context.Context) error {
	u, err := url.Parse(g.Remote)
	if err != nil {
		return &outbound.Failure{End: outbound.Refused, Step: "git", Code: "address", Fix: "Mend rfo_git.remote in rollcall.yaml."}
	}
	if u.Scheme == "file" {
		return nil
	}
	err = guard.Look(ctx, g.Guard, u)
	var refused *guard.Refused
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return &outbound.Failure{End: outbound.Refused, Step: "git", Code: "not_allowed", Fix: refused.Error() + "."}
	}
	return &outbound.Failure{End: outbound.NotDone, Step: "git", Err: err}
}

// Look says whether the repository can be read and has the branch.
func (g Git) Look(ctx context.Context) (found bool, err error) {
	if err := g.allowed(ctx); err != nil {
		return false, err
	}
	dir, err := os.MkdirTemp("", "rollcall-git-")
	if err != nil {
		return false, fmt.Errorf("make a folder for git: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	tip, err := repository{Git: g, dir: dir}.tip(ctx)
	return tip != "", err
}

// repository is a bare one of our own for the time of an export: nothing is ever
// checked out, so nothing in the remote one can lead anywhere.
type repository struct {
	Git
	dir string
}

// errOvertaken says that somebody else pushed in between.
var errOvertaken = &outbound.Failure{End: outbound.NotDone, Step: "git push", Code: "overtaken"}

// bring makes the commit on top of what the branch holds now, and pushes it.
func (r repository) bring(ctx context.Context, p outbound.Paper) error {
	tip, err := r.tip(ctx)
	if err != nil {
		return err
	}
	if tip != "" {
		if _, err := r.git(ctx, nil, "fetch", "--quiet", "--no-tags", "--depth", "1", r.Remote, "refs/heads/"+r.Branch); err != nil {
			return err
		}
		if tip, err = r.git(ctx, nil, "rev-parse", "--verify", "FETCH_HEAD"); err != nil {
			return err
		}
		var same bool
		if p, same, err = r.merged(ctx, tip, p); err != nil || same {
			return err
		}
	}
	commit, err := r.commit(ctx, tip, p)
	if err != nil {
		return err
	}
	_, err = r.git(ctx, nil, "push", "--quiet", r.Remote, commit+":refs/heads/"+r.Branch)
	return err
}

// tip is the branch's last commit over there; "" when there is no such branch.
func (r repository) tip(ctx context.Context) (string, error) {
	out, err := r.git(ctx, nil, "ls-remote", "--heads", r.Remote, "refs/heads/"+r.Branch)
	commit, _, _ := strings.Cut(out, "\t")
	return commit, err
}

// merged is the paper with what people wrote into the file; same says that the
// file reads like it already.
func (r repository) merged(ctx context.Context, tip string, p outbound.Paper) (next outbound.Paper, same bool, err error) {
	listed, err := r.git(ctx, nil, "ls-tree", "--long", tip, "--", Path(p))
	if err != nil || listed == "" {
		return p, false, err
	}
	fields := strings.Fields(listed) // mode, type, object, size, path
	if len(fields) < 5 || fields[1] != "blob" {
		return p, false, &outbound.Failure{End: outbound.Refused, Step: "git", Code: "not_a_file", Fix: "move " + Path(p) + " away in the repository: it is not a file."}
	}
	if size, err := strconv.Atoi(fields[3]); err != nil || size > copyLimit {
		return p, false, &outbound.Failure{End: outbound.Refused, Step: "git", Code: "too_large", Fix: "move " + Path(p) + " away in the repository: it is larger than an RFO can be."}
	}
	found, err := r.raw(ctx, nil, "cat-file", "blob", fields[2])
	if err != nil || bytes.Equal(found, p.Text.Edition) {
		return p, err == nil, err
	}
	if next, err = p.Take(ctx, found); err != nil {
		return p, false, &outbound.Failure{End: outbound.NotDone, Step: "take edits back", Err: err}
	}
	return next, bytes.Equal(found, next.Text.Edition), nil
}

// commit makes a commit that changes one file.
func (r repository) commit(ctx context.Context, parent string, p outbound.Paper) (string, error) {
	blob, err := r.git(ctx, p.Text.Edition, "hash-object", "-w", "--stdin")
	if err != nil {
		return "", err
	}
	if parent != "" {
		if _, err := r.git(ctx, nil, "read-tree", parent); err != nil {
			return "", err
		}
	}
	if _, err := r.git(ctx, nil, "update-index", "--add", "--cacheinfo", "100644,"+blob+","+Path(p)); err != nil {
		return "", err
	}
	tree, err := r.git(ctx, nil, "write-tree")
	if err != nil {
		return "", err
	}
	args := []string{"commit-tree", tree, "-m", "RFO of " + p.Key + ", revision " + strconv.Itoa(p.Revision)}
	if parent != "" {
		args = append(args, "-p", parent)
	}
	return r.git(ctx, nil, args...)
}

// git runs git and returns what it printed, without the line end.
func (r repository) git(ctx context.Context, in []byte, args ...string) (string, error) {
	out, err := r.raw(ctx, in, args...)
	return strings.TrimRight(string(out), "\n"), err
}

// raw runs git, without a shell and with nothing of our environment but where
// programs are.
func (r repository) raw(ctx context.Context, in []byte, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, gitTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "git", args...) //nolint:gosec // the arguments are ours and the operator's
	cmd.Dir, cmd.Env, cmd.WaitDelay = r.dir, r.environment(), time.Second
	var out, trouble bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &trouble
	if r.Trace != nil {
		r.Trace(cmd.Args, cmd.Env)
	}
	if err := cmd.Run(); err != nil {
		return nil, gitTrouble("git "+args[0], trouble.String(), err)
	}
	return out.Bytes(), nil
}

// environment is what git runs with. The token is configuration of this one call:
// it stands in no argument and no file. A redirect would carry it elsewhere.
func (r repository) environment() []string {
	config := [][2]string{
		{"http.followRedirects", "false"}, {"credential.helper", ""}, {"core.hooksPath", "/dev/null"}, {"gc.auto", "0"},
	}
	if r.Token != "" {
		basic := base64.StdEncoding.EncodeToString([]byte("x-access-token:" + r.Token))
		config = append(config, [2]string{"http.extraHeader", "Authorization: Basic " + basic})
	}
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + r.dir, "LC_ALL=C", "GIT_DIR=" + filepath.Clean(r.dir), "GIT_CONFIG_NOSYSTEM=1",
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_TERMINAL_PROMPT=0", "GIT_ALLOW_PROTOCOL=https:http:file",
		"GIT_AUTHOR_NAME=Rollcall", "GIT_COMMITTER_NAME=Rollcall", "GIT_AUTHOR_EMAIL=" + r.Email, "GIT_COMMITTER_EMAIL=" + r.Email,
		"GIT_CONFIG_COUNT=" + strconv.Itoa(len(config)),
	}
	for n, one := range config {
		env = append(env, fmt.Sprintf("GIT_CONFIG_KEY_%d=%s", n, one[0]), fmt.Sprintf("GIT_CONFIG_VALUE_%d=%s", n, one[1]))
	}
	return env
}

// gitSays maps what git says to what an operator can do about it.
var gitSays = []struct{ word, code, fix string }{
	{"Authentication failed", "auth", "the repository refuses the token; look at ROLLCALL_RFO_GIT_TOKEN."},
	{"could not read Username", "auth", "the repository wants a token; set ROLLCALL_RFO_GIT_TOKEN."},
	{"returned error: 403", "forbidden", "the token may not write to the repository; give it that right."},
	{"returned error: 401", "auth", "the repository refuses the token; look at ROLLCALL_RFO_GIT_TOKEN."},
	{"does not appear to be a git repository", "not_found", "there is no repository at rfo_git.remote; mend it in rollcall.yaml."},
	{"epository not found", "not_found", "there is no repository at rfo_git.remote, or the token may not see it."},
	{"returned error: 404", "not_found", "there is no repository at rfo_git.remote, or the token may not see it."},
	{"dubious ownership", "owner", "the repository at rfo_git.remote belongs to another user of this machine; run Rollcall as that user, or use https."},
	{"protected branch", "protected", "the branch is protected; let Rollcall push to it, or name another one as rfo_git.branch."},
	{"[remote rejected]", "rejected", "the repository refuses the push; its hooks or its rules say why."},
}

// gitTrouble judges a call that failed. What git printed is not kept: it may quote
// what a server of others says.
func gitTrouble(step, said string, err error) *outbound.Failure {
	if errors.Is(err, exec.ErrNotFound) {
		return &outbound.Failure{End: outbound.Refused, Step: step, Code: "no_git", Fix: "the program git is not installed."}
	}
	if strings.Contains(said, "[rejected]") || strings.Contains(said, "fetch first") || strings.Contains(said, "cannot lock ref") {
		return errOvertaken
	}
	for _, one := range gitSays {
		if strings.Contains(said, one.word) {
			return &outbound.Failure{End: outbound.Refused, Step: step, Code: one.code, Fix: one.fix}
		}
	}
	return &outbound.Failure{End: outbound.Unclear, Step: step, Err: err}
}
