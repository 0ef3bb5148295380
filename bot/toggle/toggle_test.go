package toggle_test

import (
	"bytes"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/toggle"
)

func TestSwitchesFollowWhatIsRead(t *testing.T) {
	var log bytes.Buffer
	var off []toggle.Feature
	var broken error
	now, reads := time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC), 0
	s, err := toggle.New(t.Context(), func() ([]toggle.Feature, error) { reads++; return off, broken }, func() time.Time { return now },
		slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	want := func(when string, want ...toggle.Feature) {
		t.Helper()
		if got := s.Off(t.Context()); !slices.Equal(got, want) {
			t.Errorf("%s: off are %v, want %v", when, got, want)
		}
	}
	want("at the start")
	off = []toggle.Feature{toggle.Uploads, toggle.Paging}
	want("within the second")
	now = now.Add(time.Second)
	want("a second later", toggle.Paging, toggle.Uploads)
	if reads != 2 {
		t.Errorf("read %d times, want once a second", reads)
	}
	broken, off = errors.New("no YAML"), nil
	for range 3 {
		now = now.Add(time.Minute)
		want("while it cannot be read", toggle.Paging, toggle.Uploads)
	}
	if s.Problem() == nil || strings.Count(log.String(), "no YAML") != 1 {
		t.Errorf("the problem is told %d times", strings.Count(log.String(), "no YAML"))
	}
	broken = nil
	now = now.Add(-time.Hour) // a clock that is set back
	want("once it can be read")
	if s.Problem() != nil {
		t.Error("the problem stays")
	}
	if !s.On(t.Context(), "something else") {
		t.Error("what nobody knows is on")
	}
}
