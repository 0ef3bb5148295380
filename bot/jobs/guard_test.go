package jobs_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
)

func TestAPanicCostsOneStepAndIsReported(t *testing.T) {
	w := newWorld(t)
	var mu sync.Mutex
	var reports []outbound.Trouble
	var left atomic.Int32
	left.Store(2)
	w.work(func(o *jobs.Options) {
		publish := o.Publish
		o.Publish = func(ctx context.Context, id incident.ID, revision int) (outbound.File, error) {
			if left.Add(-1) >= 0 {
				panic("canary: Checkout is down")
			}
			return publish(ctx, id, revision)
		}
		o.Report = func(trouble outbound.Trouble) {
			mu.Lock()
			defer mu.Unlock()
			reports = append(reports, trouble)
		}
	})
	id := w.open("Checkout is down")
	w.settled(id)
	w.add(id, incident.Effect{Kind: incident.Publish}, post(1))
	w.settled(id)
	if files := w.slack.Files(); len(files) != 1 {
		t.Errorf("%d files were shared", len(files))
	}
	mu.Lock()
	defer mu.Unlock()
	if len(reports) != 2 || reports[0].Kind != "step rfo.publish" || reports[0].Incident != id || len(reports[0].Stack) == 0 {
		t.Errorf("reported were %v", reports)
	}
	for _, r := range reports {
		r.Stack = nil // the test's own file stands in it
		if strings.Contains(strings.ToLower(fmt.Sprint(r)), "checkout") {
			t.Errorf("a report quotes what was typed: %v", r)
		}
	}
}
