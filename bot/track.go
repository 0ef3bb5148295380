package bot

import (
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// TrackArgs is the job of keeping an action's issue up to date, or without an
// incident of looking at all that are open.
type TrackArgs struct {
	Incident incident.ID `json:"incident,omitempty"`
	Number   int         `json:"number,omitempty"` // of the action
	At       time.Time   `json:"at"`               // when it was decided
}

// Kind is "action.track".
func (TrackArgs) Kind() string { return "action.track" }
