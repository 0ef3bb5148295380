package export_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/export"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/playground/githubfake"
	"github.com/rollcall-bot/rollcall/bot/playground/standin"
)

// reviewed is a repository whose branch is written by pull requests only.
type reviewed struct {
	bare
	github *githubfake.GitHub
	to     export.Git
}

func newReviewed(t *testing.T) reviewed {
	t.Helper()
	b := newBare(t)
	empty := b.git("-C", b.dir, "hash-object", "-t", "tree", "-w", "/dev/null")
	b.git("-C", b.dir, "update-ref", "refs/heads/main", b.git("-C", b.dir, "commit-tree", empty, "-m", "begin"))
	secret := strings.Repeat("t", 20)
	r := reviewed{bare: b, github: githubfake.New(secret, func() time.Time { return noon }), to: b.target()}
	r.github.AddRepo(acme)
	r.to.Pulls = &export.Pulls{GitHub: toGitHub(r.github.Start(t.Context()), secret), Repo: acme}
	return r
}

const (
	proposed  = "rollcall/INC-7"
	firstPull = "https://github.example.org/acme/shop/pull/1"
)

func (r reviewed) at(branch string) string {
	return r.git("-C", r.dir, "show", branch+":"+inGit) + "\n"
}

// brings exports until it is so, and returns the place.
func (r reviewed) brings(p outbound.Paper) string {
	r.t.Helper()
	var err error
	for range 4 {
		var place string
		if place, err = r.to.Export(context.Background(), p); err == nil {
			return place
		}
	}
	r.t.Fatal(err, outbound.FailureOf(err).Fix)
	return ""
}

// merge is somebody who merges the proposal, as GitHub squashes it.
func (r reviewed) merge(number int) {
	r.t.Helper()
	tree := r.git("-C", r.dir, "rev-parse", proposed+"^{tree}")
	r.git("-C", r.dir, "update-ref", "refs/heads/main", r.git("-C", r.dir, "commit-tree", tree, "-p", "main", "-m", "squashed"))
	r.github.Change(acme, number, func(i *githubfake.Issue) { i.State = "closed" })
}

func TestAnRFOHasOnePullRequest(t *testing.T) {
	r := newReviewed(t)
	for _, one := range []struct {
		n       int
		text    string
		commits string
	}{{1, "first\n", "2"}, {1, "first\n", "2"}, {2, "second\n", "3"}, {2, "second\n", "3"}} {
		if place := r.brings(revision(one.n, one.text)); place != firstPull {
			t.Errorf("it is at %s", place)
		}
		all := r.github.Issues(acme)
		if len(all) != 1 || all[0].Head != proposed || all[0].Base != "main" || !strings.HasPrefix(all[0].Title, "RFO of INC-7, revision "+string(rune('0'+one.n))) {
			t.Errorf("%+v", all)
		}
		if got := r.at(proposed); got != one.text || r.git("-C", r.dir, "rev-list", "--count", proposed) != one.commits || r.commits() != "1" {
			t.Errorf("%q in %s commits, main has %s", got, r.git("-C", r.dir, "rev-list", "--count", proposed), r.commits())
		}
	}
}

func TestAPullRequestAfterAMerge(t *testing.T) {
	r := newReviewed(t)
	r.brings(revision(1, "first\n"))
	r.merge(1)
	if place := r.brings(revision(1, "first\n")); place != firstPull || len(r.github.Issues(acme)) != 1 {
		t.Errorf("what is merged was proposed again: %s", place)
	}
	place := r.brings(revision(2, "second\n"))
	if place != "https://github.example.org/acme/shop/pull/2" || r.at(proposed) != "second\n" || r.at("main") != "first\n" {
		t.Errorf("%s: %q", place, r.at(proposed))
	}
	if got := r.git("-C", r.dir, "diff", "--stat", "main..."+proposed); !strings.Contains(got, "1 file changed, 1 insertion(+), 1 deletion(-)") {
		t.Errorf("proposed is %s", got)
	}
	// Its branch may be gone, as GitHub does when it is told to.
	r.merge(2)
	r.git("-C", r.dir, "update-ref", "-d", "refs/heads/"+proposed)
	if r.brings(revision(3, "third\n")); len(r.github.Issues(acme)) != 3 || r.at(proposed) != "third\n" {
		t.Errorf("%+v", r.github.Issues(acme))
	}
}

func TestAPullRequestKeepsWhatPeopleWrote(t *testing.T) {
	r := newReviewed(t)
	r.brings(revision(1, "first\n"))
	tree := r.git("-C", r.dir, "rev-parse", proposed+"^{tree}")
	b := bare{t, r.dir}
	b.git("-C", r.dir, "update-ref", "refs/heads/main", r.git("-C", r.dir, "commit-tree", tree, "-p", "main", "-m", "merged"))
	b.edit(inGit, "first", "first, on main")
	next := revision(2, "second\n")
	var found []string
	next.Take = func(_ context.Context, copied []byte) (outbound.Paper, error) {
		found = append(found, string(copied))
		with := revision(2, "second, with all\n")
		with.Take = next.Take
		return with, nil
	}
	if r.brings(next); strings.Join(found, "") != "first, on main\nfirst\n" || r.at(proposed) != "second, with all\n" {
		t.Errorf("taken back was %q, now %q", found, r.at(proposed))
	}
}

// TestAPullRequestThroughTrouble: whatever befalls a call, there is one.
func TestAPullRequestThroughTrouble(t *testing.T) {
	for name, fault := range map[string]githubfake.Fault{
		"lost reply": {Method: "POST pull", Kind: standin.LostReply, Times: 1},
		"half":       {Method: "POST pull", Kind: standin.Garbled, Times: 1},
		"blind":      {Method: "GET pulls", Kind: standin.Status, Times: 2},
	} {
		r := newReviewed(t)
		r.github.Faults.Inject(fault)
		if place := r.brings(revision(1, "first\n")); place != firstPull || len(r.github.Issues(acme)) != 1 {
			t.Errorf("%s: at %s, %+v", name, place, r.github.Issues(acme))
		}
	}
}

func TestAPullRequestIsRefusedInWordsThatSayWhatToDo(t *testing.T) {
	for _, one := range []struct {
		spoil func(*reviewed)
		want  string
	}{
		{func(r *reviewed) { r.github.Forbid(acme) }, "may not write"},
		{func(r *reviewed) { r.github.Token = "another" }, "is not valid"},
		{func(r *reviewed) { r.to.Branch = "release" }, "no branch release"},
	} {
		r := newReviewed(t)
		one.spoil(&r)
		_, err := r.to.Export(context.Background(), revision(1, "first\n"))
		if f, refused := outbound.Refusal(err); !refused || !strings.Contains(f.Fix, one.want) {
			t.Errorf("%v", err)
		}
	}
}
