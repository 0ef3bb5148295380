package jobs_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/rollcall-bot/rollcall/bot/playground/chaos"
	"github.com/rollcall-bot/rollcall/bot/playground/pagerfake"
)

// pagerFaults befall each operation twice in a row.
var pagerFaults = []pagerfake.Fault{
	{Kind: pagerfake.LostReply}, {Kind: pagerfake.Reset}, {Kind: pagerfake.Status}, {Kind: pagerfake.LimitedNo},
}

// secondWay is the Events API.
const secondWay = "POST /v2/enqueue"

// pageStory pages somebody, ends the incident, and returns what PagerDuty was asked.
func pageStory(t *testing.T, faults ...pagerfake.Fault) (operations []string, paged int) {
	t.Helper()
	p := newPaged(t)
	for _, f := range faults {
		p.account.Inject(f)
	}
	p.page()
	p.does(p.ana, p.channel(), "resolve")
	p.settled(p.id)
	seen := map[string]int{}
	for _, one := range p.account.Pages() {
		if seen[one.UserID]++; seen[one.UserID] > 1 {
			t.Errorf("%s was paged %d times", one.UserID, seen[one.UserID])
		}
	}
	for _, i := range p.account.Incidents() {
		if i.Status != pagerfake.Resolved {
			t.Errorf("over here, and there %q is %s", i.Title, i.Status)
		}
	}
	for _, c := range p.account.Calls("") {
		if !slices.Contains(operations, c.Name) {
			operations = append(operations, c.Name)
		}
	}
	return operations, len(p.account.Pages())
}

// TestPagerDutyFailsAtEachOperation takes a page from its beginning to its end while each
// operation of PagerDuty's fails in each way: somebody is paged, nobody twice, and
// what is over here is over there.
func TestPagerDutyFailsAtEachOperation(t *testing.T) {
	operations, _ := pageStory(t)
	operations = append(operations, secondWay)
	tried := 0
	for _, operation := range operations {
		for _, fault := range pagerFaults[:chaos.Count(1, len(pagerFaults))] {
			tried++
			t.Run(fmt.Sprint(operation, "/", fault.Kind), func(t *testing.T) {
				fault.Method, fault.Times = operation, 2
				faults := []pagerfake.Fault{fault}
				if operation == secondWay { // which is taken only when the first certainly did not page
					faults = append(faults, pagerfake.Fault{Method: "POST /incidents", Kind: pagerfake.Status, Code: 403})
				}
				if _, paged := pageStory(t, faults...); paged != 1 {
					t.Errorf("%d people were paged", paged)
				}
			})
		}
	}
	chaos.Figure{
		Program: "lost replies, resets, 500 and 429 at every operation of PagerDuty's", Seed: 0,
		Count:  fmt.Sprintf("%d tries: %d operations, %d kinds of fault", tried, len(operations), chaos.Count(1, len(pagerFaults))),
		Result: "each time one person paged, once; ended there too",
	}.Show(t)
}
