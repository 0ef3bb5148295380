package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path"
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
	Pulls  *Pulls // brings each revision as a pull request; nil for a push to Branch
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
	bring := r.bring
	if g.Pulls != nil {
		bring = r.propose
	}
	for range gitTries {
		if place, err = bring(ctx, p); !errors.Is(err, errOvertaken) {
			break
		}
	}
	return place, err
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
	tip, err := repository{Git: g, dir: dir}.tip(ctx, g.Branch)
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
func (r repository) bring(ctx context.Context, p outbound.Paper) (place string, err error) {
	tip, err := r.fetch(ctx, r.Branch)
	if err != nil {
		return "", err
	}
	var parents []string
	if tip != "" {
		parents = []string{tip}
		var same bool
		if p, same, err = r.merged(ctx, tip, p); err != nil || same {
			return Path(p), err
		}
	}
	return Path(p), r.push(ctx, r.Branch, tip, parents, p)
}

// push makes a commit and pushes it to a branch.
func (r repository) push(ctx context.Context, branch, tree string, parents []string, p outbound.Paper) error {
	commit, err := r.commit(ctx, tree, parents, p)
	if err != nil {
		return err
	}
	_, err = r.git(ctx, nil, "push", "--quiet", r.Remote, commit+":refs/heads/"+branch)
	return err
}

// fetch brings a branch's last commit here; "" when there is no such branch.
func (r repository) fetch(ctx context.Context, branch string) (string, error) {
	tip, err := r.tip(ctx, branch)
	if err != nil || tip == "" {
		return "", err
	}
	if _, err := r.git(ctx, nil, "fetch", "--quiet", "--no-tags", "--depth", "1", r.Remote, "refs/heads/"+branch); err != nil {
		return "", err
	}
	return r.git(ctx, nil, "rev-parse", "--verify", "FETCH_HEAD")
}

// tip is a branch's last commit over there; "" when there is no such branch.
func (r repository) tip(ctx context.Context, branch string) (string, error) {
	out, err := r.git(ctx, nil, "ls-remote", "--heads", r.Remote, "refs/heads/"+branch)
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

// commit makes a commit that changes one file of a tree; "" is an empty one.
func (r repository) commit(ctx context.Context, base string, parents []string, p outbound.Paper) (string, error) {
	blob, err := r.git(ctx, p.Text.Edition, "hash-object", "-w", "--stdin")
	if err != nil {
		return "", err
	}
	if base != "" {
		if _, err := r.git(ctx, nil, "read-tree", base); err != nil {
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
	for _, parent := range parents {
		args = append(args, "-p", parent)
	}
	return r.git(ctx, nil, args...)
}
