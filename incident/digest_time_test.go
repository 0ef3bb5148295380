package incident_test

import (
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

func TestTheDigestComesOnMondaysAtNine(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct{ after, want string }{
		{"2026-03-04T14:00:00Z", "2026-03-09T08:00:00Z"},
		{"2026-03-09T07:59:59Z", "2026-03-09T08:00:00Z"},
		{"2026-03-09T08:00:00Z", "2026-03-16T08:00:00Z"},
		{"2026-03-27T12:00:00Z", "2026-03-30T07:00:00Z"}, // clocks go forward between
		{"2026-10-23T12:00:00Z", "2026-10-26T08:00:00Z"}, // and back
		{"2026-12-31T23:30:00Z", "2027-01-04T08:00:00Z"},
	} {
		after, err := time.Parse(time.RFC3339, one.after)
		if err != nil {
			t.Fatal(err)
		}
		if got := incident.NextDigest(after, zone).Format(time.RFC3339); got != one.want {
			t.Errorf("after %s: %s, want %s", one.after, got, one.want)
		}
	}
}
