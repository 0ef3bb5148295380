package export

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

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
