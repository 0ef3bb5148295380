package jobs

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

func TestCardsAreDrawnInTheOrderPeopleLookForThem(t *testing.T) {
	cards := []storage.Card{
		{Target: "task:T10", Wanted: 1},
		{Target: "task:T2", Wanted: 1},
		{Target: incident.TopicCard, Wanted: 2, Sent: 1},
		{Target: incident.AnnouncementCard, Wanted: 1},
		{Target: incident.BoardCard, Wanted: 3, Sent: 3},
		{Target: "decision:E4", Wanted: 1, Sent: storage.CardBegun},
		{Target: incident.SummaryCard, Wanted: 1},
	}
	for homeless, want := range map[bool][]incident.Card{
		false: {"summary", "announcement", "topic", "task:T2", "decision:E4", "task:T10"},
		true:  {"announcement", "summary", "topic", "task:T2", "decision:E4", "task:T10"},
	} {
		got := dirty(cards, homeless)
		if len(got) != len(want) {
			t.Fatalf("%d cards", len(got))
		}
		for n, c := range got {
			if c.Target != want[n] {
				t.Errorf("homeless %v: place %d has %s, not %s", homeless, n, c.Target, want[n])
			}
		}
	}
}

func TestWaitsGrowToAMinute(t *testing.T) {
	for failures, want := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 5: 16 * time.Second, 7: time.Minute, 1000: time.Minute} {
		if got := backoff("a", failures); got < want*8/10 || got >= want*12/10 {
			t.Errorf("after %d failures %v", failures, got)
		}
	}
	if backoff("a", 7) == backoff("b", 7) && backoff("a", 6) == backoff("b", 6) {
		t.Error("two incidents come back at the same moment")
	}
	var f failures
	if f.next("i") > 2*time.Second || f.next("i") < time.Second {
		t.Error("the waits of an incident do not grow")
	}
	if f.clear("i"); f.next("i") > 2*time.Second {
		t.Error("a success does not shorten the waits")
	}
}

func TestOnlyASlackThatIsNotThereHoldsUpTheRest(t *testing.T) {
	for _, c := range []struct {
		f    outbound.Failure
		gone bool
	}{
		{outbound.Failure{End: outbound.Delayed, Code: "unreachable"}, true},
		{outbound.Failure{End: outbound.Delayed, Code: "invalid_auth"}, true},
		{outbound.Failure{End: outbound.NotDone}, true},
		{outbound.Failure{End: outbound.Unclear}, true},
		{outbound.Failure{End: outbound.Delayed, Code: outbound.Limited}, false},
		{outbound.Failure{End: outbound.Delayed, Code: outbound.RateLimited}, false},
		{outbound.Failure{End: outbound.Unclear, Code: "internal_error"}, false},
		{outbound.Failure{End: outbound.NotDone, Code: "database"}, false},
	} {
		if got := gone(&c.f); got != c.gone {
			t.Errorf("%s %q: %v", c.f.End, c.f.Code, got)
		}
	}
}

func TestTheSpareNameIsAlwaysTheSame(t *testing.T) {
	i := &incident.Incident{ID: "0190A1B2-0000-7000-8000-0000000000FE", Identity: incident.Identity{Number: 42}}
	if got := spareName(i); got != "inc-42-00fe" {
		t.Fatalf("got %s", got)
	}
}
