package export_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/export"
	"github.com/rollcall-bot/rollcall/bot/guard"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/playground/githubfake"
	"github.com/rollcall-bot/rollcall/bot/playground/standin"
	"github.com/rollcall-bot/rollcall/bot/rest"
	"github.com/rollcall-bot/rollcall/incident"
)

const acme = "acme/shop"

// tracker is GitHub with a repository, and what keeps issues there.
type tracker struct {
	t      *testing.T
	github *githubfake.GitHub
	issues export.Issues
	mu     sync.Mutex
	now    time.Time
}

func (k *tracker) clock() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now
}

func (k *tracker) pass(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.now = k.now.Add(d)
}

func newTracker(t *testing.T) *tracker {
	t.Helper()
	k := &tracker{t: t, now: noon}
	secret := strings.Repeat("t", 20)
	k.github = githubfake.New(secret, k.clock)
	k.github.AddRepo(acme)
	api := k.github.Start(t.Context())
	k.issues = export.Issues{GitHub: toGitHub(api, secret), Repo: acme, Label: "incident-action"}
	return k
}

func toGitHub(api, secret string) rest.GitHub {
	return rest.NewGitHub(api, rest.Token{Secret: secret, Variable: "ROLLCALL_TRACKER_TOKEN", May: "write to the repository's issues"},
		guard.Options{Timeout: 300 * time.Millisecond})
}

func ticket() outbound.Ticket {
	return outbound.Ticket{Mark: "i1/A1", Since: noon, Title: "Alert on the age", Text: "Done when it fired once.", State: incident.ActionOpen}
}

// brings tries as the job does, until it is so.
func (k *tracker) brings(t outbound.Ticket) outbound.Ticketed {
	k.t.Helper()
	for range 8 {
		done, err := k.issues.Bring(k.t.Context(), t)
		f := outbound.FailureOf(err)
		if f == nil {
			return done
		}
		if f.End == outbound.Refused {
			k.t.Fatal(f, f.Fix)
		}
		k.pass(max(f.Wait, time.Second))
	}
	k.t.Fatal("it does not end")
	return outbound.Ticketed{}
}

func (k *tracker) only() githubfake.Issue {
	k.t.Helper()
	all := k.github.Issues(acme)
	if len(all) != 1 {
		k.t.Fatalf("%d issues: %+v", len(all), all)
	}
	return all[0]
}

func TestIssueIsMadeOnceAndFollows(t *testing.T) {
	k := newTracker(t)
	one := ticket()
	link := k.brings(one).Link
	if link != "https://github.example.org/acme/shop/issues/1" || k.brings(one).Link != link {
		t.Fatal(link)
	}
	if got := k.only(); got.Title != one.Title || got.Labels[0] != "incident-action" || !strings.Contains(got.Body, one.Text) {
		t.Errorf("%+v", got)
	}
	one.Link = link
	k.github.Change(acme, 1, func(i *githubfake.Issue) {
		i.Title, i.Body = "Ana's title", strings.ReplaceAll("above\n"+i.Body+"\nbelow", "\n", "\r\n")
	})
	before := k.github.Calls("PATCH issue")
	k.brings(one)
	if k.github.Calls("PATCH issue") != before {
		t.Error("nothing was new, and it was changed")
	}
	one.Text = "Due on the 20th."
	k.brings(one)
	if got := k.only(); got.Title != "Ana's title" || !strings.HasPrefix(got.Body, "above") || !strings.HasSuffix(got.Body, "below") || !strings.Contains(got.Body, one.Text) || strings.Contains(got.Body, "fired once") {
		t.Errorf("%q", got.Body)
	}
	one.State = incident.ActionDone
	k.brings(one)
	if got := k.only(); got.State != "closed" || got.Reason != "completed" {
		t.Errorf("done: %+v", got)
	}
	one.State = incident.ActionOpen // undone
	if k.brings(one).Closed || k.only().State != "open" {
		t.Errorf("undone: %+v", k.only())
	}
	one.State = incident.ActionDropped
	k.brings(one)
	if got := k.only(); got.State != "closed" || got.Reason != "not_planned" {
		t.Errorf("dropped: %+v", got)
	}
	k.github.Change(acme, 1, func(i *githubfake.Issue) { i.State = "open" })
	k.brings(one)
	if k.only().State != "open" {
		t.Error("what people opened again was closed again")
	}
}

func TestIssueThatPeopleClosed(t *testing.T) {
	for reason, want := range map[string]bool{"completed": true, "": true, "not_planned": false, "duplicate": false} {
		k := newTracker(t)
		one := ticket()
		one.Link = k.brings(one).Link
		k.github.Change(acme, 1, func(i *githubfake.Issue) { i.State, i.Reason = "closed", reason })
		if got := k.brings(one); got.Closed != want || k.only().State != "closed" {
			t.Errorf("%q: %+v, now %s", reason, got, k.only().State)
		}
	}
}

func TestIssueOfAnActionThatIsNotThereAnyMore(t *testing.T) {
	k := newTracker(t)
	gone := ticket()
	gone.Gone = true
	if got := k.brings(gone); got.Link != "" || len(k.github.Issues(acme)) != 0 {
		t.Errorf("made for nothing: %+v", got)
	}
	done := ticket()
	done.State = incident.ActionDone
	if k.brings(done); len(k.github.Issues(acme)) != 0 {
		t.Error("made for what is done")
	}
	k.brings(ticket())
	k.brings(gone)
	if got := k.only(); got.State != "closed" || got.Reason != "not_planned" {
		t.Errorf("%+v", got)
	}
	elsewhere := ticket()
	elsewhere.Link = "https://github.example.org/acme/former/issues/1"
	before := k.github.Calls("GET issue")
	if got := k.brings(elsewhere); got.Link != elsewhere.Link || k.github.Calls("GET issue") != before || len(k.github.Issues(acme)) != 1 {
		t.Errorf("another repository's: %+v", got)
	}
}

// TestIssueThroughTrouble: whatever befalls a call, there is one issue.
func TestIssueThroughTrouble(t *testing.T) {
	for name, fault := range map[string]githubfake.Fault{
		"reset":        {Method: "POST issue", Kind: standin.Reset, Times: 2},
		"hang":         {Method: "POST issue", Kind: standin.Hang, Times: 1},
		"502":          {Method: "POST issue", Kind: standin.Status, Code: 502, Times: 2},
		"limited":      {Method: "POST issue", Kind: standin.Limited, RetryAfter: 30, Times: 1},
		"lost reply":   {Method: "POST issue", Kind: standin.LostReply, Times: 1},
		"half a reply": {Method: "POST issue", Kind: standin.Garbled, Times: 1},
		"blind":        {Method: "GET issues", Kind: standin.Status, Times: 3},
		"half a list":  {Method: "GET issues", Kind: standin.Garbled, Times: 1},
		"limited look": {Method: "GET issues", Kind: standin.Limited, RetryAfter: 10, Times: 2},
	} {
		t.Run(name, func(t *testing.T) {
			k := newTracker(t)
			k.github.Faults.Inject(fault)
			if got := k.brings(ticket()); got.Link == "" {
				t.Error("no link")
			}
			k.only()
		})
	}
	for _, kind := range []standin.Kind{standin.LostReply, standin.Garbled, standin.Reset, standin.Hang} {
		k := newTracker(t)
		one := ticket()
		one.Link = k.brings(one).Link
		one.State = incident.ActionDone
		k.github.Faults.Inject(githubfake.Fault{Method: "PATCH issue", Kind: kind, Times: 1})
		k.github.Faults.Inject(githubfake.Fault{Method: "GET issue", Kind: kind, Times: 1})
		if k.brings(one); k.only().State != "closed" {
			t.Errorf("%s: %+v", kind, k.only())
		}
	}
}

func TestIssueIsFoundAmongMany(t *testing.T) {
	k := newTracker(t)
	k.brings(ticket())
	for range 130 {
		other := ticket()
		other.Mark = "i1/A10" // begins like ours
		k.github.Change(acme, 1, func(*githubfake.Issue) {})
		if _, err := k.issues.GitHub.Ask(t.Context(), "POST", "/repos/"+acme+"/issues", map[string]any{"title": "x", "body": "<!-- rollcall:action i1/A10 open -->"}); err != nil {
			t.Fatal(err)
		}
	}
	if got := k.brings(ticket()); got.Link != "https://github.example.org/acme/shop/issues/1" || len(k.github.Issues(acme)) != 131 {
		t.Errorf("%+v", got)
	}
}

func TestIssueIsRefusedInWordsThatSayWhatToDo(t *testing.T) {
	for _, one := range []struct {
		spoil func(*tracker)
		want  string
	}{
		{func(k *tracker) { k.github.Forbid(acme) }, "ROLLCALL_TRACKER_TOKEN may not write to the repository's issues"},
		{func(k *tracker) { k.github.Token = "another" }, "ROLLCALL_TRACKER_TOKEN is not valid"},
		{func(k *tracker) { k.issues.Repo = "acme/none" }, "ROLLCALL_TRACKER_TOKEN does not reach it"},
	} {
		k := newTracker(t)
		one.spoil(k)
		_, err := k.issues.Bring(t.Context(), ticket())
		if f, refused := outbound.Refusal(err); !refused || !strings.Contains(f.Fix, one.want) || strings.Contains(f.Error()+f.Fix, strings.Repeat("t", 20)) {
			t.Errorf("%v", err)
		}
	}
	k := newTracker(t)
	if why := k.issues.Look(t.Context()); why != "" {
		t.Error(why)
	}
	k.issues.Repo = "acme/none"
	if why := k.issues.Look(t.Context()); !strings.Contains(why, "404") {
		t.Error(why)
	}
}
