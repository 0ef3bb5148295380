package outbound

import (
	"context"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// Paper is a published revision of an RFO on its way to where a copy is kept.
type Paper struct {
	Op       string // identity of the step, the same at every repeat
	Incident incident.ID
	Key      string // such as "INC-7"
	Title    string // "" of a private incident
	Name     string // of its file, such as "INC-7-checkout-is-down.md"
	Opened   time.Time
	Revision int
	At       time.Time // when the revision was published
	Text     PaperText
	Channel  string // Slack's id of the incident's channel; "" for none
	Last     string // where the copy was at last; "" for nowhere yet
	// Take keeps what people wrote into a copy that was found at the target, and
	// returns the paper that carries it.
	Take func(ctx context.Context, found []byte) (Paper, error)
}

// PaperText is what a paper says, in three forms.
type PaperText struct {
	Edition []byte // Markdown with marks around its regions, for places where people edit
	Plain   []byte // the same without marks
	JSON    []byte // for programs
}
