package export

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/rest"
	"github.com/rollcall-bot/rollcall/incident"
)

// Issues keeps an issue on GitHub for each action.
type Issues struct {
	GitHub rest.GitHub
	Repo   string // OWNER/NAME
	Label  string
}

const (
	// issuePages bounds how far back it is looked for an issue: so many times a hundred.
	issuePages = 10
	// issueAppears is how long a list may take to show an issue that was made.
	issueAppears = 30 * time.Second
	issueSkew    = time.Minute // how far GitHub's clock may be behind ours
	titleLimit   = 250         // runes; GitHub takes 256
)

// The marks around what Rollcall wrote. What people write outside of them stays, and
// the state in the first one tells what Rollcall did from what people did.
const (
	markBegin = "<!-- rollcall:action "
	markEnd   = "<!-- rollcall:end -->"
)

// issue is an issue as the API shows it.
type issue struct {
	Number int       `json:"number"`
	Title  string    `json:"title"`
	Body   string    `json:"body"`
	State  string    `json:"state"`
	Reason string    `json:"state_reason"`
	URL    string    `json:"html_url"`
	Pull   *struct{} `json:"pull_request"` // a pull request is listed among the issues
}

// Bring makes an action's issue, or has it say what is so: its text, and that it is
// done or dropped. It may be repeated freely.
//
// Class: detectable. Before one is made, the repository's issues are looked through
// for the action's mark. GitHub's search is not used for it: what was just made
// appears there late. Two attempts at a time are kept apart by the caller.
func (s Issues) Bring(ctx context.Context, t outbound.Ticket) (outbound.Ticketed, error) {
	found, f := s.find(ctx, t)
	switch {
	case f != nil:
		return outbound.Ticketed{}, f
	case found == nil && (t.Link != "" || t.Gone || t.State != incident.ActionOpen):
		return outbound.Ticketed{Link: t.Link}, nil // another repository's, deleted, or not needed any more
	case found == nil:
		return s.create(ctx, t)
	}
	done := outbound.Ticketed{Link: found.URL}
	change := map[string]any{}
	if body := rewritten(found.Body, t); body != found.Body {
		change["body"] = body
	}
	wanted := t.State == incident.ActionOpen && !t.Gone
	was := writtenState(found.Body, t)
	switch open := found.State == "open"; {
	case wanted && !open && was == string(incident.ActionOpen):
		// People closed it. Why is theirs to say; only "completed" says that it is done.
		if found.Reason != "not_planned" && found.Reason != "duplicate" {
			return outbound.Ticketed{Link: found.URL, Closed: true}, nil
		}
	case wanted && !open:
		change["state"] = "open"
	case !wanted && open && was != stateOf(t): // else people opened it again
		change["state"], change["state_reason"] = "closed", "not_planned"
		if t.State == incident.ActionDone && !t.Gone {
			change["state_reason"] = "completed"
		}
	}
	if len(change) == 0 {
		return done, nil
	}
	var changed issue
	if f := s.GitHub.Into(ctx, &changed, "change an issue", http.MethodPatch, s.path()+"/"+strconv.Itoa(found.Number), change); f != nil {
		return outbound.Ticketed{}, f
	}
	return done, nil
}

func (s Issues) path() string { return "/repos/" + s.Repo + "/issues" }

// find is the action's issue; nil for none.
func (s Issues) find(ctx context.Context, t outbound.Ticket) (*issue, *outbound.Failure) {
	if t.Link != "" {
		return s.linked(ctx, t.Link)
	}
	query := url.Values{
		"state": {"all"}, "sort": {"created"}, "direction": {"desc"}, "per_page": {"100"},
		"since": {t.Since.Add(-issueSkew).UTC().Format(time.RFC3339)},
	}
	for page := 1; page <= issuePages; page++ {
		query.Set("page", strconv.Itoa(page))
		var all []issue
		if f := s.GitHub.Into(ctx, &all, "look for an issue", http.MethodGet, s.path()+"?"+query.Encode(), nil); f != nil {
			return nil, looked(f)
		}
		for n := range all {
			if all[n].Pull == nil && strings.Contains(all[n].Body, markBegin+t.Mark+" ") {
				return &all[n], nil
			}
		}
		if len(all) < 100 {
			break
		}
	}
	return nil, nil
}

// linked is the issue at a link of this repository; nil for one of another
// repository, which the settings named before, and for one that was deleted.
func (s Issues) linked(ctx context.Context, link string) (*issue, *outbound.Failure) {
	u, err := url.Parse(link)
	if err != nil {
		return nil, nil //nolint:nilerr // a link that is none belongs to no issue of ours
	}
	at, number, ok := strings.Cut(u.Path, "/issues/")
	n, _ := strconv.Atoi(number) // 0 when it is none
	if !ok || n < 1 || !strings.HasSuffix(strings.ToLower(at), "/"+strings.ToLower(s.Repo)) {
		return nil, nil
	}
	a, f := s.GitHub.Ask(ctx, http.MethodGet, s.path()+"/"+number, nil)
	switch {
	case f != nil:
		return nil, looked(f)
	case a.Status == http.StatusGone:
		return nil, nil
	case !a.Well():
		return nil, looked(s.GitHub.Unwilling(a, "look at an issue"))
	}
	var one issue
	if err := json.Unmarshal(a.Body, &one); err != nil {
		return nil, &outbound.Failure{End: outbound.NotDone, Step: "look at an issue", Err: err}
	}
	return &one, nil
}

// looked is the failure of a look, which changes nothing whatever became of it.
func looked(f *outbound.Failure) *outbound.Failure {
	if f.End == outbound.Unclear {
		f.End = outbound.NotDone
	}
	return f
}

func (s Issues) create(ctx context.Context, t outbound.Ticket) (outbound.Ticketed, error) {
	order := map[string]any{"title": shortened(t.Title), "body": written(t)}
	if s.Label != "" {
		order["labels"] = []string{s.Label}
	}
	var made issue
	if f := s.GitHub.Into(ctx, &made, "make an issue", http.MethodPost, s.path(), order); f != nil {
		if f.End == outbound.Unclear {
			f.Wait = issueAppears // before it is looked for
		}
		return outbound.Ticketed{}, f
	}
	return outbound.Ticketed{Link: made.URL}, nil
}

func shortened(title string) string {
	if r := []rune(title); len(r) > titleLimit {
		return string(r[:titleLimit-1]) + "…"
	}
	return title
}

// stateOf is the state as it stands in the mark.
func stateOf(t outbound.Ticket) string {
	if t.Gone {
		return "gone"
	}
	return string(t.State)
}

// written is what Rollcall writes into an issue.
func written(t outbound.Ticket) string {
	return fmt.Sprintf("%s%s %s -->\n%s\n%s\n", markBegin, t.Mark, stateOf(t), strings.TrimSpace(t.Text), markEnd)
}

// region is where in a body Rollcall wrote about an action; ok is false when people
// have taken its marks away.
func region(body string, t outbound.Ticket) (from, to int, ok bool) {
	from = strings.Index(body, markBegin+t.Mark+" ")
	if from < 0 {
		return 0, 0, false
	}
	end := strings.Index(body[from:], markEnd)
	if end < 0 {
		return 0, 0, false
	}
	return from, from + end + len(markEnd), true
}

// rewritten is a body with the present text in place of the former; the same body
// when there is nothing of ours in it any more.
func rewritten(body string, t outbound.Ticket) string {
	from, to, ok := region(body, t)
	if !ok {
		return body
	}
	// GitHub's page ends lines in another way when people edit there.
	now, had := strings.TrimRight(written(t), "\n"), strings.ReplaceAll(body[from:to], "\r\n", "\n")
	if now == had {
		return body
	}
	return body[:from] + now + body[to:]
}

// writtenState is the state that Rollcall last wrote; open when it cannot be told.
func writtenState(body string, t outbound.Ticket) string {
	from, _, ok := region(body, t)
	if !ok {
		return string(incident.ActionOpen)
	}
	state, _, _ := strings.Cut(body[from+len(markBegin+t.Mark+" "):], " ")
	return state
}

// Look says whether the repository is there and takes issues: "" when it does, else
// why not.
func (s Issues) Look(ctx context.Context) string {
	var found struct {
		HasIssues bool `json:"has_issues"`
	}
	switch f := s.GitHub.Into(ctx, &found, "look at a repository", http.MethodGet, "/repos/"+s.Repo, nil); {
	case f != nil && f.Fix != "":
		return f.Fix
	case f != nil:
		return "GitHub does not answer: " + f.Error()
	case !found.HasIssues:
		return "issues are switched off in the repository"
	}
	return ""
}
