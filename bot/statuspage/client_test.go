package statuspage_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/playground/standin"
	"github.com/rollcall-bot/rollcall/bot/playground/statuspagefake"
	"github.com/rollcall-bot/rollcall/bot/statuspage"
)

const (
	pageID = "abcdef123456"
	key    = "0123456789-key"
)

// world is a page and somebody who writes to it.
type world struct {
	*testing.T
	page   *statuspagefake.Page
	client *statuspage.Client
}

func newWorld(t *testing.T, change ...func(*statuspage.Options)) *world {
	t.Helper()
	w := &world{T: t, page: statuspagefake.New(pageID, key, "c1", "c2")}
	o := statuspage.Options{
		Page: pageID, Key: key, APIURL: w.page.Start(t.Context()), Now: time.Now, Rest: time.Hour,
		Log: slog.New(slog.DiscardHandler),
	}
	for _, c := range change {
		c(&o)
	}
	var err error
	if w.client, err = statuspage.New(o); err != nil {
		t.Fatal(err)
	}
	return w
}

func notice(op, text string) outbound.Notice {
	return outbound.Notice{
		Op: op, Mark: "0190-7", Title: "Payments fail", Status: "investigating", Text: text, Components: map[string]string{"c1": "major_outage"},
	}
}

func (w *world) publish(n outbound.Notice) outbound.Noticed {
	w.Helper()
	got, err := w.client.Publish(w.Context(), n)
	if err != nil {
		w.Fatal(err)
	}
	return got
}

// failing publishes what must not succeed.
func (w *world) failing(n outbound.Notice) *outbound.Failure {
	w.Helper()
	_, err := w.client.Publish(w.Context(), n)
	f := outbound.FailureOf(err)
	if f == nil {
		w.Fatal("it was published")
	}
	if strings.Contains(f.Error()+f.Fix, key) || strings.Contains(f.Error()+f.Fix, n.Text) {
		w.Errorf("the failure tells a secret: %v %s", f, f.Fix)
	}
	return f
}

// shows says what everybody reads on the page.
func (w *world) shows(want ...string) {
	w.Helper()
	var got []string
	for _, i := range w.page.Incidents() {
		for _, u := range i.Updates {
			got = append(got, i.Name+" / "+u.Status+" / "+u.Text)
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		w.Errorf("the page shows\n%s\nit should show\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAnIncidentIsMadeUpdatedAndResolved(t *testing.T) {
	w := newWorld(t)
	w.page.Write("somebody else's")
	first := w.publish(notice("e1", "We look into it."))
	if first.Ref == "" || !strings.HasPrefix(first.URL, "https://stspg.io/") {
		t.Errorf("published as %+v", first)
	}
	if got := w.page.Component("c1"); got != "major_outage" {
		t.Errorf("the component is %s", got)
	}
	end := notice("e2", "It is over.")
	end.Ref, end.Status, end.Components = first.Ref, "resolved", map[string]string{"c1": "operational"}
	if got := w.publish(end); got != first {
		t.Errorf("resolved as %+v, published as %+v", got, first)
	}
	w.shows("Payments fail / investigating / We look into it.", "Payments fail / resolved / It is over.")
	if c1, c2 := w.page.Component("c1"), w.page.Component("c2"); c1 != "operational" || c2 != "operational" {
		t.Errorf("the components are %s and %s", c1, c2)
	}
}

func TestALostReplyPublishesNothingTwice(t *testing.T) {
	for _, lost := range []standin.Kind{standin.LostReply, standin.Garbled, standin.ErrorDone} {
		t.Run(string(lost), func(t *testing.T) {
			w := newWorld(t)
			w.page.Faults.Inject(statuspagefake.Fault{Method: "POST incidents", Kind: lost, Times: 1})
			n := notice("e1", "We look into it.")
			if f := w.failing(n); f.End != outbound.Unclear {
				t.Errorf("the failure is %v", f)
			}
			n.Again = true
			ref := w.publish(n).Ref

			w.page.Faults.Inject(statuspagefake.Fault{Method: "PATCH incident", Kind: lost, Times: 1})
			next := notice("e2", "We know why.")
			next.Ref, next.Status = ref, "identified"
			if f := w.failing(next); f.End != outbound.Unclear {
				t.Errorf("the failure is %v", f)
			}
			next.Again = true
			w.publish(next)
			w.shows("Payments fail / investigating / We look into it.", "Payments fail / identified / We know why.")
		})
	}
}

func TestAResolvedIncidentWhoseReplyWasLostIsFoundToo(t *testing.T) {
	w := newWorld(t)
	w.page.Faults.Inject(statuspagefake.Fault{Method: "POST incidents", Kind: standin.LostReply, Times: 1})
	n := notice("e1", "It was slow; it is over.")
	n.Status = "resolved"
	_ = w.failing(n) // how does not matter here
	w.publish(n)
	w.shows("Payments fail / resolved / It was slow; it is over.")
}

func TestAnIncidentThatSomebodyDeletedThereIsMadeAnew(t *testing.T) {
	w := newWorld(t)
	n := notice("e1", "We look into it.")
	ref := w.publish(n).Ref
	w.page.Delete(ref)
	w.page.Write("somebody else's") // takes its place in the list
	next := notice("e2", "We know why.")
	next.Ref = "p99999999999"
	w.publish(next)
	w.shows("Payments fail / investigating / We know why.")
	next.Again = true // and the reply was lost
	w.publish(next)
	w.shows("Payments fail / investigating / We know why.")
}

func TestHowItFailsSaysWhatToDo(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*statuspage.Options)
		notice func(*outbound.Notice)
		fault  statuspagefake.Fault
		end    outbound.End
		fix    string
	}{
		"a wrong key":          {change: func(o *statuspage.Options) { o.Key = "other" }, end: outbound.Refused, fix: "STATUSPAGE_API_KEY"},
		"a wrong page":         {change: func(o *statuspage.Options) { o.Page = "zzz" }, end: outbound.Refused, fix: "statuspage.page"},
		"an unknown component": {notice: func(n *outbound.Notice) { n.Components = map[string]string{"c9": "major_outage"} }, end: outbound.Refused, fix: "Component c9 is invalid"},
		"a key without rights": {fault: statuspagefake.Fault{Kind: standin.Status, Code: http.StatusForbidden}, end: outbound.Refused, fix: "may not write"},
		"too often":            {fault: statuspagefake.Fault{Kind: standin.Limited, RetryAfter: 7}, end: outbound.Delayed},
		"too often, as of old": {fault: statuspagefake.Fault{Kind: standin.LimitedNo}, end: outbound.Delayed},
		"a broken server":      {fault: statuspagefake.Fault{Kind: standin.Status}, end: outbound.NotDone},
		"a reset":              {fault: statuspagefake.Fault{Kind: standin.Reset}, end: outbound.NotDone},
		"a reset while writing": {
			fault: statuspagefake.Fault{Method: "POST incidents", Kind: standin.Reset}, end: outbound.Unclear,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(o *statuspage.Options) {
				if test.change != nil {
					test.change(o)
				}
			})
			if test.fault.Kind != "" {
				w.page.Faults.Inject(test.fault)
			}
			n := notice("e1", "We look into it.")
			if test.notice != nil {
				test.notice(&n)
			}
			f := w.failing(n)
			if f.End != test.end || !strings.Contains(f.Fix, test.fix) {
				t.Errorf("it ends %s: %q", f.End, f.Fix)
			}
			w.shows()
		})
	}
}

func TestAPageThatIsGoneIsLeftAlone(t *testing.T) {
	w := newWorld(t)
	w.page.Faults.SetDown(true)
	for range 5 {
		_ = w.failing(notice("e1", "We look into it.")) // how does not matter here
	}
	// Three failures are enough; one that finds its connection closed does not even reach it.
	if calls := w.page.Calls("GET unresolved"); calls < 1 || calls > 3 || !w.client.Open() {
		t.Errorf("%d calls reached a page that is gone; open %t", calls, w.client.Open())
	}
}

func TestLookNamesMissingComponents(t *testing.T) {
	w := newWorld(t)
	name, missing, err := w.client.Look(t.Context(), []string{"c1", "c9"})
	if err != nil || name != "Example" || strings.Join(missing, " ") != "c9" {
		t.Errorf("looked at %q, missing %v: %v", name, missing, err)
	}
}
