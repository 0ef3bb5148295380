package incident_test

import (
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
)

// TestWhatANewerProgramUndidIsStillUnread: the numbers that it used are not known here, so nothing is decided.
func TestWhatANewerProgramUndidIsStillUnread(t *testing.T) {
	log := []incident.Record{
		incident.NewRecord(1, incident.Stamp{Command: "c1"}, incident.Opened{Number: 1, Title: "Checkout is down"}),
		incident.NewRecord(2, incident.Stamp{Command: "c2"}, incident.Unknown{Name: "poll.opened", Version: 1}),
		incident.NewRecord(3, incident.Stamp{Command: "c3"}, incident.Unknown{Name: "poll.closed", Version: 1}),
		incident.NewRecord(4, incident.Stamp{Command: "c4"}, incident.Undone{Command: "c2"}),
		incident.NewRecord(5, incident.Stamp{Command: "c5"}, incident.Undone{Command: "c3"}),
	}
	inc, err := incident.Fold("i1", log)
	if err != nil || inc.Trace.Unreadable != "poll.opened" {
		t.Errorf("unread is %q (%v)", inc.Trace.Unreadable, err)
	}
}
