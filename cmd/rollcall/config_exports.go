package main

import (
	"cmp"
	"errors"
	"net/url"
	"strings"
)

// RFOWebhook is where published RFOs are sent.
type RFOWebhook struct {
	URL string `key:"url" as:"address" doc:"Where to. It must be https and public, unless outgoing.allow_hosts names its host. What stands behind a question mark is shown nowhere."`
}

// RFOConfig is where published RFOs are written, and what their exports are signed with.
type RFOConfig struct {
	Dir           string
	WebhookSecret Secret
	GitToken      Secret
	TrackerToken  Secret
}

// TrackerConfig is where actions get issues.
type TrackerConfig struct {
	GitHub string `key:"github" as:"repository" doc:"The repository on GitHub; ROLLCALL_TRACKER_TOKEN may write its issues."`
	Label  string `key:"label" as:"text" try:"incident-action" doc:"A label that each issue gets. Without it none."`
}

// RFOGit is the repository that published RFOs are committed to.
type RFOGit struct {
	Remote string `key:"remote" as:"git remote" doc:"Its address, without a password. It must be public, unless outgoing.allow_hosts names its host; file:// is one on this machine."`
	Branch string `key:"branch" as:"git branch" doc:"The branch; it is made when it is not there. Without it main."`
	Email  string `key:"email" as:"e-mail" try:"rollcall@example.org" doc:"The address that stands with the commits. Without it rollcall@localhost."`
	// PullRequest is for GitHub, whose repository is what the address ends in.
	PullRequest bool `key:"pull_request" as:"yes or no" doc:"Whether each RFO comes as a pull request to branch, at GitHub; ROLLCALL_RFO_GIT_TOKEN may then write pull requests too."`
}

var (
	kindGitRemote = kind[string]{noun: "the address of a git repository that begins with https:// or file:///", try: "https://git.example.org/team/incidents.git", parse: func(s string) (string, error) {
		u, err := url.Parse(s)
		switch {
		case err != nil || u.RawQuery != "" || u.Fragment != "" || u.Path == "" || u.Path == "/":
			return "", errNotOne
		case u.User != nil:
			return "", errors.New("holds a user's name or password: set ROLLCALL_RFO_GIT_TOKEN instead")
		case u.Scheme == "https" && u.Hostname() != "", u.Scheme == "file" && u.Host == "":
			return s, nil
		}
		return "", errNotOne
	}}
	// kindGitBranch is a part of what git allows (git check-ref-format), and nothing that looks like an option.
	kindGitBranch = kind[string]{noun: "a branch's name", try: "main", parse: func(s string) (string, error) {
		for part := range strings.SplitSeq(s, "/") {
			if !gitName().MatchString(part) || strings.Contains(part, "..") || strings.HasSuffix(part, ".lock") || strings.HasSuffix(part, ".") {
				return "", errNotOne
			}
		}
		return s, nil
	}}
	gitName = lazily(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$`)
)

// repo is the repository that the address ends in, as OWNER/NAME; "" for none.
func (g RFOGit) repo() string {
	u, err := url.Parse(g.Remote)
	if err != nil {
		return ""
	}
	parts := strings.Split(strings.Trim(strings.TrimSuffix(u.Path, ".git"), "/"), "/")
	if len(parts) < 2 {
		return ""
	}
	name := strings.Join(parts[len(parts)-2:], "/")
	if _, err := kindRepository.parse(name); err != nil {
		return ""
	}
	return name
}

// kindWebhookAddress is where something may be sent.
var kindWebhookAddress = kind[string]{noun: "an address that begins with https:// or http://", try: "https://wiki.example.org/hooks/rfo", parse: func(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || len(s) > 2000 {
		return "", errNotOne
	}
	if u.User != nil {
		return "", errors.New("holds a user's name or password, which the log would show")
	}
	return s, nil
}}

// checkExports gives what is not said its default, and wants all of what an export needs. A secret alone does nothing.
func checkExports(c *Config, file *fileReader) *ConfigError {
	if g := &c.Practice.RFOGit; g.Remote != "" {
		g.Branch, g.Email = cmp.Or(g.Branch, "main"), cmp.Or(g.Email, "rollcall@localhost")
		if g.PullRequest && !c.RFO.GitToken.IsSet() {
			return &ConfigError{
				Key: "ROLLCALL_RFO_GIT_TOKEN", Why: "is not set, but rfo_git.pull_request opens pull requests with it",
				Try: "set it, or remove pull_request",
			}
		}
		if g.PullRequest && g.repo() == "" {
			return file.misfit("rfo_git.remote", g.Remote, "does not end in a repository's OWNER/NAME, which a pull request needs", "try https://github.com/acme/incidents.git")
		}
	}
	if c.Practice.RFOWebhook.URL != "" && !c.RFO.WebhookSecret.IsSet() {
		return &ConfigError{
			Key: "ROLLCALL_RFO_WEBHOOK_SECRET", Why: "is not set, but rfo_webhook signs with it",
			Try: "set it, try " + kindBearer.try + ", or remove rfo_webhook",
		}
	}
	if c.Practice.Tracker.GitHub != "" && !c.RFO.TrackerToken.IsSet() {
		return &ConfigError{
			Key: "ROLLCALL_TRACKER_TOKEN", Why: "is not set, but tracker makes issues with it",
			Try: "set it to a token that may write the issues of " + c.Practice.Tracker.GitHub + ", or remove tracker",
		}
	}
	return nil
}
