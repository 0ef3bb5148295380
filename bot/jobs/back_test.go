package jobs

import (
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/rollcall-bot/rollcall/bot"
)

func TestRoomsAreLookedAfterWhenTheClockIsSetBack(t *testing.T) {
	now := time.Date(2026, 3, 28, 14, 5, 0, 0, time.UTC)
	r := &Rooms{}
	for _, step := range []struct {
		ahead time.Duration
		due   bool
	}{{0, true}, {time.Second, false}, {-time.Hour, true}, {-time.Hour + time.Second, false}, {-time.Hour + roomsEvery, true}} {
		if got := r.due(now.Add(step.ahead)); got != step.due {
			t.Errorf("at %v rooms are looked after: %v", step.ahead, got)
		}
	}
}

func TestAJobThatIsPutOffWaitsLongerEachTime(t *testing.T) {
	for metadata, want := range map[string]int{``: 1, `{}`: 1, `{"snoozes":1}`: 2, `{"snoozes":5,"other":true}`: 6} {
		job := &river.Job[bot.PersonArgs]{JobRow: &rivertype.JobRow{Attempt: 1, Metadata: []byte(metadata)}}
		if got := tries(job); got != want {
			t.Errorf("%q is attempt %d, not %d", metadata, got, want)
		}
	}
}
