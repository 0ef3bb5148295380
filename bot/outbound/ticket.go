package outbound

import (
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// Ticket is an action of an incident as a tracker is to show it.
type Ticket struct {
	Mark  string    // names the action; stands hidden in what is written, so that it is found
	Link  string    // of its issue; "" while none is known
	Since time.Time // its issue was not changed before, as long as Link is ""
	Title string    // one line of plain text
	Text  string    // Markdown
	State incident.ActionState
	Gone  bool // the action was taken back
}

// Ticketed is what became of it.
type Ticketed struct {
	Link   string // "" when there is no issue, and none is wanted
	Closed bool   // people closed it there as done while it is open here
}
